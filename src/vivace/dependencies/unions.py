"""A form that is one of several models: each of them takes its values by itself, when Pydantic comes to try it.

Which values are lists, and which empty strings mean nothing, differs from model to model: it can't be settled before
the union's validation. Each member of the union gets a validator that settles it, under its own name in errors.
"""

from __future__ import annotations

from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, Tag

from vivace.dependencies import kinds
from vivace.dependencies.forms import CarriedForm
from vivace.dependencies.groups import gather


def shaped(annotation: Any) -> Any:
    """The annotation of a form parameter, made ready if it is a union of models."""
    found = [member for member in kinds.members(annotation) if member is not type(None)]
    if len(found) < 2 or not all(kinds.is_class(member, BaseModel) for member in found):
        return annotation
    return _shaped(annotation)


def _shaped(annotation: Any) -> Any:
    if get_origin(annotation) is Annotated:
        inner, *extras = get_args(annotation)
        if kinds.is_class(inner, BaseModel):
            return Annotated[_member(inner), *extras]
        return Annotated[_shaped(inner), *extras]
    if get_origin(annotation) in (Union, UnionType):
        return Union[tuple(_shaped(member) for member in get_args(annotation))]  # noqa: UP007  # of what is known only here
    return _member(annotation) if kinds.is_class(annotation, BaseModel) else annotation


def _member(model: type[BaseModel]) -> Any:
    def take_values(values: Any) -> Any:
        return gather(model, CarriedForm.flat(values)).values if isinstance(values, dict) else values

    return Annotated[model, BeforeValidator(take_values), Tag(model.__name__)]
