"""An id for each request: taken from whoever sends one, else made; sent back; and put into log records.

The id is a context variable: whatever a request starts (dependencies, threads, tasks) sees it.
"""

from __future__ import annotations

import logging
import re
from contextvars import ContextVar
from typing import Any
from uuid import uuid4

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_CURRENT: ContextVar[str | None] = ContextVar("vivace_request_id", default=None)

# What an id may look like that a client sends: it goes into logs, where a line break would forge a line.
_ACCEPTED = re.compile(rb"[A-Za-z0-9._:-]{1,128}")
_NONE = "-"  # in log records outside of requests, as in access logs


def current_request_id() -> str | None:
    """The id of the request that is being answered; None outside of one."""
    return _CURRENT.get()


class RequestIds:
    """Gives every request, and every WebSocket, an id.

    Args:
        app: what it is around.
        header: name of the header that an id is taken from and sent back in.
        accept: whether to take an id from a client. One that has other characters than letters, digits and `._:-`, or
            more than 128 of them, is replaced in any case.
    """

    def __init__(self, app: ASGIApp, *, header: str = "X-Request-ID", accept: bool = True) -> None:
        self.app = app
        self._header = header.lower().encode("latin-1")
        self._accept = accept

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        request_id = self._given(scope) or uuid4().hex
        header = self._header, request_id.encode()

        async def with_id(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.accept", "websocket.http.response.start"):
                present = [pair for pair in message.get("headers", ()) if pair[0].lower() != self._header]
                message["headers"] = [*present, header]
            await send(message)

        token = _CURRENT.set(request_id)
        try:
            await self.app(scope, receive, with_id)
        finally:
            _CURRENT.reset(token)

    def _given(self, scope: Scope) -> str | None:
        if not self._accept:
            return None
        for name, value in scope["headers"]:
            if name == self._header:
                return value.decode() if _ACCEPTED.fullmatch(value) else None
        return None


def stamp_log_records() -> None:
    """Give every log record of the process a `request_id`, for `%(request_id)s` in a format. Once is enough.

    By the record factory, not by a filter: a filter sees only the records of the loggers, or handlers, it was added to.
    """
    factory = logging.getLogRecordFactory()
    if getattr(factory, "stamps_request_ids", False):
        return

    def stamped(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = factory(*args, **kwargs)
        record.request_id = _CURRENT.get() or _NONE
        return record

    stamped.stamps_request_ids = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(stamped)
