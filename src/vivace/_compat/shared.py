"""Questions about types, under FastAPI's names."""

from __future__ import annotations

from typing import Any

from pydantic import VERSION

from vivace.dependencies.kinds import (
    SEQUENCE_MAKERS,
    is_class,
    is_sequence_value,
)
from vivace.dependencies.kinds import is_bytes as is_bytes_or_nonable_bytes_annotation
from vivace.dependencies.kinds import is_bytes_sequence as is_bytes_sequence_annotation
from vivace.dependencies.kinds import is_scalar as field_annotation_is_scalar
from vivace.dependencies.kinds import is_scalar_sequence as field_annotation_is_scalar_sequence
from vivace.dependencies.kinds import is_sequence as field_annotation_is_sequence
from vivace.dependencies.kinds import is_upload as is_uploadfile_or_nonable_uploadfile_annotation
from vivace.dependencies.kinds import is_upload_sequence as is_uploadfile_sequence_annotation

__all__ = [
    "PYDANTIC_VERSION",
    "PYDANTIC_VERSION_MINOR_TUPLE",
    "field_annotation_is_complex",
    "field_annotation_is_scalar",
    "field_annotation_is_scalar_sequence",
    "field_annotation_is_sequence",
    "is_bytes_or_nonable_bytes_annotation",
    "is_bytes_sequence_annotation",
    "is_uploadfile_or_nonable_uploadfile_annotation",
    "is_uploadfile_sequence_annotation",
    "lenient_issubclass",
    "sequence_annotation_to_type",
    "sequence_types",
    "value_is_sequence",
]

PYDANTIC_VERSION = VERSION
PYDANTIC_VERSION_MINOR_TUPLE = tuple(int(part) for part in VERSION.split(".")[:2])

sequence_annotation_to_type = SEQUENCE_MAKERS
sequence_types = tuple(SEQUENCE_MAKERS)
value_is_sequence = is_sequence_value


def field_annotation_is_complex(annotation: Any) -> bool:
    return not field_annotation_is_scalar(annotation)


def lenient_issubclass(cls: Any, class_or_tuple: Any) -> bool:
    return is_class(cls, class_or_tuple)
