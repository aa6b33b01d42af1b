"""Handlers as ASGI applications: the frame around a request in which dependencies are set up and torn down.

The order, which programs rely on: the handler runs; function-scoped dependencies are torn down; the response is sent
with its background tasks; request-scoped dependencies are torn down; an exception goes to its handler, which answers;
uploaded files are closed. A request that is cancelled stops where it is; the teardowns that are due then run to their
end.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

from anyio import CancelScope
from starlette._exception_handler import wrap_app_handling_exceptions
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from vivace.concurrency import cleanup_scope
from vivace.dependencies.callables import unwrap
from vivace.dependencies.solve import CLEANUP_SCOPE, FUNCTION_STACK, REQUEST_STACK
from vivace.exceptions import FastAPIError, WebSocketRequestValidationError
from vivace.operation.handler import FORMS, solve
from vivace.operation.serialize import endpoint_context
from vivace.telemetry.observer import observer_of
from vivace.threads import run_in_thread


def request_response(func: Callable[[Request], Awaitable[Response] | Response]) -> ASGIApp:
    """A function from `Request` to `Response` as an ASGI application with both teardown stacks."""
    handler: Callable[[Request], Awaitable[Any]] = func if _is_async(func) else _in_thread(func)  # type: ignore[assignment]

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        forms: list[FormData] = []
        scope[FORMS] = forms

        async def framed(scope: Scope, receive: Receive, send: Send) -> None:
            response = None
            with cleanup_scope() as scope[CLEANUP_SCOPE]:
                async with AsyncExitStack() as scope[REQUEST_STACK]:
                    async with AsyncExitStack() as scope[FUNCTION_STACK]:
                        response = await handler(request)
                    if response is not None:
                        await response(scope, receive, send)
            if response is None:
                raise FastAPIError(SWALLOWED)

        try:
            await wrap_app_handling_exceptions(framed, request)(scope, receive, send)
        finally:
            for form in forms:
                await _close_files(form)

    return app


async def _close_files(form: FormData) -> None:
    with CancelScope(shield=True):  # one on disk is closed in a thread
        await form.close()


SWALLOWED = (
    "Response not awaited. There's a high chance that the application code is raising an exception and a dependency "
    "with yield has a block with a bare except, or a block with except Exception, and is not raising the exception "
    "again. Read more about it in the docs: "
    "https://fastapi.tiangolo.com/tutorial/dependencies/dependencies-with-yield/#dependencies-with-yield-and-except"
)


def _is_async(func: Any) -> bool:
    target = unwrap(func)
    return inspect.iscoroutinefunction(target) or inspect.iscoroutinefunction(type(target).__call__)


def _in_thread(func: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    async def run(request: Request) -> Any:
        return await run_in_thread(func, request)

    return run


def websocket_session(func: Callable[[WebSocket], Awaitable[None]]) -> ASGIApp:
    """A function of a `WebSocket` as an ASGI application with both teardown stacks."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        session = WebSocket(scope, receive=receive, send=send)

        async def framed(scope: Scope, _receive: Receive, _send: Send) -> None:
            with cleanup_scope() as scope[CLEANUP_SCOPE]:
                async with AsyncExitStack() as scope[REQUEST_STACK], AsyncExitStack() as scope[FUNCTION_STACK]:
                    await func(session)

        await wrap_app_handling_exceptions(framed, session)(scope, receive, send)

    return app


def get_websocket_app(route: Any) -> Callable[[WebSocket], Awaitable[None]]:
    """The general path of a WebSocket route: its parameters solved, then the endpoint."""

    async def app(websocket: WebSocket) -> None:
        observer = observer_of(websocket.scope)
        with observer.reading(websocket), observer.solving(route.endpoint, None):
            solved = await solve(route, websocket)
        observer.solved(solved.values, solved.errors)
        if solved.errors:
            where = endpoint_context(route, websocket.scope)
            raise WebSocketRequestValidationError(solved.errors, endpoint_ctx=where)
        # Not `route.endpoint`: packages that inject arguments of their own wrap the call of the graph.
        await observer.calling(route.dependant.call, is_async=True)(**solved.values)

    return app
