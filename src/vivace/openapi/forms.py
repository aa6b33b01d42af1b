"""The schema of a form whose fields are those of several models, or of a model that may be left out.

Such models don't stand in properties of their own: each is one condition (`allOf`) on the fields of the whole form.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pydantic import AliasChoices, BaseModel, create_model

from vivace import params
from vivace.dependencies import kinds
from vivace.dependencies.groups import model_aliases, models_of
from vivace.fields import ModelField, input_aliases, model_fields_of
from vivace.openapi.schemas import JsonSchema, Schemas, titled

_NULL = {"type": "null"}


def is_composed(fields: Sequence[ModelField]) -> bool:
    """Whether these body parameters make such a form."""
    groups = [field for field in fields if _is_group(field)]
    different = {(field.name, str(field.type_)) for field in fields}
    return bool(groups) and (len(different) > 1 or any(kinds.is_optional(field.type_) for field in groups))


class ComposedForm:
    """The form of a route, as a definition of its own.

    Args:
        name: of the definition.
        fields: the body parameters of the whole dependency graph, in order.
    """

    def __init__(self, name: str, fields: Sequence[ModelField]) -> None:
        self._parts = fields
        # Holds the name among all others, so that Pydantic tells it from another of the same name.
        self._whole = ModelField(params.Form(annotation=create_model(name)), name)

    @property
    def fields(self) -> list[ModelField]:
        """What needs schemas."""
        return [*self._parts, self._whole]

    def schema(self, schemas: Schemas) -> JsonSchema:
        """A reference to the form's definition, which is put where it belongs."""
        reference = schemas.of(self._whole)
        schemas.define(reference, self._definition(schemas))
        only = schemas.of(self._parts[0]) if len(self._parts) == 1 else {}
        return {**reference, "default": only["default"]} if "default" in only else reference

    def _definition(self, schemas: Schemas) -> JsonSchema:
        conditions: list[JsonSchema] = []
        properties: JsonSchema = {}
        required: list[str] = []
        for field in self._parts:
            name = input_aliases(field)[0]
            if _is_group(field):
                conditions += _group(field, schemas)
                continue
            if name in properties:  # one input read in two ways must fit both
                conditions.append({"properties": {name: _labelled(field, schemas)}})
            properties.setdefault(name, _labelled(field, schemas))
            if field.required and name not in required:
                required.append(name)
        made = {"allOf": conditions, "properties": properties, "required": required}
        return {"type": "object", "title": self._whole.name} | {key: value for key, value in made.items() if value}


def _is_group(field: ModelField) -> bool:
    return isinstance(field.field_info, params.Form) and bool(models_of(field))


def _group(field: ModelField, schemas: Schemas) -> list[JsonSchema]:
    """The conditions that a group of fields puts on the form."""
    present = _present(field, schemas)
    if not kinds.is_optional(field.type_):
        return [present]
    absent = _absent(models_of(field))
    return [{"not": absent}, present] if field.required else [{"anyOf": [absent, present]}]


def _present(field: ModelField, schemas: Schemas) -> JsonSchema:
    """The schema of the field without what stands for its absence: null, and the default."""
    schema = {key: value for key, value in _labelled(field, schemas).items() if key != "default"}
    if kinds.is_optional(field.type_):
        schema["anyOf"] = [choice for choice in schema["anyOf"] if choice != _NULL]
    models = models_of(field)
    if len(models) > 1:
        return schema
    if "anyOf" in schema:
        return {**schema, "anyOf": [_as_form(choice, models[0], schemas) for choice in schema["anyOf"]]}
    return _as_form(schema, models[0], schemas)


def _absent(models: Iterable[type[BaseModel]]) -> JsonSchema:
    """What a form is like in which nothing belongs to any of the models."""
    if any(model.model_config.get("extra", "ignore") != "ignore" for model in models):
        return {"maxProperties": 0}
    names = {name for model in models for field in model_fields_of(model) for name in model_aliases(field, model)}
    return {"not": {"anyOf": [{"required": [name]} for name in sorted(names)]}} if names else {}


def _labelled(field: ModelField, schemas: Schemas) -> JsonSchema:
    """The field's schema with the title that the field has as a part of something."""
    schema = schemas.of(field)
    title = field.field_info.title or titled(field.name)
    if "$ref" in schema and (_is_group(field) or schemas.referred(schema).get("title") == title):
        return schema
    return {**schema, "title": title}


def _as_form(schema: JsonSchema, model: type[BaseModel], schemas: Schemas) -> JsonSchema:
    """The model as a form carries it: a required field may come by any of its names.

    A reference stays one where the model's definition says it all.
    """
    if "$ref" not in schema:
        return schema
    definition = schemas.referred(schema)
    properties = dict(definition.get("properties", {}))
    required = list(definition.get("required", []))
    alternatives: list[JsonSchema] = []
    for field in model_fields_of(model):
        names = model_aliases(field, model)
        shown = next((name for name in _shown_names(field) if name in properties), names[0])
        if shown not in names:
            properties = {names[0] if key == shown else key: value for key, value in properties.items()}
            required = [names[0] if key == shown else key for key in required]
        elif len(names) > 1 and shown in required:
            required.remove(shown)
            alternatives.append({"anyOf": [{"required": [name]} for name in names]})
    if not alternatives and properties == definition.get("properties", {}):
        return schema
    spelled = {**definition, "properties": properties, "required": required}
    if alternatives:
        spelled["allOf"] = [*definition.get("allOf", []), *alternatives]
    return spelled | {key: value for key, value in schema.items() if key != "$ref"}


def _shown_names(field: ModelField) -> Iterator[str]:
    """The keys under which Pydantic may show a model's field."""
    alias = field.field_info.validation_alias
    choices = alias.choices if isinstance(alias, AliasChoices) else [alias]
    yield from (choice for choice in choices if isinstance(choice, str))
    yield field.alias
    yield field.name
