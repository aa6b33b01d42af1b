"""Form fields and files: strings, uploads and models of them out of `FormData`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.datastructures import FormData, UploadFile

from vivace import params
from vivace.dependencies import kinds
from vivace.dependencies.extract import MISSING, default_or_missing, gather, look_up
from vivace.fields import Errors, ModelField, input_aliases


async def form_values(fields: Sequence[ModelField], form: FormData) -> tuple[dict[str, Any], Errors]:
    """The validated values of the form's fields by name, and the errors of the others."""
    if len(fields) == 1 and kinds.model_of(fields[0].field_info.annotation) is not None:
        return _model(fields[0], form)
    values: dict[str, Any] = {}
    errors: Errors = []
    for field in fields:
        value, found = await _one(field, form)
        if found:
            errors.extend(found)
        else:
            values[field.name] = value
    return values, errors


async def _one(field: ModelField, form: FormData) -> tuple[Any, Errors]:
    aliases = input_aliases(field)
    for alias in aliases:
        value = look_up(field, form, alias)
        if value is not MISSING and not _left_empty(field, value):
            return field.validate(await _bytes(field, value), loc=("body", alias))
    return default_or_missing(field, ("body", aliases[0]))


def _left_empty(field: ModelField, value: Any) -> bool:
    """A browser sends an empty string for an input left empty, and a nameless file for none chosen."""
    if isinstance(field.field_info, params.File):
        return value == "" or (isinstance(value, UploadFile) and not value.filename)
    return bool(value == "" or value == [])


async def _bytes(field: ModelField, value: Any) -> Any:
    """`bytes` parameters declared as File get the upload's content."""
    if not isinstance(field.field_info, params.File):
        return value
    annotation = field.field_info.annotation
    if kinds.is_bytes(annotation) and isinstance(value, UploadFile):
        return await value.read()
    if kinds.is_bytes_sequence(annotation):
        return [await v.read() if isinstance(v, UploadFile) else v for v in value]
    return value


def _model(field: ModelField, form: FormData) -> tuple[dict[str, Any], Errors]:
    model = kinds.model_of(field.field_info.annotation)
    assert model is not None
    data, _, extras = gather(model, field, form)
    data = {k: v for k, v in data.items() if v != ""}
    if not data and not extras and not field.required:
        return {field.name: field.get_default()}, []
    value, errors = field.validate({**data, **extras}, loc=("body",))
    return ({} if errors else {field.name: value}), errors
