"""Parameters taken as one: a model each of whose fields is looked up by itself.

A path, query, header, cookie or form parameter of type `Model` is such a group, and one of `Model | None` outside the
path; a form takes unions of models as well (see `unions.py`). What no field of the model has taken goes to it as extra
values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import BaseModel

from vivace import params
from vivace.dependencies import kinds
from vivace.dependencies.carried import MISSING, Carried
from vivace.dependencies.single import default_or_missing, is_json_string, takes_list
from vivace.fields import Errors, ModelField, input_aliases, model_fields_of


def models_of(field: ModelField) -> list[type[BaseModel]]:
    """The models of a group, most often one; none for a field that is no group."""
    in_path = isinstance(field.field_info, params.Path)
    if is_json_string(field) or (in_path and kinds.is_optional(field.field_info.annotation)):
        return []
    found = [m for m in kinds.members(field.field_info.annotation) if m is not type(None)]
    alone = len(found) == 1 or isinstance(field.field_info, params.Form)
    return found if alone and all(kinds.is_class(m, BaseModel) for m in found) else []


def take_group(field: ModelField, carried: Carried, place: str) -> tuple[Any, Errors]:
    """The validated group. Only where it may be None does its default stand in for it when nothing of it came."""
    models = models_of(field)
    nullable = kinds.is_optional(field.field_info.annotation)
    if nullable and not any(came(model, carried, _convert(field)) for model in models):
        return default_or_missing(field, (place,))
    if len(models) > 1:  # each model takes its values by itself, inside the union's validation
        return field.validate(carried.loose(), loc=(place,))
    gathered = gather(models[0], carried, _convert(field))
    value, errors = field.validate(gathered.values, loc=(place,))
    return value, [gathered.respell(error) for error in errors]


def _convert(field: ModelField) -> bool:
    return bool(getattr(field.field_info, "convert_underscores", False))


@dataclass(slots=True)
class Gathered:
    """The values for one model, and the names under which the client knows them."""

    values: dict[str, Any]
    spelt: dict[str, str]

    def respell(self, error: dict[str, Any]) -> dict[str, Any]:
        """The error under the name that came, or that should have come."""
        place, *below = error["loc"]
        if below:
            below[0] = self.spelt.get(below[0], below[0])
        return {**error, "loc": (place, *below)}


def gather(model: type[BaseModel], carried: Carried, convert: bool = False) -> Gathered:
    """The values of the model's fields, each under the first of its names that came, and all others as extras."""
    values: dict[str, Any] = {}
    spelt: dict[str, str] = {}  # stays empty where the client is told the model's own names
    by_alias = model.model_config.get("loc_by_alias") is not False
    used: set[str] = set()
    for field, names in _names(model, convert):
        for key, name in names:
            if by_alias:
                spelt.setdefault(key, name)
            if name != key:
                used.add(key)  # the model would take it, but that is not how it is spelt here
        for key, name in names:
            known = carried.known(name)
            if known is None:
                continue
            used.add(known)
            value = carried.get(name, several=takes_list(field))
            if value is not MISSING:
                values[key] = value
                break
    return Gathered({**values, **carried.loose(besides=used)}, spelt)


def came(model: type[BaseModel], carried: Carried, convert: bool = False) -> bool:
    """Whether anything came that the model takes, or minds."""
    if any(carried.known(name) is not None for _, names in _names(model, convert) for _, name in names):
        return True
    return model.model_config.get("extra", "ignore") != "ignore" and bool(carried.loose())


@lru_cache(maxsize=1024)
def _names(model: type[BaseModel], convert: bool) -> list[tuple[ModelField, list[tuple[str, str]]]]:
    """Each field with its names, as the model knows them and as the request has them: ("x_id", "x-id")."""
    return [(field, list(_pairs(field, model, convert))) for field in model_fields_of(model)]


def _pairs(field: ModelField, model: type[BaseModel], convert: bool) -> Iterator[tuple[str, str]]:
    aliases = _aliases(field, model)
    yield from ((alias, alias) for alias in aliases)
    if field.name not in aliases and field.name in model_aliases(field, model):
        yield field.name, field.name.replace("_", "-") if convert else field.name


def model_aliases(field: ModelField, model: type[BaseModel]) -> list[str]:
    """The names by which the model takes its field: aliases, and its own name where the configuration lets it."""
    aliases, config = _aliases(field, model), model.model_config
    by_name = not aliases or config.get("populate_by_name") or config.get("validate_by_name")
    return list(dict.fromkeys([*aliases, field.name])) if by_name else aliases


def _aliases(field: ModelField, model: type[BaseModel]) -> list[str]:
    """The names that the model gives to the field besides its own."""
    info = field.field_info
    named = info.alias is not None or info.validation_alias is not None
    return input_aliases(field) if named and model.model_config.get("validate_by_alias") is not False else []
