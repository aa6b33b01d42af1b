"""One path operation, or one WebSocket endpoint, as it was declared."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from copy import copy
from typing import Any, Self, Unpack

from starlette.convertors import Convertor
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route, WebSocketRoute, compile_path, get_name
from starlette.types import ASGIApp, Receive, Scope, Send

from vivace import params
from vivace.dependencies.body import should_embed
from vivace.dependencies.graph import flat_fields, get_dependant, with_dependencies
from vivace.dependencies.models import Dependant
from vivace.keywords import spelled_out
from vivace.operation.asgi import get_websocket_app, websocket_session
from vivace.operation.handler import Handler, handle
from vivace.operation.operation import Operation, unique_by_name
from vivace.operation.options import DEFAULTS, RouteOptions, complete
from vivace.routing.context import IncludeContext
from vivace.routing.scope import CONTEXT_KEY, noted
from vivace.routing.serve import Served


class APIRoute(Served, Route):  # type: ignore[misc,override]  # what Starlette leaves open, an operation has settled
    """A path operation: a function, its path and methods, and all that was said of it.

    Subclasses may override `get_route_handler` (to wrap the handling of a request), `matches` and `handle`; a route
    that does is served by its own rules, not by the compiled plan.
    """

    @spelled_out(RouteOptions, DEFAULTS)
    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Unpack[RouteOptions]) -> None:
        self.declare(path, endpoint, complete(dict(options), RouteOptions))
        self._own_handler = self.own_handler()

    def get_route_handler(self) -> Handler:
        """The general path of this route as a function from `Request` to `Response`."""

        async def app(request: Request) -> Response:
            return await handle(as_reached(self, request.scope), request)

        return app

    def own_handler(self) -> Handler | None:
        """The handler of a class that overrides `get_route_handler`, made anew for each place where the route stands.

        It is made when the route is declared, and what it raises is raised there.
        """
        overridden = type(self).get_route_handler is not APIRoute.get_route_handler
        return self.get_route_handler() if overridden else None

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        return match_path(as_reached(self, scope), self, scope)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await as_reached(self, scope).serve(scope, receive, send)


def as_reached(route: APIRoute, scope: Scope) -> Any:
    """The route as the routers on the way of this request see it; the route itself where it was declared directly."""
    context = noted(scope, CONTEXT_KEY)
    return context if getattr(context, "original_route", None) is route else route


def match_path(operation: Operation, route: APIRoute, scope: Scope) -> tuple[Match, Scope]:
    """Starlette's rule, over the path that the operation has; `route` is the one that `scope["route"]` will be."""
    match, child_scope = Route.matches(operation, scope)  # type: ignore[arg-type]
    if match is not Match.NONE:
        child_scope["route"] = route
    return match, child_scope


class APIWebSocketRoute(WebSocketRoute):
    """A WebSocket endpoint with parameters and dependencies like those of a path operation."""

    path_regex: re.Pattern[str]
    param_convertors: dict[str, Convertor[Any]]

    def __init__(
        self,
        path: str,
        endpoint: Callable[..., Any],
        *,
        name: str | None = None,
        dependencies: Sequence[params.Depends] | None = None,
        dependency_overrides_provider: Any = None,
    ) -> None:
        self.endpoint = endpoint
        self.name = get_name(endpoint) if name is None else name
        self._place(path, list(dependencies or []), dependency_overrides_provider)

    def below(self, context: IncludeContext) -> Self:
        """The same endpoint through the routers that include it."""
        route = copy(self)
        dependencies = [*context.dependencies, *self.dependencies]
        route._place(context.prefix + self.path, dependencies, context.dependency_overrides_provider)
        return route

    def _place(self, path: str, dependencies: list[params.Depends], provider: Any) -> None:
        """Set all that depends on where the endpoint stands."""
        self.path = path
        self.dependencies = dependencies
        self.dependency_overrides_provider = provider
        self.path_regex, self.path_format, self.param_convertors = compile_path(path)
        graph = get_dependant(path=self.path_format, call=self.endpoint, scope="function")
        self.dependant: Dependant = with_dependencies(graph, dependencies)
        self.embed_body_fields = should_embed(unique_by_name(flat_fields(self.dependant, "body_params")))
        self.app: ASGIApp = websocket_session(get_websocket_app(self))

    @property
    def _embed_body_fields(self) -> bool:  # the name by which third parties know it
        return self.embed_body_fields

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, child_scope = super().matches(scope)
        if match is not Match.NONE:
            child_scope["route"] = self
        return match, child_scope


# The methods as they are written: somebody may exchange them, and must then be asked.
RULES: dict[type[Any], tuple[Any, Any]] = {
    base: (base.matches, base.handle) for base in (APIRoute, APIWebSocketRoute, Route, WebSocketRoute)
}


def has_own_rules(route: Any, base: type[Any]) -> bool:
    """Whether a subclass of `base`, a patch, or the object itself decides what matches, or what happens then."""
    cls, own = type(route), vars(route)
    return (cls.matches, cls.handle) != RULES[base] or "matches" in own or "handle" in own
