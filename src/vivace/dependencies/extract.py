"""Values out of what a request carries: path, query, headers and cookies, field by field.

The slow and obvious statement of the rules: each field is looked up, defaulted and validated by itself, and
every error is collected. The compiled plan takes another way and is held against this one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, Json
from starlette.datastructures import Headers, ImmutableMultiDict

from vivace import params
from vivace.dependencies import kinds
from vivace.fields import Errors, Loc, ModelField, input_aliases, missing_error, model_fields_of

Received = Mapping[str, Any]
MISSING: Any = object()


def request_params_to_args(
    fields: Sequence[ModelField], received: Received
) -> tuple[dict[str, Any], Errors]:
    """The validated values of `fields` by name, and the errors of those that have none."""
    values: dict[str, Any] = {}
    errors: Errors = []
    for field in fields:
        model = kinds.model_of(field.field_info.annotation)
        take = _take_one if model is None else _take_model
        value, found = take(field, received)
        if found:
            errors.extend(found)
        else:
            values[field.name] = value
    return values, errors


def _take_one(field: ModelField, received: Received) -> tuple[Any, Errors]:
    place = _place(field)
    for alias in input_aliases(field):
        value = look_up(field, received, alias)
        if value is not MISSING:
            return field.validate(value, loc=(place, alias))
    return default_or_missing(field, (place, input_aliases(field)[0]))


def default_or_missing(field: ModelField, loc: Loc) -> tuple[Any, Errors]:
    if not field.required:
        return default_of(field), []
    return None, [missing_error(loc)]


def default_of(field: ModelField) -> Any:
    if field.field_info.validate_default:
        value, errors = field.validate(field.get_default())
        return value if not errors else field.get_default()
    return field.get_default()


def look_up(field: ModelField, received: Received, alias: str) -> Any:
    """The string, or the list of strings where the field takes several; MISSING where there is none."""
    if takes_list(field) and isinstance(received, ImmutableMultiDict | Headers):
        values = received.getlist(alias)
        return values if values else MISSING
    return received.get(alias, MISSING)


def takes_list(field: ModelField) -> bool:
    """Whether repeated values make one list; a JSON string that holds a list is one string."""
    info = field.field_info
    return kinds.is_sequence(info.annotation) and not any(_is_json(m) for m in info.metadata)


def _is_json(marker: Any) -> bool:
    return marker is Json or isinstance(marker, Json)


def _place(field: ModelField) -> str:
    info = field.field_info
    assert isinstance(info, params.Param)
    return info.in_.value


def _take_model(field: ModelField, received: Received) -> tuple[Any, Errors]:
    """A group of parameters: the model's fields by their names, what else came along as extras."""
    model = kinds.model_of(field.field_info.annotation)
    assert model is not None
    place = _place(field)
    data, spelt, extras = gather(model, field, received)
    nothing = not data and (not extras or model.model_config.get("extra", "ignore") == "ignore")
    if nothing and not field.required:
        return default_of(field), []
    if nothing and kinds.is_optional(field.field_info.annotation):
        return None, [missing_error((place,))]
    value, errors = field.validate({**data, **extras}, loc=(place,))
    return value, [_respell(e, spelt) for e in errors]


def gather(
    model: type[BaseModel], field: ModelField, received: Received
) -> tuple[dict[str, Any], dict[str, str], dict[str, Any]]:
    """`(data for the model, its keys -> the names as received, extras)`."""
    convert = getattr(field.field_info, "convert_underscores", False)
    data: dict[str, Any] = {}
    spelt: dict[str, str] = {}
    used: set[str] = set()
    for sub in model_fields_of(model):
        for alias in _model_aliases(sub, model):
            wire_name = alias.replace("_", "-") if convert and alias == sub.name else alias
            spelt[alias] = wire_name
            value = look_up(sub, received, wire_name)
            if value is not MISSING:
                data[alias] = value
                used.add(_fold(wire_name, received))
                break
    return data, spelt, _extras(received, used)


def _model_aliases(field: ModelField, model: type[BaseModel]) -> list[str]:
    """The names of a model's field, its own name among them where the model may be populated by name."""
    names = input_aliases(field)
    config = model.model_config
    if config.get("populate_by_name") or config.get("validate_by_name"):
        names = [*names, field.name]
    return list(dict.fromkeys(names))


def _fold(name: str, received: Received) -> str:
    return name.lower() if isinstance(received, Headers) else name


def _extras(received: Received, used: Iterable[str]) -> dict[str, Any]:
    grouped: dict[str, list[Any]] = {}
    items = received.multi_items() if isinstance(received, ImmutableMultiDict) else received.items()
    for key, value in items:
        grouped.setdefault(key, []).append(value)
    return {k: v[0] if len(v) == 1 else v for k, v in grouped.items() if k not in set(used)}


def _respell(error: dict[str, Any], spelt: Mapping[str, str]) -> dict[str, Any]:
    """The error under the name that the client knows."""
    place, *rest = error["loc"]
    if rest and rest[0] in spelt:
        rest[0] = spelt[rest[0]]
    return {**error, "loc": (place, *rest)}
