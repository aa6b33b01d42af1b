"""Any value as something that `json.dumps` takes: `jsonable_encoder`.

The rules are asked in order; the first whose type fits decides (`_RULES`). Then `ENCODERS_BY_TYPE`, which programs
may extend, and last whatever can be made a dict.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import importlib
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from decimal import Decimal
from enum import Enum
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network
from pathlib import Path, PurePath
from re import Pattern
from types import GeneratorType
from typing import Annotated, Any
from uuid import UUID

from annotated_doc import Doc
from pydantic import BaseModel
from pydantic.networks import AnyUrl, NameEmail
from pydantic.types import SecretBytes, SecretStr
from pydantic_core import PydanticUndefinedType, Url

from vivace.exceptions import PydanticV1NotSupportedError
from vivace.types import IncEx

Encoder = Callable[[Any], Any]


def isoformat(o: dt.date | dt.time) -> str:
    """ISO 8601."""
    return o.isoformat()


def decimal_encoder(dec_value: Decimal) -> int | float:
    """An int where the number has no fraction part in its notation (`Decimal("1")`, not `Decimal("1.0")`)."""
    exponent = dec_value.as_tuple().exponent
    whole = isinstance(exponent, int) and exponent >= 0  # NaN and infinities have a letter for an exponent
    return int(dec_value) if whole else float(dec_value)


def _color_types() -> list[type[Any]]:
    """Pydantic's `Color`, of which there are two; the newer one is in a package of its own."""
    found = []
    for module in ("pydantic.color", "pydantic_extra_types.color"):
        with suppress(ImportError):
            found.append(importlib.import_module(module).Color)
    return found


# How single values are written. A program may add its own: `ENCODERS_BY_TYPE[ObjectId] = str`.
ENCODERS_BY_TYPE: dict[type[Any], Encoder] = {
    bytes: lambda o: o.decode(),
    dt.date: isoformat,
    dt.datetime: isoformat,
    dt.time: isoformat,
    dt.timedelta: lambda o: o.total_seconds(),
    Decimal: decimal_encoder,
    Enum: lambda o: o.value,
    Pattern: lambda o: o.pattern,
    **dict.fromkeys((frozenset, deque, GeneratorType, set), list),
    **dict.fromkeys((IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network), str),
    **dict.fromkeys((Path, UUID, NameEmail, SecretBytes, SecretStr, Url, AnyUrl, *_color_types()), str),
}


def generate_encoders_by_class_tuples(
    type_encoder_map: Mapping[type[Any], Encoder],
) -> dict[Encoder, tuple[type[Any], ...]]:
    """The same table the other way round, for `isinstance`: which classes each encoder is for."""
    classes: dict[Encoder, tuple[type[Any], ...]] = defaultdict(tuple)
    for type_, encoder in type_encoder_map.items():
        classes[encoder] += (type_,)
    return classes


encoders_by_class_tuples = generate_encoders_by_class_tuples(ENCODERS_BY_TYPE)


@dataclasses.dataclass(frozen=True, slots=True)
class _Options:
    """What the caller of `jsonable_encoder` asked for."""

    include: Any
    exclude: Any
    by_alias: bool
    exclude_unset: bool
    exclude_defaults: bool
    exclude_none: bool
    custom_encoder: dict[Any, Encoder]
    sqlalchemy_safe: bool

    def below(self) -> _Options:
        """For what lies deeper: `include` and `exclude` name keys of the outermost object."""
        if self.include is None and self.exclude is None:
            return self
        return dataclasses.replace(self, include=None, exclude=None)


def jsonable_encoder(  # noqa: PLR0917  # positional in FastAPI
    obj: Annotated[Any, Doc("The value.")],
    include: Annotated[IncEx | None, Doc("Only these fields of the outermost object.")] = None,
    exclude: Annotated[IncEx | None, Doc("Without these fields of the outermost object.")] = None,
    by_alias: Annotated[bool, Doc("Name the fields of models by their alias.")] = True,
    exclude_unset: Annotated[bool, Doc("Without the fields of models that nobody has set.")] = False,
    exclude_defaults: Annotated[bool, Doc("Without the fields of models that equal their default.")] = False,
    exclude_none: Annotated[bool, Doc("Without whatever is None, at any depth.")] = False,
    custom_encoder: Annotated[
        dict[Any, Callable[[Any], Any]] | None, Doc("Encoders by type, asked before all others.")
    ] = None,
    sqlalchemy_safe: Annotated[bool, Doc("Without keys that begin with `_sa`: SQLAlchemy's own.")] = True,
) -> Any:
    """Turn anything into dicts, lists, strings, numbers, booleans and None.

    Raises:
        ValueError: the value can't be read as a mapping and has no attributes; holds both reasons.
        PydanticV1NotSupportedError: it is a model of `pydantic.v1`.
    """
    options = _Options(
        include=_as_set(include),
        exclude=_as_set(exclude),
        by_alias=by_alias,
        exclude_unset=exclude_unset,
        exclude_defaults=exclude_defaults,
        exclude_none=exclude_none,
        custom_encoder=custom_encoder or {},
        sqlalchemy_safe=sqlalchemy_safe,
    )
    return _encode(obj, options)


