"""Form fields and files: strings, uploads and models of them out of `FormData`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.datastructures import FormData, UploadFile

from vivace import params
from vivace.dependencies import kinds
from vivace.dependencies.carried import MISSING, Carried
from vivace.dependencies.groups import models_of, take_group
from vivace.dependencies.single import default_or_missing, find
from vivace.fields import Errors, ModelField


class CarriedForm(Carried):
    """A form's values.

    An input left empty comes as an empty string, and no chosen file as one without a name: neither is a value.
    In a list of strings an empty one is.
    """

    def get(self, name: str, *, several: bool) -> Any:
        value = super().get(name, several=several)
        if isinstance(value, list):
            chosen = [item for item in value if not is_placeholder(item)]
            return chosen if chosen or not value else MISSING
        return MISSING if value == "" or is_placeholder(value) else value


def is_placeholder(value: Any) -> bool:
    """Whether it is what a browser sends for a file input where no file was chosen."""
    return isinstance(value, UploadFile) and not value.filename and not value.size


async def form_values(fields: Sequence[ModelField], form: FormData) -> tuple[dict[str, Any], Errors]:
    """The validated values of the form's fields by name, and the errors of the others."""
    carried = CarriedForm.of(form)
    values: dict[str, Any] = {}
    errors: Errors = []
    for field in fields:
        value, found = take_group(field, carried, "body") if models_of(field) else await _one(field, carried)
        if found:
            errors.extend(found)
        else:
            values[field.name] = value
    return values, errors


async def _one(field: ModelField, carried: Carried) -> tuple[Any, Errors]:
    name, value = find(field, carried)
    if value is MISSING:
        return default_or_missing(field, ("body", name))
    if isinstance(field.field_info, params.File):
        value = await _content(field, value)
    return field.validate(value, loc=("body", name))


async def _content(field: ModelField, value: Any) -> Any:
    """What the upload holds, for a parameter that wants bytes."""
    annotation = field.field_info.annotation
    if kinds.is_bytes(annotation) and isinstance(value, UploadFile):
        return await read_file(value)
    if kinds.is_bytes_sequence(annotation) and isinstance(value, list):
        return [await read_file(item) if isinstance(item, UploadFile) else item for item in value]
    return value


async def read_file(file: UploadFile) -> bytes:
    """All from the current position on; the position stays, for others who take the same upload."""
    position = file.file.tell()
    try:
        return await file.read()
    finally:
        await file.seek(position)
