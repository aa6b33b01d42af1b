"""What span and log processors may read of the request that they are called for, while it is handled."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from annotated_doc import Doc
from starlette.requests import Request
from starlette.websockets import WebSocket

from vivace.telemetry.observer import CONTEXT_KEY

if TYPE_CHECKING:
    from opentelemetry.context import Context


@dataclass(kw_only=True)
class TelemetryData:
    """One request or connection, filled in as it is handled. For reading only; none of it is exported by itself.

    It holds what clients have sent, passwords included: take from it what you want exported, and redact that.
    """

    request: Annotated[Request | None, Doc("From when the handler of the route starts.")] = None
    websocket: Annotated[WebSocket | None, Doc("From when the handler of the route starts.")] = None
    body: Annotated[Any, Doc("The body as it was parsed, before it is validated.")] = None
    values: Annotated[dict[str, Any] | None, Doc("The endpoint's arguments, once dependencies are solved.")] = None
    errors: Annotated[Sequence[Any] | None, Doc("What validation has found, with the inputs.")] = None


def get_telemetry_data(
    context: Annotated[Context | None, Doc("Log processors pass `record.context`; by default the current one.")] = None,
) -> TelemetryData | None:
    """The data of the request that an OpenTelemetry context belongs to.

    Returns:
        None outside of recorded requests, and for contexts kept beyond their request.
    """
    api = sys.modules.get("opentelemetry.context")
    recording = None if api is None else api.get_value(CONTEXT_KEY, context)
    return None if recording is None else recording.data
