"""From the routing table straight to a plan, where nothing stands between: both doors ask before they go the long way.

The long way is Starlette's: error middleware, exception middleware, the router, the route. Each layer costs closures
at every request, and says nothing until something goes wrong. A `Shortcut` leaves them out for routes that have a plan,
and does what they would have done: the scope's keys, the handlers for exceptions, the answer to what nobody handles.

An application with middleware, or one whose dispatch somebody has overridden or patched, has no shortcut.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette._utils import get_route_path
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vivace.exchange import ASGIExchange, Exchange
from vivace.match import Hit
from vivace.middleware._third_party import is_monitored
from vivace.middleware.errors import InnerErrors, OuterErrors
from vivace.operation.errors import HANDLERS_KEY, Handlers, answer_error
from vivace.plan import Plan
from vivace.routing.index import enter
from vivace.routing.router import APIRouter
from vivace.routing.serve import Served

if TYPE_CHECKING:
    from vivace.applications import FastAPI


class Shortcut:
    """The way past an application's layers, where there is one."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self.stack: ASGIApp | None = None
        self.open = False
        self.handlers: Handlers = ({}, {})
        self.look()

    def look(self) -> None:
        """Look again at the layers: they are built with the first request that needs them, and may be replaced."""
        app = self.app
        self.stack = app.middleware_stack
        self.open = _plain(app)
        by_key = app.exception_handlers.items()
        self.handlers = (
            {key: handler for key, handler in by_key if not isinstance(key, int) and key is not Exception},
            {key: handler for key, handler in by_key if isinstance(key, int) and key != 500},
        )

    def is_open(self) -> bool:
        """Whether nothing stands between, now."""
        if self.app.middleware_stack is not self.stack:
            self.look()
        return self.open and not self.app.user_middleware

    def find(self, method: str, path: str) -> tuple[Plan, Hit] | None:
        """The plan for a method and a path; None for all that the layers have to decide (404, 405, mounts, ...)."""
        if not self.is_open():
            return None
        index = self.app.router.index
        index.refresh()
        hit = index.http.find(method, path)
        if hit is None or hit.partial or (index.http.opaque and index.http.opaque[0][0] < hit.order):
            return None
        route = hit.target
        return (route.plan, hit) if isinstance(route, Served) else None

    def enter(self, hit: Hit, scope: Scope) -> None:
        """Put into the scope what the layers would have put there."""
        route = hit.target
        scope["app"] = self.app
        scope["router"] = self.app.router
        scope[HANDLERS_KEY] = self.handlers
        params = dict(zip(route.param_convertors, hit.args, strict=True)) if hit.args else {}
        enter(route, scope, {"endpoint": route.endpoint, "path_params": params})

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> bool:
        """The ASGI door: answer the request, or say that the layers have to."""
        found = self.find(scope["method"], get_route_path(scope))
        if found is None or scope.get("path_params"):
            return False
        plan, hit = found
        self.enter(hit, scope)
        x = ASGIExchange(scope, receive, send, hit.args)
        try:
            if plan.reads_body:
                await x.read_body()
            await plan.run(x)
        except Exception as error:  # noqa: BLE001  # any that a program may raise
            await self.failed(x, error)
        return True

    async def failed(self, x: Exchange, error: Exception) -> None:
        """Answer by the application's handlers; what nobody handles is answered by those for 500, and raised again."""
        try:
            await answer_error(x, error)
        except Exception as unhandled:  # noqa: BLE001  # raised again below
            await self._server_error(x, unhandled)

    async def _server_error(self, x: Exchange, error: Exception) -> None:
        handlers = self.app.exception_handlers

        async def failing(_scope: Scope, _receive: Receive, send: Send) -> None:
            if x.started:
                await send({"type": "http.response.start"})  # goes nowhere: tells the middleware that it is too late
            raise error

        handler = handlers.get(500) or handlers.get(Exception)
        layer = ServerErrorMiddleware(failing, handler=handler, debug=self.app.debug)
        await layer(x.scope, x.receive, _nowhere if x.started else x.send)


async def _nowhere(_: Message) -> None:
    """A `send` after which nothing is sent."""


def _plain(app: FastAPI) -> bool:
    """Whether the layers are the two for errors around the router, and nobody has overridden or patched the way."""
    stack: Any = app.middleware_stack
    layers = stack is None or (
        type(stack) in (OuterErrors, ServerErrorMiddleware)
        and type(stack.app) in (InnerErrors, ExceptionMiddleware)
        and stack.app.app is app.router
    )
    return (
        layers
        and app.max_body_size is None
        and not is_monitored()
        and not _overridden(app, "__call__")
        and not _overridden(app, "build_middleware_stack")
        and "build_middleware_stack" not in vars(app)
        and type(app.router).app is APIRouter.app
        and type(app.router).__call__ is APIRouter.__call__
    )


def _overridden(app: FastAPI, method: str) -> bool:
    """Whether a subclass of the framework's own has another method of that name."""
    for cls in type(app).__mro__:
        if method in vars(cls):
            return not cls.__module__.startswith(("vivace.", "starlette."))
    return True
