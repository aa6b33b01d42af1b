"""What a path operation yields, as bytes: one line of JSON Lines, or one server-sent event."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel
from starlette.types import Scope

from vivace.encoders import jsonable_encoder
from vivace.operation.operation import Operation
from vivace.operation.serialize import filters_of, validated
from vivace.sse import ServerSentEvent, format_sse_event

Encode = Callable[[Any], bytes]


def line_of(operation: Operation, scope: Scope) -> Encode:
    """Items as lines of JSON (jsonlines.org)."""
    as_json = json_of(operation, scope)
    return lambda item: as_json(item) + b"\n"


def event_of(operation: Operation, scope: Scope) -> Encode:
    """Items as events. What is an event already is not validated: its data may be anything."""
    as_json = json_of(operation, scope)

    def event(item: Any) -> bytes:
        if not isinstance(item, ServerSentEvent):
            return format_sse_event(data_str=as_json(item).decode())
        data = item.raw_data if item.data is None else _data(item.data)
        return format_sse_event(data_str=data, event=item.event, id=item.id, retry=item.retry, comment=item.comment)

    return event


def _data(data: Any) -> str:
    """The data of an event that was made by hand. A model writes itself: by field names, without spaces."""
    return data.model_dump_json() if isinstance(data, BaseModel) else any_json(data).decode()


def json_of(operation: Operation, scope: Scope) -> Encode:
    """Items as JSON: through the declared item type, where there is one.

    Raises:
        ResponseValidationError: when called with an item that does not fit it.
    """
    field = operation.stream_item_field
    if field is None:
        return any_json
    filters = filters_of(operation)
    return lambda item: field.serialize_json(validated(field, item, operation, scope), **filters)


def any_json(item: Any) -> bytes:
    """Any value as JSON. Numbers that JSON does not have (NaN, infinities) are null."""
    data = jsonable_encoder(item)
    try:
        return json.dumps(data, allow_nan=False).encode()
    except ValueError:
        return json.dumps(_finite(data)).encode()


def _finite(data: Any) -> Any:
    if isinstance(data, float):
        return data if math.isfinite(data) else None
    if isinstance(data, list):
        return [_finite(item) for item in data]
    if isinstance(data, dict):
        return {key: _finite(value) for key, value in data.items()}
    return data
