"""The body: how it is read, and how its fields come out of it.

`read_body` turns bytes into JSON, a form, or leaves them bytes; `request_body_to_args` takes the fields out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from email.message import Message
from functools import lru_cache, partial
from typing import Any

from pydantic.fields import FieldInfo
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.requests import Request

from vivace import params
from vivace.body_limits import BodyTooLarge, FormLimits, ungrouped
from vivace.dependencies.carried import MISSING
from vivace.dependencies.extract import take_each
from vivace.dependencies.forms import form_values
from vivace.dependencies.groups import models_of
from vivace.dependencies.single import default_or_missing
from vivace.exceptions import EndpointContext, HTTPException, RequestValidationError
from vivace.fields import Errors, ModelField, create_body_model, input_aliases, missing_error

_URLENCODED = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"


def should_embed(fields: Sequence[ModelField]) -> bool:
    """Whether the body is an object with a key for each field, rather than the one field itself."""
    if not fields:
        return False
    if len({f.name for f in fields}) > 1:
        return True
    info = fields[0].field_info
    if getattr(info, "embed", None):
        return True
    return isinstance(info, params.Form) and not models_of(fields[0])


def body_field_of(fields: Sequence[ModelField], name: str, embed: bool) -> ModelField | None:
    """The body as one field: the only one there is, or a model made of all of them."""
    if not fields:
        return None
    if not embed:
        return fields[0]
    model = create_body_model(fields, "Body_" + name)
    required = any(f.required for f in fields)
    default: dict[str, Any] = {} if required else {"default": None}
    return ModelField(_kind(fields)(annotation=model, alias="body", **default), name="body")


def _kind(fields: Sequence[ModelField]) -> Callable[..., FieldInfo]:
    """The marker of all fields together: one file makes a form multipart, one form field makes it a form."""
    infos = [field.field_info for field in fields]
    if any(isinstance(info, params.File) for info in infos):
        return params.File
    forms = [info for info in infos if isinstance(info, params.Form)]
    named = {info.media_type for info in forms or infos if isinstance(info, params.Body)}
    if forms:
        return partial(params.Form, media_type=_MULTIPART if _MULTIPART in named else _agreed(named, _URLENCODED))
    return partial(params.Body, media_type=_agreed(named, "application/json"))


def _agreed(named: set[str], usual: str) -> str:
    """The media type that all parts name; the usual one where they differ."""
    return next(iter(named)) if len(named) == 1 else usual


def is_form(field: ModelField) -> bool:
    return isinstance(field.field_info, params.Form)


@lru_cache(maxsize=256)
def is_json(content_type: str) -> bool:
    """`application/json` and `application/…+json`, whatever parameters follow."""
    message = Message()
    message["content-type"] = content_type
    if message.get_content_maintype() != "application":
        return False
    subtype = message.get_content_subtype()
    return subtype == "json" or subtype.endswith("+json")


async def read_body(request: Request, field: ModelField | None, strict: bool, limits: FormLimits) -> Any:
    """The body as JSON, form or bytes; MISSING where there is none.

    Raises:
        JSONDecodeError: it says that it is JSON, and is not; `json_invalid` makes the client's error of it.
        HTTPException: 400, it can't be read at all.
    """
    if field is None:
        return MISSING
    try:
        if is_form(field):
            return await request.form(**limits)
        return _decode(await request.body(), request.headers.get("content-type"), strict)
    except (json.JSONDecodeError, StarletteHTTPException):
        raise
    except Exception as error:
        if isinstance(ungrouped(error), BodyTooLarge):
            raise
        raise HTTPException(400, "There was an error parsing the body") from error


def _decode(body: bytes, content_type: str | None, strict: bool) -> Any:
    if not body:
        return MISSING
    if is_json(content_type) if content_type else not strict:
        return json.loads(body)
    return body


def json_invalid(error: json.JSONDecodeError, where: EndpointContext) -> RequestValidationError:
    detail = {
        "type": "json_invalid",
        "loc": ("body", error.pos),
        "msg": "JSON decode error",
        "input": {},
        "ctx": {"error": error.msg},
    }
    return RequestValidationError([detail], body=error.doc, endpoint_ctx=where)


async def request_body_to_args(
    body_fields: Sequence[ModelField], received_body: Any, embed_body_fields: bool
) -> tuple[dict[str, Any], Errors]:
    """The validated values of the body's fields by name, and the errors of the others."""
    if isinstance(received_body, FormData):
        return await form_values(body_fields, received_body)
    if len(body_fields) == 1 and not embed_body_fields:
        return _whole(body_fields[0], received_body)
    return take_each(body_fields, lambda field: _part(field, received_body))


def _whole(field: ModelField, body: Any) -> tuple[dict[str, Any], Errors]:
    if body is MISSING:
        value, errors = default_or_missing(field, ("body",))
    else:
        value, errors = field.validate(body, loc=("body",))
    return ({} if errors else {field.name: value}), errors


def _part(field: ModelField, body: Any) -> tuple[Any, Errors]:
    """One key of a JSON object. JSON of another kind lacks it, whatever the default; what is not JSON says nothing."""
    names = input_aliases(field)
    keys = body if isinstance(body, Mapping) else {}
    for name in names:
        if name in keys:
            return field.validate(keys[name], loc=("body", name))
    if body is not MISSING and not isinstance(body, Mapping | bytes):
        return None, [missing_error(("body", names[0]))]
    return default_or_missing(field, ("body", names[0]))
