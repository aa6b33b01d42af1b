"""From the routing table straight to a plan, where nothing stands between: both doors ask before they go the long way.

The long way is Starlette's: error middleware, exception middleware, the router, the route. Each layer costs closures
at every request, and says nothing until something goes wrong. A `Shortcut` leaves them out for routes that have a plan,
and does what they would have done: the scope's keys, the handlers for exceptions, the answer to what nobody handles.

An application with middleware, or one whose dispatch somebody has overridden or patched, has no shortcut.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette._utils import get_route_path
from starlette.applications import Starlette
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vivace.body_limits import announced, closest, counted, enter_form_limits, is_limited, refuse
from vivace.exchange import ASGIExchange, Exchange
from vivace.match import Hit, Table
from vivace.middleware.errors import InnerErrors, OuterErrors
from vivace.middleware.patched import is_patched
from vivace.operation.errors import HANDLERS_KEY, Handlers, answer_error
from vivace.routing.index import enter, path_params
from vivace.routing.router import APIRouter
from vivace.routing.serve import Served
from vivace.routing.tree import EPOCH

if TYPE_CHECKING:
    from vivace.applications import FastAPI


# What the shortcut leaves out, and so must not leave out where somebody has patched it.
_LEFT_OUT = (
    (Starlette, "__call__"),
    (ServerErrorMiddleware, "__call__"),
    (ExceptionMiddleware, "__call__"),
    (APIRouter, "__call__"),
    (APIRouter, "app"),
)


class Way:
    """Where the shortcut leads to: a route, its plan, and the bytes that a body may have there (None: any number)."""

    __slots__ = ("limit", "plan", "route")

    def __init__(self, route: Served, outer_limit: int | None) -> None:
        self.route = route
        self.plan = route.plan
        self.limit = closest(route.max_body_size, outer_limit)


class Shortcut:
    """The way past an application's layers, where there is one.

    What it knows holds as long as the tree of routes stands as it does (`EPOCH`), and the layers above it.
    """

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self.epoch: object = None
        self.stack: ASGIApp | None = None
        self.open = False
        self.table = Table()
        self.ways: dict[Hit, Way | None] = {}
        self.handlers: Handlers = ({}, {})
        self.look()

    def look(self) -> None:
        """Look again at routes and layers: the latter are built with the first request that needs them."""
        app, epoch = self.app, EPOCH.now
        self.stack = app.middleware_stack
        self.open = _plain(app)
        self.ways = {}
        by_key = app.exception_handlers.items()
        self.handlers = (
            {key: handler for key, handler in by_key if not isinstance(key, int) and key is not Exception},
            {key: handler for key, handler in by_key if isinstance(key, int) and key != 500},
        )
        index = app.router.index
        index.refresh()
        self.table, self.epoch = index.http, epoch  # the epoch as it was before: what comes meanwhile is seen next time

    def find(self, method: str, path: str) -> tuple[Way, tuple[Any, ...]] | None:
        """The way for a method and a path, with the path parameters; None for all that the layers have to decide."""
        app = self.app
        if EPOCH.now is not self.epoch or app.middleware_stack is not self.stack:
            self.look()
        if not self.open or app.user_middleware:
            return None
        found = self.table.find(method, path)
        if found is None:
            return None
        hit, args = found
        try:
            way = self.ways[hit]
        except KeyError:
            way = self.ways[hit] = self._way(hit)
        return None if way is None else (way, args)

    def _way(self, hit: Hit) -> Way | None:
        route, app = hit.target, self.app
        if not hit.sure or not isinstance(route, Served):
            return None
        return Way(route, closest(app.router.max_body_size, app.max_body_size))

    def enter(self, way: Way, args: tuple[Any, ...], scope: Scope) -> None:
        """Put into the scope what the layers would have put there."""
        route, router = way.route, self.app.router
        scope["app"] = self.app
        scope["router"] = router
        scope[HANDLERS_KEY] = self.handlers
        enter_form_limits(scope, router.form_limits)
        enter(route, scope, {"endpoint": route.endpoint, "path_params": path_params(route, args)})

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> bool:
        """The ASGI door: answer the request, or say that the layers have to."""
        found = self.find(scope["method"], get_route_path(scope))
        if found is None or scope.get("path_params") or is_limited(scope):
            return False
        way, args = found
        if way.limit is not None:
            if announced(scope["headers"]) > way.limit:
                await refuse(scope, receive, send)
                return True
            receive = counted(receive, way.limit)
        self.enter(way, args, scope)
        x = ASGIExchange(scope, receive, send, args)
        try:
            await way.plan.answer(x)
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
    """Whether the layers are those that every application has, and nobody has overridden or patched the way."""
    stack: Any = app.middleware_stack
    return (
        (stack is None or _usual(stack, app.router))
        and not any(is_patched(cls, method) for cls, method in _LEFT_OUT)
        and not _overridden(app, "__call__")
        and not _overridden(app, "build_middleware_stack")
        and "build_middleware_stack" not in vars(app)
        and type(app.router).app is APIRouter.app
        and type(app.router).__call__ is APIRouter.__call__
    )


def _usual(stack: Any, router: APIRouter) -> bool:
    """The limit is kept by those who take the shortcut."""
    inner: Any = getattr(stack, "app", None)
    if type(inner) is RequestBodyLimitMiddleware:
        inner = inner.app
    return (
        type(stack) in (OuterErrors, ServerErrorMiddleware)
        and type(inner) in (InnerErrors, ExceptionMiddleware)
        and inner.app is router
    )


def _overridden(app: FastAPI, method: str) -> bool:
    """Whether a subclass of the framework's own has another method of that name, or somebody has patched it."""
    owner = next(cls for cls in type(app).__mro__ if method in vars(cls))
    return not owner.__module__.startswith(("vivace.", "starlette.")) or is_patched(owner, method)
