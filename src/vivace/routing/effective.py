"""A route as it is through the routers that include it: `RouteContext`.

`include_router` copies nothing. What a route becomes below a prefix, with all tags and dependencies of the routers on
the way, is worked out here when somebody first asks. `IncludedRouter` keeps it as long as the route stays where it is.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from starlette.datastructures import URLPath
from starlette.routing import BaseRoute, Host, Match, Mount, Route, Router, WebSocketRoute, compile_path
from starlette.types import Receive, Scope, Send

from vivace.body_limits import limited_below
from vivace.operation.options import RouteOptions
from vivace.routing.context import IncludeContext
from vivace.routing.frontend import FrontendGroup
from vivace.routing.route import APIRoute, APIWebSocketRoute, has_own_rules, match_path
from vivace.routing.scope import CONTEXT_KEY, ROUTER_KEY, notes, noting
from vivace.routing.serve import Served
from vivace.telemetry.observer import SCOPE_KEY as TELEMETRY_KEY

if TYPE_CHECKING:
    from vivace.routing.included import IncludedRouter

_ON_EVERY_ROUTE = ("path", "path_format", "name", "methods", "endpoint")


class RouteContext:
    """A route, and what it is on the way to it: `route` as declared, every other attribute as it counts for a request.

    `path`, `path_format`, `name`, `methods` and `endpoint` are there for every kind of route, None where it has none.
    """

    path: Any
    path_format: Any
    name: Any
    methods: Any
    endpoint: Any
    included_router: IncludedRouter | None = None

    def __init__(self, route: Any, served: BaseRoute | None = None) -> None:
        self.route = route
        self.served: Any = route if served is None else served

    @property
    def original_route(self) -> Any:
        """The route as it was declared."""
        return self.route

    @property
    def acting_route(self) -> Any:
        """The object whose rules decide, and which stands in `scope["route"]`."""
        return self.served

    def __getattr__(self, name: str) -> Any:
        if name in ("route", "served"):  # not there yet: somebody is copying this object
            raise AttributeError(name)
        return getattr(self.served, name, None) if name in _ON_EVERY_ROUTE else getattr(self.served, name)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(path={self.path!r}, route={self.route!r})"


class EffectiveRoute(Served, RouteContext):
    """A path operation through its routers: an operation of its own, with a plan of its own."""

    def __init__(self, route: APIRoute, context: IncludeContext) -> None:
        RouteContext.__init__(self, route)
        said = {name: getattr(route, name) for name in RouteOptions.__annotations__}
        self.declare(context.prefix + route.path, route.endpoint, context.around(said), like=route)
        self._own_handler = route.own_handler()
        self._front = route.front

    @property
    def acting_route(self) -> Any:
        return self.route

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if not has_own_rules(self.route, APIRoute):
            return match_path(self, self.route, scope)
        with noting(scope, CONTEXT_KEY, self):
            match: tuple[Match, Scope] = self.route.matches(scope)
        return match

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        notes(scope)[CONTEXT_KEY] = self
        await self.route.handle(scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        return Route.url_path_for(self, name, **path_params)  # type: ignore[arg-type]


def in_context(route: BaseRoute, context: IncludeContext) -> RouteContext | None:
    """The route as it is inside `context`; None for a kind that can't be put below a prefix."""
    if isinstance(route, APIRoute):
        return EffectiveRoute(route, context)
    served = _below(route, context)
    return None if served is None else RouteContext(route, served)


def _below(route: BaseRoute, context: IncludeContext) -> BaseRoute | None:
    if isinstance(route, APIWebSocketRoute | FrontendGroup):
        return route.below(context)
    if isinstance(route, Route | WebSocketRoute | Mount):
        return _moved(route, context)
    if isinstance(route, Host):
        host = copy(route)
        below = Router([Mount(context.prefix, app=route.app)]) if context.prefix else route.app
        host.app = limited_below(below, context.max_body_size)
        return host
    return None


def _moved(route: Route | WebSocketRoute | Mount, context: IncludeContext) -> BaseRoute:
    """A copy below a prefix, of the same class and with the same middleware."""
    moved = copy(route)
    moved.path = context.prefix + route.path
    moved.app = limited_below(route.app, context.max_body_size)
    template = moved.path + "/{path:path}" if isinstance(route, Mount) else moved.path
    moved.path_regex, moved.path_format, moved.param_convertors = compile_path(template)
    return moved


def enter(route: Any, scope: Scope, child_scope: Scope) -> None:
    """Write into the scope which route was found, under the names that programs and third parties read."""
    context = route if isinstance(route, RouteContext) else None
    scope["route"] = route if context is None else context.acting_route
    scope.update(child_scope)
    if (observer := scope.get(TELEMETRY_KEY)) is not None:
        observer.entered(route)
    if context is not None:
        written = notes(scope)
        written[CONTEXT_KEY] = context
        written[ROUTER_KEY] = context.included_router
