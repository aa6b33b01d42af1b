"""One field looked up by itself: its value, or its default, or the error that it is missing."""

from __future__ import annotations

from typing import Any

from pydantic import Json

from vivace.dependencies import kinds
from vivace.dependencies.carried import MISSING, Carried
from vivace.fields import Errors, Loc, ModelField, input_aliases, missing_error


def take_one(field: ModelField, carried: Carried, place: str) -> tuple[Any, Errors]:
    """The validated value under the first of the field's names that came, or what stands in for it."""
    name, value = find(field, carried)
    if value is MISSING:
        return default_or_missing(field, (place, name))
    return field.validate(value, loc=(place, name))


def find(field: ModelField, carried: Carried) -> tuple[str, Any]:
    """`(name, value)` under the first of the field's names that came; the value is MISSING where none did."""
    names = input_aliases(field)
    several = takes_list(field)
    for name in names:
        value = carried.get(name, several=several)
        if value is not MISSING and not (several and len(value) == 0):  # a name that was repeated no times
            return name, value
    return names[0], MISSING


def takes_list(field: ModelField) -> bool:
    """Whether repeated values make one list; a JSON string that holds a list is one string."""
    return kinds.is_sequence(field.field_info.annotation) and not is_json_string(field)


def is_json_string(field: ModelField) -> bool:
    kind: Any = Json
    return any(marker is kind or isinstance(marker, kind) for marker in field.field_info.metadata)


def default_or_missing(field: ModelField, loc: Loc) -> tuple[Any, Errors]:
    """What stands in for a value that did not come."""
    if field.required:
        return None, [missing_error(loc)]
    if field.field_info.validate_default:
        return field.validate(field.get_default(), loc=loc)
    return field.get_default(), []
