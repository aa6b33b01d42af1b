"""One path operation, or one WebSocket endpoint, as it was declared."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Unpack

from starlette.convertors import Convertor
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route, WebSocketRoute, compile_path, get_name
from starlette.types import ASGIApp, Receive, Scope, Send

from vivace import params
from vivace.dependencies.body import should_embed
from vivace.dependencies.graph import flat_fields, get_dependant, with_dependencies
from vivace.dependencies.models import Dependant
from vivace.operation.asgi import get_websocket_app, websocket_session
from vivace.operation.handler import Handler, handle
from vivace.operation.operation import Operation, unique_by_name
from vivace.operation.options import RouteOptions, complete
from vivace.routing.serve import Served

# Where a request's scope tells which way through the routers it came.
SCOPE_KEY = "fastapi"
CONTEXT_KEY = "effective_route_context"


class APIRoute(Operation, Served, Route):
    """A path operation: a function, its path and methods, and all that was said of it.

    Subclasses may override `get_route_handler` (to wrap the handling of a request), `matches` and `handle`; a route that
    does is served by its own rules, not by the compiled plan.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Unpack[RouteOptions]) -> None:
        self.declare(path, endpoint, complete(dict(options), RouteOptions))

    def get_route_handler(self) -> Handler:
        """The general path of this route as a function from `Request` to `Response`."""

        async def app(request: Request) -> Response:
            return await handle(effective(self, request.scope), request)

        return app

    def own_handler(self) -> Handler | None:
        overridden = type(self).get_route_handler is not APIRoute.get_route_handler
        return self.get_route_handler() if overridden else None

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        return _matches(effective(self, scope), scope)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await effective(self, scope).serve(scope, receive, send)


def _matches(operation: Operation, scope: Scope) -> tuple[Match, Scope]:
    """Starlette's rule, over the path that the operation has through its routers."""
    match, child_scope = Route.matches(operation, scope)  # type: ignore[arg-type]
    if match is not Match.NONE:
        child_scope["route"] = getattr(operation, "original_route", operation)
    return match, child_scope


def effective(route: APIRoute, scope: Scope) -> Any:
    """The route as the routers on the way of this request see it; the route itself where it was declared directly."""
    shared = scope.get(SCOPE_KEY)
    context = shared.get(CONTEXT_KEY) if isinstance(shared, dict) else None
    return context if getattr(context, "original_route", None) is route else route


class APIWebSocketRoute(WebSocketRoute):
    """A WebSocket endpoint with parameters and dependencies like those of a path operation."""

    def __init__(
        self,
        path: str,
        endpoint: Callable[..., Any],
        *,
        name: str | None = None,
        dependencies: Sequence[params.Depends] | None = None,
        dependency_overrides_provider: Any = None,
    ) -> None:
        self.path = path
        self.endpoint = endpoint
        self.name = get_name(endpoint) if name is None else name
        self.dependencies = list(dependencies or [])
        self.dependency_overrides_provider = dependency_overrides_provider
        self.path_regex: re.Pattern[str]
        self.param_convertors: dict[str, Convertor[Any]]
        self.path_regex, self.path_format, self.param_convertors = compile_path(path)
        graph = get_dependant(path=self.path_format, call=endpoint, scope="function")
        self.dependant: Dependant = with_dependencies(graph, self.dependencies)
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


def has_own_rules(route: APIRoute) -> bool:
    """Whether a subclass decides for itself what matches, or what happens then."""
    cls = type(route)
    return cls.matches is not APIRoute.matches or cls.handle is not APIRoute.handle