def _as_set(names: Any) -> Any:
    """Lists of names do, too."""
    return names if names is None or isinstance(names, (set, dict)) else set(names)


def _encode(obj: Any, options: _Options) -> Any:
    encoder = _custom_encoder(obj, options.custom_encoder)
    if encoder is not None:
        return encoder(obj)
    if type(obj) in _PLAIN:
        return obj
    for type_, rule in _RULES:
        if isinstance(obj, type_):
            return rule(obj, options)
    if dataclasses.is_dataclass(obj) and not isinstance(obj, type):
        return _encode(dataclasses.asdict(obj), options)
    encoder = _builtin_encoder(obj)
    return encoder(obj) if encoder is not None else _encode(_as_dict(obj), options)


def _custom_encoder(obj: Any, encoders: dict[Any, Encoder]) -> Encoder | None:
    """That for exactly this type, or else the first for one of its bases."""
    if not encoders or type(obj) in encoders:
        return encoders.get(type(obj))
    return next((encoder for type_, encoder in encoders.items() if isinstance(obj, type_)), None)


def _builtin_encoder(obj: Any) -> Encoder | None:
    """What a program adds to `ENCODERS_BY_TYPE` stands for exactly its type, as in FastAPI."""
    if type(obj) in ENCODERS_BY_TYPE:
        return ENCODERS_BY_TYPE[type(obj)]
    return next((encoder for encoder, types in encoders_by_class_tuples.items() if isinstance(obj, types)), None)


def _model(obj: BaseModel, options: _Options) -> Any:
    dumped = obj.model_dump(
        mode="json",
        include=options.include,
        exclude=options.exclude,
        by_alias=options.by_alias,
        exclude_unset=options.exclude_unset,
        exclude_defaults=options.exclude_defaults,
        exclude_none=options.exclude_none,
    )
    return _encode(dumped, dataclasses.replace(options.below(), custom_encoder={}))


def _mapping(obj: dict[Any, Any], options: _Options) -> dict[Any, Any]:
    below = options.below()
    return {
        _encode(key, below): _encode(value, below)
        for key, value in obj.items()
        if _wanted(key, options)
        and not (value is None and options.exclude_none)
        and not (options.sqlalchemy_safe and isinstance(key, str) and key.startswith("_sa"))
    }


def _wanted(key: Any, options: _Options) -> bool:
    if options.include is not None and key not in options.include:
        return False
    return not (options.exclude and key in options.exclude)


def _sequence(obj: Iterable[Any], options: _Options) -> list[Any]:
    return [_encode(item, options) for item in obj]


def _as_dict(obj: Any) -> dict[str, Any]:
    if _is_pydantic_v1(obj):
        raise PydanticV1NotSupportedError(
            f"pydantic.v1 models are no longer supported by FastAPI. Please update the model {obj!r}."
        )
    errors: list[Exception] = []
    for read in (dict, vars):
        try:
            return dict(read(obj))
        except Exception as error:  # noqa: BLE001  # the object's own code: whatever it raises, we ask the other way
            errors.append(error)
    raise ValueError(errors) from errors[-1]


def _is_pydantic_v1(obj: Any) -> bool:
    return any(f"{base.__module__}.{base.__name__}" == "pydantic.v1.main.BaseModel" for base in type(obj).__mro__)


Rule = Callable[[Any, _Options], Any]

_PLAIN = frozenset({str, int, float, bool, type(None)})  # most leaves of most values: spared the walk through the rules

_RULES: tuple[tuple[type[Any] | tuple[type[Any], ...], Rule], ...] = (
    (BaseModel, _model),
    (Enum, lambda obj, _: obj.value),
    (PurePath, lambda obj, _: str(obj)),
    ((str, int, float, type(None)), lambda obj, _: obj),
    (PydanticUndefinedType, lambda *_: None),
    (dict, _mapping),
    ((list, set, frozenset, GeneratorType, tuple, deque), _sequence),
)
