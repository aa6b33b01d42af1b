"""FastAPI's names from the time when it bridged two versions of Pydantic: other packages still import them from here.

Nothing of ours does. `shared` has the questions about types, `v2` what wraps Pydantic.
"""

from pydantic_core import Url as Url

from vivace._compat.shared import (
    PYDANTIC_VERSION_MINOR_TUPLE,
    field_annotation_is_scalar,
    field_annotation_is_scalar_sequence,
    field_annotation_is_sequence,
    is_bytes_or_nonable_bytes_annotation,
    is_bytes_sequence_annotation,
    is_uploadfile_or_nonable_uploadfile_annotation,
    is_uploadfile_sequence_annotation,
    lenient_issubclass,
    sequence_types,
    value_is_sequence,
)
from vivace._compat.v2 import (
    ModelField,
    PydanticSchemaGenerationError,
    RequiredParam,
    Undefined,
    create_body_model,
    get_cached_model_fields,
    get_missing_field_error,
    is_scalar_field,
    serialize_sequence_value,
)

__all__ = [
    "PYDANTIC_VERSION_MINOR_TUPLE",
    "ModelField",
    "PydanticSchemaGenerationError",
    "RequiredParam",
    "Undefined",
    "Url",
    "create_body_model",
    "field_annotation_is_scalar",
    "field_annotation_is_scalar_sequence",
    "field_annotation_is_sequence",
    "get_cached_model_fields",
    "get_missing_field_error",
    "is_bytes_or_nonable_bytes_annotation",
    "is_bytes_sequence_annotation",
    "is_scalar_field",
    "is_uploadfile_or_nonable_uploadfile_annotation",
    "is_uploadfile_sequence_annotation",
    "lenient_issubclass",
    "sequence_types",
    "serialize_sequence_value",
    "value_is_sequence",
]
