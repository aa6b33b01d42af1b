"""The Schema Object: JSON Schema 2020-12, one class for each vocabulary, and what OpenAPI adds to it.

The order of the fields is the order of the keywords in the document.
"""

# No docstrings here: they would become descriptions in the JSON schemas of these models.
# ruff: noqa: N815  # keywords are spelled as in the specification

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AnyUrl, BaseModel, Field
from typing_extensions import deprecated as typing_deprecated

from vivace.openapi.base import BaseModelWithConfig

SchemaType = Literal["array", "boolean", "integer", "null", "number", "object", "string"]
Count = Annotated[int | None, Field(ge=0)]


class Reference(BaseModel):
    ref: str = Field(alias="$ref")


class Discriminator(BaseModel):
    propertyName: str
    mapping: dict[str, str] | None = None


class XML(BaseModelWithConfig):
    name: str | None = None
    namespace: str | None = None
    prefix: str | None = None
    attribute: bool | None = None
    wrapped: bool | None = None


class ExternalDocumentation(BaseModelWithConfig):
    description: str | None = None
    url: AnyUrl


# JSON Schema Core, section 8.
class CoreKeywords(BaseModelWithConfig):
    schema_: str | None = Field(default=None, alias="$schema")
    vocabulary: str | None = Field(default=None, alias="$vocabulary")
    id: str | None = Field(default=None, alias="$id")
    anchor: str | None = Field(default=None, alias="$anchor")
    dynamicAnchor: str | None = Field(default=None, alias="$dynamicAnchor")
    ref: str | None = Field(default=None, alias="$ref")
    dynamicRef: str | None = Field(default=None, alias="$dynamicRef")
    defs: dict[str, SchemaOrBool] | None = Field(default=None, alias="$defs")
    comment: str | None = Field(default=None, alias="$comment")


# JSON Schema Core, sections 10 and 11: keywords that apply subschemas.
class ApplicatorKeywords(CoreKeywords):
    allOf: list[SchemaOrBool] | None = None
    anyOf: list[SchemaOrBool] | None = None
    oneOf: list[SchemaOrBool] | None = None
    not_: SchemaOrBool | None = Field(default=None, alias="not")
    if_: SchemaOrBool | None = Field(default=None, alias="if")
    then: SchemaOrBool | None = None
    else_: SchemaOrBool | None = Field(default=None, alias="else")
    dependentSchemas: dict[str, SchemaOrBool] | None = None
    prefixItems: list[SchemaOrBool] | None = None
    # A boolean here, too: `items: false` closes a tuple.
    items: SchemaOrBool | None = None
    contains: SchemaOrBool | None = None
    properties: dict[str, SchemaOrBool] | None = None
    patternProperties: dict[str, SchemaOrBool] | None = None
    additionalProperties: SchemaOrBool | None = None
    propertyNames: SchemaOrBool | None = None
    unevaluatedItems: SchemaOrBool | None = None
    unevaluatedProperties: SchemaOrBool | None = None


# JSON Schema Validation, section 6.
class ValidationKeywords(ApplicatorKeywords):
    type: SchemaType | list[SchemaType] | None = None
    enum: list[Any] | None = None
    const: Any | None = None
    multipleOf: float | None = Field(default=None, gt=0)
    maximum: float | None = None
    exclusiveMaximum: float | None = None
    minimum: float | None = None
    exclusiveMinimum: float | None = None
    maxLength: Count = None
    minLength: Count = None
    pattern: str | None = None
    maxItems: Count = None
    minItems: Count = None
    uniqueItems: bool | None = None
    maxContains: Count = None
    minContains: Count = None
    maxProperties: Count = None
    minProperties: Count = None
    required: list[str] | None = None
    dependentRequired: dict[str, set[str]] | None = None


# JSON Schema Validation, sections 7 to 9: what describes and does not refuse.
class AnnotationKeywords(ValidationKeywords):
    format: str | None = None
    contentEncoding: str | None = None
    contentMediaType: str | None = None
    contentSchema: SchemaOrBool | None = None
    title: str | None = None
    description: str | None = None
    default: Any | None = None
    deprecated: bool | None = None
    readOnly: bool | None = None
    writeOnly: bool | None = None
    examples: list[Any] | None = None


# OpenAPI 3.1.0, section 4.8.24.
class Schema(AnnotationKeywords):
    discriminator: Discriminator | None = None
    xml: XML | None = None
    externalDocs: ExternalDocumentation | None = None
    example: Annotated[
        Any | None,
        typing_deprecated(
            "Deprecated in OpenAPI 3.1.0 that now uses JSON Schema 2020-12, although still supported."
            " Use examples instead."
        ),
    ] = None


SchemaOrBool = Schema | bool
