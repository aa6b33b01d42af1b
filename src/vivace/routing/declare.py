"""Declaring routes on a router: the decorators, and the methods behind them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Annotated, Any, Unpack

from annotated_doc import Doc
from starlette.routing import Route, WebSocketRoute

from vivace import params
from vivace.keywords import spelled_out
from vivace.operation.options import DEFAULTS, AddRouteOptions, MethodOptions, OperationOptions, complete
from vivace.routing.context import IncludeContext
from vivace.routing.dispatch import Dispatcher
from vivace.routing.methods import Decorator, Methods
from vivace.routing.route import APIRoute, APIWebSocketRoute
from vivace.types import DecoratedCallable


class Declaring(Methods, Dispatcher):
    """The half of `APIRouter` that takes routes in.

    A decorator hands every option on to `api_route`, and that to `add_api_route`, those not given with their defaults:
    a subclass that overrides one of them finds all.
    """

    prefix: str
    dependencies: list[params.Depends]
    dependency_overrides_provider: Any
    route_class: type[APIRoute]

    def _declare(self, method: str, path: str, options: OperationOptions) -> Decorator:
        return self.api_route(path, methods=[method], **_filled(options, OperationOptions))

    @spelled_out(MethodOptions, DEFAULTS)
    def api_route(self, path: str, **options: Unpack[MethodOptions]) -> Decorator:
        """Declare a path operation for several methods at once."""
        filled = _filled(options, MethodOptions)

        def decorator(func: DecoratedCallable) -> DecoratedCallable:
            self.add_api_route(path, func, **filled)
            return func

        return decorator

    @spelled_out(AddRouteOptions, DEFAULTS)
    def add_api_route(
        self,
        path: str,
        endpoint: Callable[..., Any],
        *,
        route_class_override: type[APIRoute] | None = None,
        **options: Unpack[AddRouteOptions],
    ) -> None:
        """Declare a path operation without a decorator."""
        route_class = route_class_override or self.route_class
        said = IncludeContext.of(self).around(complete(dict(options), AddRouteOptions))
        self.routes.append(route_class(self.prefix + path, endpoint, **said))

    def websocket(
        self,
        path: Annotated[str, Doc("Path of the WebSocket.")],
        name: Annotated[str | None, Doc("Name for `url_path_for`; by default the function's.")] = None,
        *,
        dependencies: Annotated[Sequence[params.Depends] | None, Doc("Dependencies to run for their effect.")] = None,
    ) -> Decorator:
        """Declare a WebSocket endpoint."""

        def decorator(func: DecoratedCallable) -> DecoratedCallable:
            self.add_api_websocket_route(path, func, name=name, dependencies=dependencies)
            return func

        return decorator

    def add_api_websocket_route(
        self,
        path: str,
        endpoint: Callable[..., Any],
        name: str | None = None,
        *,
        dependencies: Sequence[params.Depends] | None = None,
    ) -> None:
        """Declare a WebSocket endpoint without a decorator."""
        route = APIWebSocketRoute(
            self.prefix + path,
            endpoint,
            name=name,
            dependencies=[*self.dependencies, *(dependencies or [])],
            dependency_overrides_provider=self.dependency_overrides_provider,
        )
        self.routes.append(route)

    # -- Starlette's own routes: a function of a `Request` or a `WebSocket`. The router's prefix is not theirs.

    def route(
        self,
        path: str,
        methods: Collection[str] | None = None,
        name: str | None = None,
        include_in_schema: bool = True,
    ) -> Decorator:
        """Declare a function of a `Request`."""

        def decorator(func: DecoratedCallable) -> DecoratedCallable:
            self.add_route(path, func, methods=methods, name=name, include_in_schema=include_in_schema)
            return func

        return decorator

    def add_route(
        self,
        path: str,
        endpoint: Callable[..., Any],
        methods: Collection[str] | None = None,
        name: str | None = None,
        include_in_schema: bool = True,
    ) -> None:
        """Declare a function of a `Request` without a decorator."""
        self.routes.append(Route(path, endpoint, methods=methods, name=name, include_in_schema=include_in_schema))

    def websocket_route(self, path: str, name: str | None = None) -> Decorator:
        """Declare a function of a `WebSocket`."""

        def decorator(func: DecoratedCallable) -> DecoratedCallable:
            self.add_websocket_route(path, func, name=name)
            return func

        return decorator

    def add_websocket_route(self, path: str, endpoint: Callable[..., Any], name: str | None = None) -> None:
        """Declare a function of a `WebSocket` without a decorator."""
        self.routes.append(WebSocketRoute(path, endpoint, name=name))


def _filled(options: OperationOptions, spec: Any) -> Any:
    """The options of `spec`, those not given with their defaults."""
    known = complete(dict(options), spec)
    return {name: known[name] for name in spec.__annotations__}
