"""Values out of what a request carries: path, query, headers and cookies, field by field.

The slow and obvious statement of the rules: each field is looked up, defaulted and validated by itself, and
every error is collected. The compiled plan takes another way and is held against this one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from vivace import params
from vivace.dependencies.carried import MISSING, Carried
from vivace.dependencies.groups import models_of, take_group
from vivace.dependencies.single import take_one, takes_list
from vivace.fields import Errors, ModelField

__all__ = ["MISSING", "request_params_to_args", "take_each", "takes_list"]


def request_params_to_args(
    fields: Sequence[ModelField], received_params: Mapping[str, Any]
) -> tuple[dict[str, Any], Errors]:
    """The validated values of `fields` by name, and the errors of those that have none."""
    if not fields:
        return {}, []
    carried = Carried.of(received_params)
    return take_each(fields, lambda field: _take(field, carried))


def _take(field: ModelField, carried: Carried) -> tuple[Any, Errors]:
    assert isinstance(field.field_info, params.Param)
    take = take_group if models_of(field) else take_one
    return take(field, carried, field.field_info.in_.value)


def take_each(
    fields: Iterable[ModelField], take: Callable[[ModelField], tuple[Any, Errors]]
) -> tuple[dict[str, Any], Errors]:
    """`take` over all fields: values by name, and every error."""
    values: dict[str, Any] = {}
    errors: Errors = []
    for field in fields:
        value, found = take(field)
        if found:
            errors.extend(found)
        else:
            values[field.name] = value
    return values, errors
