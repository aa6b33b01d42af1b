"""What wraps Pydantic, under FastAPI's names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic.errors import PydanticSchemaGenerationError

from vivace.dependencies import kinds
from vivace.fields import Loc, ModelField, Undefined, create_body_model, missing_error
from vivace.fields import model_fields_of as get_cached_model_fields

__all__ = [
    "ModelField",
    "PydanticSchemaGenerationError",
    "RequiredParam",
    "Undefined",
    "create_body_model",
    "get_cached_model_fields",
    "get_missing_field_error",
    "is_scalar_field",
    "serialize_sequence_value",
]

RequiredParam = Undefined
get_model_fields = get_cached_model_fields


def is_scalar_field(field: ModelField) -> bool:
    return kinds.is_scalar(field.field_info.annotation)


def get_missing_field_error(loc: Loc) -> dict[str, Any]:
    return missing_error(loc)


def serialize_sequence_value(*, field: ModelField, value: Any) -> Sequence[Any]:
    """The values in the concrete type that the annotation names."""
    made: Sequence[Any] = kinds.sequence_type(field.field_info.annotation)(value)
    return made
