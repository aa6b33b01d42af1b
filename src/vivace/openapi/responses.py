"""The Responses Object of an operation (OpenAPI 3.1.0, section 4.8.16)."""

from __future__ import annotations

import http.client
import inspect
from copy import deepcopy
from functools import lru_cache
from typing import Any

from starlette.responses import JSONResponse, Response

from vivace.datastructures import DefaultPlaceholder
from vivace.dependencies.kinds import is_class
from vivace.openapi.constants import REF_PREFIX
from vivace.openapi.schemas import JsonSchema, Schemas
from vivace.operation.operation import Operation
from vivace.utils import deep_dict_update, is_body_allowed_for_status_code

_RANGES = {
    "1XX": "Information",
    "2XX": "Success",
    "3XX": "Redirection",
    "4XX": "Client Error",
    "5XX": "Server Error",
    "default": "Default Response",
}
_JSON = "application/json"

# The answer to an invalid request, and the statuses that may have been declared for it.
REFUSAL = {
    "description": "Validation Error",
    "content": {_JSON: {"schema": {"$ref": REF_PREFIX + "HTTPValidationError"}}},
}
_REFUSED = {"422", "4XX", "default"}

_EVENT: JsonSchema = {
    "type": "object",
    "properties": {
        "data": {"type": "string"},
        "event": {"type": "string"},
        "id": {"type": "string"},
        "retry": {"type": "integer", "minimum": 0},
    },
}

validation_error_definition: JsonSchema = {
    "title": "ValidationError",
    "type": "object",
    "properties": {
        "loc": {"title": "Location", "type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]}},
        "msg": {"title": "Message", "type": "string"},
        "type": {"title": "Error Type", "type": "string"},
        "input": {"title": "Input"},
        "ctx": {"title": "Context", "type": "object"},
    },
    "required": ["loc", "msg", "type"],
}
validation_error_response_definition: JsonSchema = {
    "title": "HTTPValidationError",
    "type": "object",
    "properties": {
        "detail": {"title": "Detail", "type": "array", "items": {"$ref": REF_PREFIX + "ValidationError"}},
    },
}


def responses_of(route: Operation, schemas: Schemas) -> dict[str, Any]:
    """By status: the successful response, and those that the route declares."""
    responses = {status_of(route): _successful(route, schemas)}
    for status, declared in route.responses.items():
        _add(responses, route, status, declared, schemas)
    return responses


def says_how_it_refuses(route: Operation) -> bool:
    """Whether the route declares what answers an invalid request, so that `REFUSAL` need not be told."""
    return not _REFUSED.isdisjoint([status_of(route), *map(_key, route.responses)])


def status_of(route: Operation) -> str:
    """The route's status, or the one that its response class begins with."""
    if route.status_code is not None:
        return str(route.status_code)
    renders: Any = response_class(route)
    return _first_status(renders)


@lru_cache(maxsize=256)
def _first_status(of: Any) -> str:
    parameter = inspect.signature(of.__init__).parameters.get("status_code")
    return str(parameter.default) if parameter is not None and isinstance(parameter.default, int) else "200"


def response_class(route: Operation) -> type[Response]:
    """The class that renders the route's result."""
    chosen = route.response_class
    return chosen.value if isinstance(chosen, DefaultPlaceholder) else chosen


def _successful(route: Operation, schemas: Schemas) -> dict[str, Any]:
    made: dict[str, Any] = {"description": route.response_description}
    if is_body_allowed_for_status_code(route.status_code):
        made |= _content(route, schemas)
    return made


def _content(route: Operation, schemas: Schemas) -> dict[str, Any]:
    if route.is_sse_stream:
        return {"content": {"text/event-stream": {"itemSchema": _event(route, schemas)}}}
    if route.is_json_stream:
        item = schemas.of(route.stream_item_field) if route.stream_item_field else {}
        return {"content": {"application/jsonl": {"itemSchema": item}}}
    media_type = response_class(route).media_type
    if not media_type:
        return {}
    schema: JsonSchema = {"type": "string"}
    if is_class(response_class(route), JSONResponse):
        schema = schemas.of(route.response_field) if route.response_field else {}
    return {"content": {media_type: {"schema": schema}}}


def _event(route: Operation, schemas: Schemas) -> JsonSchema:
    """A server-sent event; where it is known what the route yields, its data is that, as JSON."""
    if route.stream_item_field is None:
        return _EVENT
    data = {"contentMediaType": _JSON, "contentSchema": schemas.of(route.stream_item_field)}
    properties = _EVENT["properties"]
    return {**_EVENT, "properties": {**properties, "data": {**properties["data"], **data}}, "required": ["data"]}


def _add(
    responses: dict[str, Any], route: Operation, status: int | str, declared: dict[str, Any], schemas: Schemas
) -> None:
    """Merge what the route says of a status into what is known of it."""
    key = _key(status)
    added = deepcopy({name: value for name, value in declared.items() if name != "model"})
    field = route.response_fields.get(status)
    if field is not None:
        media_type = response_class(route).media_type or _JSON
        deep_dict_update(added, {"content": {media_type: {"schema": schemas.of(field)}}})
    known = responses[key] = deepcopy(responses.get(key, {}))  # parts of it are other operations', too
    description = added.get("description") or _RANGES.get(key) or known.get("description") or _phrase(key)
    deep_dict_update(known, added)
    known["description"] = description


def _key(status: int | str) -> str:
    """The status as OpenAPI writes it.

    Raises:
        ValueError: it is none.
    """
    text = str(status).upper()
    key = "default" if text == "DEFAULT" else text
    if key not in _RANGES and not key.isdecimal():
        raise ValueError(f"{status!r} in `responses` is not a status: that is a number, a range ('4XX') or 'default'")
    return key


def _phrase(status: str) -> str:
    """RFC 9110's words for the status."""
    return http.client.responses.get(int(status), "Additional Response")
