"""Logs for machines: a line of JSON on stdout for each request, and for everything else that is logged.

Never a path or a query as it was sent, only the route's template: addresses hold cursors and tokens of links.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from logging.config import dictConfig
from time import perf_counter
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vivace.kit.metrics.template import template_of

requests = logging.getLogger("food_delivery.requests")

_QUIET = frozenset({"/health/live", "/health/ready", "/metrics"})  # asked every few seconds, by machines
_SWITCHING, _FORBIDDEN = 101, 403  # RFC 6455: a WebSocket that is accepted; one that is not


class JsonLines(logging.Formatter):
    """A record as one line of JSON. What `extra={"request": {...}}` has are members of their own."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": getattr(record, "request_id", "-"),
            **getattr(record, "request", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)  # escaped: a line break of somebody else's can't forge a line


def json_config(level: str = "INFO") -> dict[str, Any]:
    """For `logging.config.dictConfig`, of this process or of gunicorn's. All loggers end at one handler."""
    passed_on: dict[str, Any] = {"handlers": [], "propagate": True}
    kept_back: dict[str, Any] = {"handlers": [], "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonLines}},
        "handlers": {"stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "json"}},
        "root": {"level": level, "handlers": ["stdout"]},
        "loggers": {
            **dict.fromkeys(("uvicorn", "uvicorn.error", "gunicorn.error"), passed_on),
            # Our line about a request has more to say, and is written where its id is still known.
            **dict.fromkeys(("uvicorn.access", "gunicorn.access"), kept_back),
        },
    }


def log_json(level: str = "INFO") -> None:
    dictConfig(json_config(level))


class RequestLog:
    """Logs each request when it has been answered, and each WebSocket when it has ended."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        status: int | None = None

        async def noting(message: Message) -> None:
            nonlocal status
            status = status or _status_of(message)
            await send(message)

        root_path, above, start = scope.get("root_path", ""), scope.get("app"), perf_counter()
        try:
            await self.app(scope, receive, noting)
        finally:
            _log(scope, template_of(above, scope, root_path), status, perf_counter() - start, sys.exception())


def _status_of(message: Message) -> int | None:
    if message["type"] in ("http.response.start", "websocket.http.response.start"):
        return int(message["status"])
    return {"websocket.accept": _SWITCHING, "websocket.close": _FORBIDDEN}.get(message["type"])


def _log(scope: Scope, route: str, status: int | None, seconds: float, error: BaseException | None) -> None:
    method = scope.get("method", "WEBSOCKET")
    failed = error if isinstance(error, Exception) else None
    # Without a status, the client left before there was one; 499 is what nginx says then.
    status = status or (500 if failed else 499)
    level = logging.ERROR if failed else logging.DEBUG if route in _QUIET else logging.INFO
    about = {"method": method, "route": route, "status": status, "seconds": round(seconds, 6)}
    requests.log(level, "%s %s %d", method, route, status, exc_info=failed, extra={"request": about})
