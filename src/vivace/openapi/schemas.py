"""The JSON schemas of all fields of a document, from one run of Pydantic's generator.

One run, because Pydantic tells two models of one name apart, and the input of a model from its output, only among what
it is given at once.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Any, get_args

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode
from pydantic_core import CoreSchema, core_schema

from vivace.fields import ModelField
from vivace.openapi.constants import REF_PREFIX, REF_TEMPLATE

JsonSchema = dict[str, Any]
Input = tuple[Any, JsonSchemaMode, CoreSchema]


class Schemas:
    """Every field's schema, and the definitions that they refer to.

    Args:
        fields: whatever the document mentions. The order decides which of two models of one name is `__1`.
        separate: whether a model that reads and writes differently has two schemas, or the one that it reads.

    Attributes:
        definitions: by name, for `#/components/schemas`.
    """

    def __init__(self, fields: Iterable[ModelField], *, separate: bool = True) -> None:
        self._separate = separate
        modes: dict[ModelField, JsonSchemaMode] = {field: self._mode(field) for field in fields}
        inputs: list[Input] = [(field, mode, field.core_schema) for field, mode in modes.items()]
        inputs.extend((model, mode, TypeAdapter(model).core_schema) for model, mode in self._models_below(modes))
        found, definitions = Generator(ref_template=REF_TEMPLATE).generate_definitions(inputs)
        self._found = {key: schema for (key, _), schema in found.items() if isinstance(key, ModelField)}
        self.definitions: dict[str, JsonSchema] = {
            name: _described_briefly(definition) for name, definition in definitions.items()
        }

    def of(self, field: ModelField, name: str | None = None) -> JsonSchema:
        """The field's schema. Where it is not that of a model it has a title, by default made of the field's name."""
        schema = self._found[field]
        if "$ref" in schema:
            return schema
        if name is None:
            name = field.validation_alias or field.alias
        return {**schema, "title": field.field_info.title or titled(name)}

    def referred(self, schema: JsonSchema) -> JsonSchema:
        """The definition that `{"$ref": ...}` means."""
        return self.definitions[_name(schema)]

    def define(self, schema: JsonSchema, definition: JsonSchema) -> None:
        """Let `{"$ref": ...}` mean another definition. It is put into Pydantic's order, as all are."""
        self.definitions[_name(schema)] = Generator().sort(definition)

    def _mode(self, field: ModelField) -> JsonSchemaMode:
        if self._separate or field.mode == "validation":
            return field.mode
        own = field.core_schema.get("schema", {}).get("computed_fields")
        return "serialization" if own or _computes(field.type_) else "validation"

    def _models_below(self, modes: dict[ModelField, JsonSchemaMode]) -> Iterator[tuple[type[Any], JsonSchemaMode]]:
        """The models that fields of models name, once for each mode: shown even if no schema refers to them."""
        seen: dict[str, set[type[Any]]] = {"validation": set(), "serialization": set()}
        direct = {field.type_ for field in modes if inspect.isclass(field.type_)}
        for field, mode in modes.items():
            for model in _reachable(field.type_, seen[mode]):
                if model not in direct:
                    yield model, mode if self._separate or _computes(model) else "validation"


class Generator(GenerateJsonSchema):
    """Pydantic's generator; bytes are said as JSON Schema 2020-12 says them, not in OpenAPI 3.0's way."""

    def bytes_schema(self, schema: core_schema.BytesSchema) -> JsonSchema:
        """A string that holds bytes, as `contentMediaType` and `contentEncoding` (Validation, section 8) tell."""
        made = {"type": "string", "contentMediaType": "application/octet-stream"}
        reading = self.mode == "validation"
        if (self._config.val_json_bytes if reading else self._config.ser_json_bytes) == "base64":
            made["contentEncoding"] = "base64"
        self.update_with_validations(made, schema, self.ValidationsMapping.bytes)
        return made


def _name(reference: JsonSchema) -> str:
    name: str = reference["$ref"]
    return name.removeprefix(REF_PREFIX)


def titled(name: str) -> str:
    """`"item_id"` gives `"Item Id"`."""
    return name.title().replace("_", " ")


def _described_briefly(definition: JsonSchema) -> JsonSchema:
    """Without what a docstring says after a form feed: that is for the readers of the code."""
    if "description" not in definition:
        return definition
    return {**definition, "description": definition["description"].partition("\f")[0]}


def _computes(annotation: Any) -> bool:
    """Whether a value goes out with more than came in: a model in it has computed fields."""
    return any(issubclass(m, BaseModel) and m.model_computed_fields for m in _reachable(annotation, set()))


def _reachable(annotation: Any, seen: set[type[Any]]) -> Iterator[type[Any]]:
    """The models and enumerations that an annotation names, directly, in its arguments, or by fields of models."""
    if not inspect.isclass(annotation) or get_args(annotation):
        for argument in get_args(annotation):
            yield from _reachable(argument, seen)
    elif issubclass(annotation, BaseModel | Enum) and annotation not in seen:
        seen.add(annotation)
        yield annotation
        for field in getattr(annotation, "model_fields", {}).values():
            yield from _reachable(field.annotation, seen)
