"""The two layers that every application has: Starlette's, with less to do for a request that goes well.

The outermost answers what nobody has handled, the innermost gives exceptions to the application's handlers. Until
there is one, both only watch whether a response has begun; neither makes a `Request`.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from starlette._utils import is_async_callable
from starlette.concurrency import run_in_threadpool
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from vivace.body_limits import BodyTooLarge, is_limited
from vivace.exchange import ASGIExchange
from vivace.operation.errors import HANDLERS_KEY, answer_error


class OuterErrors(ServerErrorMiddleware):
    """Answers 500, and raises the exception again for the server to log."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        def watched(message: Message) -> Awaitable[None]:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            return send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            if isinstance(error, BodyTooLarge) and is_limited(scope):
                raise  # the application that this one is mounted in has the limit, and answers
            response = await self._response(Request(scope), error)
            if not started:
                await response(scope, receive, send)
            raise

    async def _response(self, request: Request, error: Exception) -> Any:
        """Made even where it can't be sent: the handler is to know of the error."""
        if self.debug:
            return await run_in_threadpool(self.debug_response, request, error)
        if self.handler is None:
            return self.error_response(request, error)
        if is_async_callable(self.handler):
            return await self.handler(request, error)  # type: ignore[arg-type]
        return await run_in_threadpool(self.handler, request, error)


class InnerErrors(ExceptionMiddleware):
    """Calls the handlers that the application has for an exception or a status."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        handlers = scope[HANDLERS_KEY] = (self._exception_handlers, self._status_handlers)
        started = False

        def watched(message: Message) -> Awaitable[None]:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            return send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:  # noqa: BLE001  # goes on up if nobody handles it
            x = ASGIExchange(scope, receive, send, ())
            x.started = started
            scope[HANDLERS_KEY] = handlers  # a mounted application has put its own there
            await answer_error(x, error)
            error.__traceback__ = None  # an instance raised again and again would gather the frames of all requests
