"""Fields that stand for several inputs: a model whose fields are parameters, or form fields, of their own."""

from __future__ import annotations

from pydantic import AliasChoices, BaseModel, Json

from vivace import params
from vivace.dependencies import kinds
from vivace.fields import ModelField, input_aliases


def models_of(field: ModelField) -> list[type[BaseModel]]:
    """The models whose fields these are: one, or in a form those of a union. None for a field that is one input."""
    if any(marker is Json or type(marker) is Json for marker in field.field_info.metadata):
        return []
    found = [m for m in kinds.members(field.field_info.annotation) if m is not type(None)]
    alone = len(found) == 1 or isinstance(field.field_info, params.Form)
    return found if alone and all(kinds.is_class(m, BaseModel) for m in found) else []


def model_aliases(field: ModelField, model: type[BaseModel]) -> list[str]:
    """The names by which a model takes its field: aliases, and its own name where the configuration lets it."""
    config = model.model_config
    if config.get("validate_by_alias") is False:
        return [field.name]
    names = input_aliases(field)
    if config.get("populate_by_name") or config.get("validate_by_name"):
        names = [*names, field.name]
    return list(dict.fromkeys(names))


def name_in_request(field: ModelField, model: type[BaseModel], *, hyphens: bool) -> str:
    """The first of these names as a request has it: a header's with hyphens, unless it was chosen as it is."""
    name = model_aliases(field, model)[0]
    alias = field.field_info.validation_alias
    chosen = isinstance(alias, AliasChoices) and name in alias.choices
    return name.replace("_", "-") if hyphens and name == field.name and not chosen else name
