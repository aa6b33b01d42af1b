"""The spans of the steps inside a request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from opentelemetry.trace import StatusCode, Tracer
from starlette.exceptions import HTTPException, WebSocketException
from starlette.websockets import WebSocketDisconnect

from vivace.exceptions import RequestValidationError, WebSocketRequestValidationError
from vivace.telemetry.attributes import error_type, function_attributes

# Exceptions that are a way to answer a client, not a failure.
_ANSWERS = (HTTPException, WebSocketException, RequestValidationError, WebSocketRequestValidationError)
# RFC 6455 section 7.4.1: the purpose is fulfilled; the peer goes away.
_GOODBYES = (1000, 1001)


@contextmanager
def operation_span(
    tracer: Tracer | None, name: str, function: Callable[..., Any], answers: tuple[type[Exception], ...] = _ANSWERS
) -> Iterator[None]:
    """Around one step, done for `function`. Nothing at all without a tracer.

    The exception itself is not an event of the span: it is logged once, where nobody has handled it.
    """
    if tracer is None:
        yield
        return
    with tracer.start_as_current_span(
        f"fastapi.{name}",
        attributes=function_attributes(function),
        record_exception=False,
        set_status_on_exception=False,
    ) as span:
        try:
            yield
        except Exception as error:
            if not isinstance(error, answers) and not is_goodbye(error):
                span.set_attribute("error.type", error_type(error))
                span.set_status(StatusCode.ERROR)
            raise


def is_goodbye(error: BaseException) -> bool:
    """Whether it tells of a WebSocket client that left as it should."""
    return isinstance(error, WebSocketDisconnect) and error.code in _GOODBYES
