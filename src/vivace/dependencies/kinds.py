"""What an annotation is to HTTP: one string, several strings, a document, a file, a model of parameters.

Pure questions about types. Unions are what their members are; `Annotated` and type aliases are looked through.
"""

from __future__ import annotations

import inspect
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from starlette.datastructures import UploadFile
from typing_extensions import TypeAliasType

_SEQUENCES = (list, set, frozenset, tuple, deque, Sequence)
_NOT_SEQUENCES = (str, bytes)
SEQUENCE_MAKERS: dict[type, type] = {
    Sequence: list,
    list: list,
    tuple: tuple,
    set: set,
    frozenset: frozenset,
    deque: deque,
}


def is_class(annotation: Any, of: type | tuple[type, ...]) -> bool:
    """`issubclass` for anything an annotation can be; a parametrised generic is its origin."""
    return inspect.isclass(annotation) and get_origin(annotation) is None and issubclass(annotation, of)


def plain(annotation: Any) -> Any:
    """The annotation without `Annotated` and type aliases around it."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif isinstance(annotation, TypeAliasType):
            annotation = annotation.__value__
        elif isinstance(get_origin(annotation), TypeAliasType):
            alias = get_origin(annotation)
            annotation = alias.__value__[get_args(annotation)]
        else:
            return annotation


def members(annotation: Any) -> Iterator[Any]:
    """The alternatives of a union, flattened; the annotation itself where it is none."""
    annotation = plain(annotation)
    if get_origin(annotation) in (Union, UnionType):
        for arg in get_args(annotation):
            yield from members(arg)
    else:
        yield annotation


def is_sequence(annotation: Any) -> bool:
    return any(_one_sequence(m) for m in members(annotation))


def _one_sequence(annotation: Any) -> bool:
    base = get_origin(annotation) or annotation
    return is_class(base, _SEQUENCES) and not is_class(base, _NOT_SEQUENCES)


def is_scalar(annotation: Any) -> bool:
    """Whether one string can carry it."""
    return annotation is ... or not any(_one_complex(m) for m in members(annotation))


def _one_complex(annotation: Any) -> bool:
    base = get_origin(annotation) or annotation
    return is_class(base, (BaseModel, Mapping, UploadFile)) or _one_sequence(annotation) or is_dataclass(base)


def is_scalar_sequence(annotation: Any) -> bool:
    """Whether repeated strings can carry it; in a union the members that are no sequence must be scalars."""
    found = False
    for member in members(annotation):
        if _one_sequence(member):
            found = True
            if not all(arg is ... or is_scalar(arg) for arg in get_args(member)):
                return False
        elif _one_complex(member):
            return False
    return found


def is_optional(annotation: Any) -> bool:
    return any(m is type(None) for m in members(annotation))


def model_of(annotation: Any) -> type[BaseModel] | None:
    """The model of `Model` or `Model | None`: a group of parameters taken as one."""
    found = [m for m in members(annotation) if m is not type(None)]
    return found[0] if len(found) == 1 and is_class(found[0], BaseModel) else None


def is_upload(annotation: Any) -> bool:
    return any(is_class(m, UploadFile) for m in members(annotation))


def is_upload_sequence(annotation: Any) -> bool:
    return _sequence_of(annotation, UploadFile)


def is_bytes(annotation: Any) -> bool:
    return any(is_class(m, bytes) for m in members(annotation))


def is_bytes_sequence(annotation: Any) -> bool:
    return _sequence_of(annotation, bytes)


def _sequence_of(annotation: Any, kind: type) -> bool:
    for member in members(annotation):
        if _one_sequence(member) and all(_holds(arg, kind) for arg in get_args(member)):
            return True
    return False


def _holds(annotation: Any, kind: type) -> bool:
    return annotation is ... or any(is_class(m, kind) for m in members(annotation))


def sequence_type(annotation: Any) -> type:
    """The concrete type that collects repeated values: of the first sequence among a union's members."""
    for member in members(annotation):
        base = get_origin(member) or member
        if _one_sequence(member):
            return next((make for kind, make in SEQUENCE_MAKERS.items() if base is kind), list)
    return list


def is_sequence_value(value: Any) -> bool:
    return isinstance(value, _SEQUENCES) and not isinstance(value, _NOT_SEQUENCES)
