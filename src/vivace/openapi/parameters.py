"""The Parameter Objects of an operation (OpenAPI 3.1.0, section 4.8.12)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import AliasChoices

from vivace.datastructures import _Unset
from vivace.dependencies import kinds
from vivace.dependencies.groups import model_aliases, models_of
from vivace.dependencies.models import Dependant
from vivace.fields import ModelField, input_aliases, model_fields_of
from vivace.openapi.schemas import Schemas

_PLACES = (
    ("path", "path_params"),
    ("query", "query_params"),
    ("header", "header_params"),
    ("cookie", "cookie_params"),
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One name in one place of the request.

    Attributes:
        place: OpenAPI's `in`.
        name: as the request has it.
        label: the name that its title is made of.
        shown: whether the document mentions it.
    """

    place: str
    name: str
    label: str
    field: ModelField
    required: bool
    shown: bool

    def as_object(self, schemas: Schemas) -> dict[str, Any]:
        """The parameter for the document."""
        info = self.field.field_info
        made: dict[str, Any] = {"name": self.name, "in": self.place, "required": self.required}
        made["schema"] = schemas.of(self.field, self.label)
        if info.description:
            made["description"] = info.description
        made |= examples_of(info)
        if info.deprecated:
            made["deprecated"] = True
        return made


def parameters_of(dependants: Iterable[Dependant]) -> list[Parameter]:
    """All parameters of a dependency graph; those that come in one model are taken apart."""
    nodes = list(dependants)
    return [
        part
        for place, fields in _PLACES
        for node in nodes
        for field in getattr(node, fields)
        for part in _parts(place, field, node.path or "")
    ]


def parameter_objects(parameters: Iterable[Parameter], schemas: Schemas) -> list[dict[str, Any]]:
    """One object for each name in a place. Of several the last counts, a required one before others."""
    chosen: dict[tuple[str, str], Parameter] = {}
    for parameter in parameters:
        key = parameter.place, parameter.name
        if parameter.shown and (parameter.required or key not in chosen or not chosen[key].required):
            chosen[key] = parameter
    return [parameter.as_object(schemas) for parameter in chosen.values()]


def examples_of(info: Any) -> dict[str, Any]:
    """What a parameter or a body says for example, beside its schema."""
    named = getattr(info, "openapi_examples", None)
    if named:
        return {"examples": named}
    single = getattr(info, "example", None)
    return {} if single is None or single is _Unset else {"example": single}


def _parts(place: str, field: ModelField, path: str) -> Iterator[Parameter]:
    info = field.field_info
    shown = getattr(info, "include_in_schema", True)
    models = models_of(field)
    if not models:
        name = _name_in_path(field, path) if place == "path" else input_aliases(field)[0]
        yield Parameter(place, name, name, field, field.required, shown)
        return
    may_be_absent = not field.required and kinds.is_optional(info.annotation)
    hyphens = getattr(info, "convert_underscores", False)
    for part in model_fields_of(models[0]):
        label = model_aliases(part, models[0])[0]
        name = _hyphenated(label, part) if hyphens else label
        yield Parameter(place, name, label, part, part.required and not may_be_absent, shown)


def _hyphenated(name: str, field: ModelField) -> str:
    """A header's name, where it is the field's own and not one of its choices."""
    alias = field.field_info.validation_alias
    chosen = isinstance(alias, AliasChoices) and name in alias.choices
    return name if name != field.name or chosen else name.replace("_", "-")


def _name_in_path(field: ModelField, path: str) -> str:
    """Which of its names the path has."""
    names = [*input_aliases(field), field.alias, field.name]
    return next((name for name in names if f"{{{name}}}" in path), names[0])
