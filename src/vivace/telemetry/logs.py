"""The log records: a request that failed validation, an exception that nobody has handled."""

from __future__ import annotations

from time import time_ns

from opentelemetry._logs import Logger, SeverityNumber

from vivace.telemetry.attributes import Attributes

_UNHANDLED = {
    "http": ("http.server.request.exception", "Unhandled exception in FastAPI request"),
    "websocket": ("fastapi.websocket.exception", "Unhandled exception in FastAPI WebSocket connection"),
}


def log_validation(logger: Logger, errors: int, route: str | None) -> None:
    """A warning with the number of errors; what was sent is left to processors (`get_telemetry_data`)."""
    logger.emit(
        timestamp=time_ns(),
        severity_number=SeverityNumber.WARN,
        severity_text="WARN",
        body="Request validation failed",
        attributes=_where(route) | {"fastapi.validation.error_count": errors},
        event_name="fastapi.validation.failed",
    )


def log_exception(logger: Logger, kind: str, error: Exception, route: str | None) -> None:
    """An error with the exception: the SDK writes its type, message and stack trace."""
    event, body = _UNHANDLED[kind]
    logger.emit(
        timestamp=time_ns(),
        severity_number=SeverityNumber.ERROR,
        severity_text="ERROR",
        body=body,
        attributes=_where(route),
        event_name=event,
        exception=error,
    )


def _where(route: str | None) -> Attributes:
    return {"http.route": route} if route else {}
