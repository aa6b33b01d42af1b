"""How the edge refuses a request: as the application itself answers an `HTTPException`, whatever it has for that."""

from __future__ import annotations

import inspect
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException as AnyHTTPException
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketClose

from vivace import HTTPException, Request
from vivace.exception_handlers import http_exception_handler


async def refuse(scope: Scope, receive: Receive, send: Send, status: int, detail: str) -> None:
    """Answer with an error; a WebSocket is closed before it was accepted, which its client sees as 403."""
    if scope["type"] == "websocket":
        await WebSocketClose(code=1008, reason=detail)(scope, receive, send)
        return
    error, request = HTTPException(status, detail=detail), Request(scope, receive, send)
    handlers = getattr(scope.get("app"), "exception_handlers", {})
    handler: Any = handlers.get(status) or handlers.get(AnyHTTPException) or http_exception_handler
    if inspect.iscoroutinefunction(handler):
        response = await handler(request, error)
    else:
        response = await run_in_threadpool(handler, request, error)
    await response(scope, receive, send)
