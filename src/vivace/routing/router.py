"""`APIRouter`: the collection of routes on which a program is built, and the dispatch of a scope to one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Annotated, Any, TypeVar, Unpack

from annotated_doc import Doc
from starlette.datastructures import URL, URLPath
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Match, NoMatchFound, Router, get_route_path
from starlette.routing import Route as StarletteRoute
from starlette.routing import WebSocketRoute as StarletteWebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from vivace import params
from vivace.datastructures import Default
from vivace.exceptions import FastAPIError
from vivace.operation.options import AddRouteOptions, MethodOptions, complete, first_given
from vivace.routing.contexts import IncludeContext, IncludedRouter, iter_route_contexts
from vivace.routing.index import Index, enter
from vivace.routing.lifespan import lifespan_of, merged, run_handlers, warn_on_event
from vivace.routing.methods import Methods
from vivace.routing.route import SCOPE_KEY, APIRoute, APIWebSocketRoute
from vivace.routing.tree import Routes
from vivace.types import DecoratedCallable
from vivace.utils import generate_unique_id

F = TypeVar("F", bound=Callable[..., Any])
Dependencies = Sequence[params.Depends] | None


class APIRouter(Methods, Router):
    """A group of path operations, to be included in an application or in another router.

    ```python
    router = APIRouter(prefix="/users", tags=["users"])

    @router.get("/{user_id}")
    async def read_user(user_id: int): ...

    app.include_router(router)
    ```
    """

    def __init__(
        self,
        *,
        prefix: Annotated[str, Doc("Put before the path of every route; starts with a slash, ends without.")] = "",
        tags: Annotated[list[str | Enum] | None, Doc("Tags for all routes.")] = None,
        dependencies: Annotated[Dependencies, Doc("Dependencies of all routes.")] = None,
        default_response_class: Annotated[type[Response], Doc("Renders results.")] = Default(JSONResponse),
        responses: Annotated[
            dict[int | str, dict[str, Any]] | None, Doc("Further responses of all routes.")
        ] = None,
        callbacks: Annotated[list[BaseRoute] | None, Doc("OpenAPI callbacks of all routes.")] = None,
        routes: Annotated[list[BaseRoute] | None, Doc("Routes to begin with.")] = None,
        redirect_slashes: Annotated[bool, Doc("Redirect `/items/` to `/items`, and back.")] = True,
        default: Annotated[ASGIApp | None, Doc("Answers what no route does.")] = None,
        dependency_overrides_provider: Annotated[Any, Doc("Whose `dependency_overrides` count.")] = None,
        route_class: Annotated[type[APIRoute], Doc("The class of the routes declared here.")] = APIRoute,
        on_startup: Annotated[Sequence[Callable[[], Any]] | None, Doc("Deprecated: use `lifespan`.")] = None,
        on_shutdown: Annotated[Sequence[Callable[[], Any]] | None, Doc("Deprecated: use `lifespan`.")] = None,
        lifespan: Annotated[Any, Doc("An async context manager around the time of service.")] = None,
        deprecated: Annotated[bool | None, Doc("Mark all routes as deprecated.")] = None,
        include_in_schema: Annotated[bool, Doc("Show the routes in the documentation.")] = True,
        generate_unique_id_function: Annotated[
            Callable[[APIRoute], str], Doc("Makes operation ids.")
        ] = Default(generate_unique_id),
        strict_content_type: Annotated[bool, Doc("Take a body for JSON only if it says so.")] = Default(True),
    ) -> None:
        self.on_startup = list(on_startup or [])
        self.on_shutdown = list(on_shutdown or [])
        super().__init__(
            routes=routes, redirect_slashes=redirect_slashes, default=default, lifespan=lifespan_of(self, lifespan)
        )
        _check_prefix(prefix)
        self.prefix = prefix
        self.tags: list[str | Enum] = tags or []
        self.dependencies = list(dependencies or [])
        self.deprecated = deprecated
        self.include_in_schema = include_in_schema
        self.responses = responses or {}
        self.callbacks = callbacks or []
        self.dependency_overrides_provider = dependency_overrides_provider
        self.route_class = route_class
        self.default_response_class = default_response_class
        self.generate_unique_id_function = generate_unique_id_function
        self.strict_content_type = strict_content_type

    @property
    def routes(self) -> Routes:
        return self._routes

    @routes.setter
    def routes(self, routes: Sequence[BaseRoute]) -> None:
        self._routes = routes if isinstance(routes, Routes) else Routes(routes)
        self.index = Index(self._routes)

    # -- declaring

    def add_api_route(
        self,
        path: str,
        endpoint: Callable[..., Any],
        *,
        route_class_override: type[APIRoute] | None = None,
        **options: Unpack[AddRouteOptions],
    ) -> None:
        """Declare a path operation without a decorator."""
        said = complete(dict(options), AddRouteOptions)
        route_class = route_class_override or self.route_class
        self.routes.append(route_class(self.prefix + path, endpoint, **self._own().options(said)))

    def _own(self) -> _Own:
        return _Own(self)

    def api_route(self, path: str, **options: Unpack[MethodOptions]) -> Callable[[DecoratedCallable], DecoratedCallable]:
        """Declare a path operation for several methods at once."""
        known = complete(dict(options), MethodOptions)
        given = {name: known[name] for name in options}

        def decorator(func: DecoratedCallable) -> DecoratedCallable:
            self.add_api_route(path, func, **given)
            return func

        return decorator

    def add_api_websocket_route(
        self, path: str, endpoint: Callable[..., Any], name: str | None = None, *, dependencies: Dependencies = None
    ) -> None:
        route = APIWebSocketRoute(
            self.prefix + path,
            endpoint,
            name=name,
            dependencies=[*self.dependencies, *(dependencies or [])],
            dependency_overrides_provider=self.dependency_overrides_provider,
        )
        self.routes.append(route)

    def websocket(
        self,
        path: Annotated[str, Doc("Path of the WebSocket.")],
        name: Annotated[str | None, Doc("Name for `url_path_for`.")] = None,
        *,
        dependencies: Annotated[Dependencies, Doc("Dependencies to run for their effect.")] = None,
    ) -> Callable[[DecoratedCallable], DecoratedCallable]:
        """Declare a WebSocket endpoint."""

        def decorator(func: DecoratedCallable) -> DecoratedCallable:
            self.add_api_websocket_route(path, func, name=name, dependencies=dependencies)
            return func

        return decorator

    def websocket_route(self, path: str, name: str | None = None) -> Callable[[DecoratedCallable], DecoratedCallable]:
        def decorator(func: DecoratedCallable) -> DecoratedCallable:
            self.add_websocket_route(path, func, name=name)
            return func

        return decorator

    def route(
        self, path: str, methods: list[str] | None = None, name: str | None = None, include_in_schema: bool = True
    ) -> Callable[[DecoratedCallable], DecoratedCallable]:
        def decorator(func: DecoratedCallable) -> DecoratedCallable:
            self.add_route(path, func, methods=methods, name=name, include_in_schema=include_in_schema)
            return func

        return decorator

    def add_route(
        self,
        path: str,
        endpoint: Callable[..., Any],
        methods: Any = None,
        name: str | None = None,
        include_in_schema: bool = True,
    ) -> None:
        route = StarletteRoute(
            self.prefix + path, endpoint, methods=methods, name=name, include_in_schema=include_in_schema
        )
        self.routes.append(route)

    def add_websocket_route(self, path: str, endpoint: Callable[..., Any], name: str | None = None) -> None:
        self.routes.append(StarletteWebSocketRoute(self.prefix + path, endpoint, name=name))

    def include_router(
        self,
        router: Annotated[APIRouter, Doc("The router; routes that it gets later are included too.")],
        *,
        prefix: Annotated[str, Doc("Put before the paths of its routes.")] = "",
        tags: Annotated[list[str | Enum] | None, Doc("Tags put before those of its routes.")] = None,
        dependencies: Annotated[Dependencies, Doc("Dependencies put before those of its routes.")] = None,
        default_response_class: Annotated[type[Response], Doc("Renders results.")] = Default(JSONResponse),
        responses: Annotated[dict[int | str, dict[str, Any]] | None, Doc("Further responses.")] = None,
        callbacks: Annotated[list[BaseRoute] | None, Doc("OpenAPI callbacks.")] = None,
        deprecated: Annotated[bool | None, Doc("Mark its routes as deprecated.")] = None,
        include_in_schema: Annotated[bool, Doc("Show its routes in the documentation.")] = True,
        generate_unique_id_function: Annotated[
            Callable[[APIRoute], str], Doc("Makes operation ids.")
        ] = Default(generate_unique_id),
    ) -> None:
        """Put all routes of another router below this one.

        Raises:
            AssertionError: the prefix is malformed, or the router includes this one already.
            FastAPIError: a route would have an empty path.
        """
        assert self is not router, (
            "Cannot include the same APIRouter instance into itself. Did you mean to include a different router?"
        )
        assert not _contains(router, self), "Cannot include an APIRouter that already includes this router."
        _check_prefix(prefix)
        if not prefix:
            _refuse_empty_paths(router)
        context = IncludeContext(
            prefix=self.prefix + prefix,
            tags=[*self.tags, *(tags or [])],
            dependencies=[*self.dependencies, *(dependencies or [])],
            responses={**self.responses, **(responses or {})},
            callbacks=[*self.callbacks, *(callbacks or [])],
            deprecated=deprecated or self.deprecated,
            include_in_schema=include_in_schema and self.include_in_schema,
            default_response_class=first_given(
                router.default_response_class, default_response_class, self.default_response_class
            ),
            generate_unique_id_function=first_given(
                router.generate_unique_id_function, generate_unique_id_function, self.generate_unique_id_function
            ),
            strict_content_type=first_given(router.strict_content_type, self.strict_content_type),
            dependency_overrides_provider=self.dependency_overrides_provider,
        )
        self.routes.append(IncludedRouter(router, context))
        self.on_startup.extend(router.on_startup)
        self.on_shutdown.extend(router.on_shutdown)
        self.lifespan_context = merged(self.lifespan_context, router.lifespan_context)

    # -- start and stop

    async def _startup(self) -> None:
        await run_handlers(self.on_startup)

    async def _shutdown(self) -> None:
        await run_handlers(self.on_shutdown)

    def add_event_handler(self, event_type: str, func: Callable[[], Any]) -> None:
        assert event_type in ("startup", "shutdown")
        (self.on_startup if event_type == "startup" else self.on_shutdown).append(func)

    def on_event(self, event_type: str) -> Callable[[F], F]:
        """Deprecated: use `lifespan`."""
        warn_on_event()

        def decorator(func: F) -> F:
            self.add_event_handler(event_type, func)
            return func

        return decorator

    # -- dispatch

    def has_own_rules(self) -> bool:
        """Whether a subclass decides for itself what matches, or what happens then."""
        cls = type(self)
        return cls.matches is not APIRouter.matches or cls.handle is not APIRouter.handle

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether a route below, as the router stands included, fits. A router that stands alone is asked with `app`."""
        included = scope.get(SCOPE_KEY, {}).get("included_router")
        if included is None:
            return Match.NONE, {}
        match, route, child_scope = Index(included.candidates()).match(scope)
        return match, ({**child_scope, "vivace.selected": (route, child_scope)} if route is not None else {})

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        selected = scope.pop("vivace.selected", None)
        if selected is None:
            await self.app(scope, receive, send)
            return
        await _run(selected[0], scope, selected[1], receive, send)

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] in ("http", "websocket", "lifespan")
        scope.setdefault("router", self)
        if scope["type"] == "lifespan":
            await self.lifespan(scope, receive, send)
            return
        match, route, child_scope = self.index.match(scope)
        if match is not Match.NONE:
            await _run(route, scope, child_scope, receive, send)
        elif (moved := self._redirect(scope)) is not None:
            await RedirectResponse(url=str(moved))(scope, receive, send)
        else:
            await self.default(scope, receive, send)

    def _redirect(self, scope: Scope) -> URL | None:
        """Where the path would fit with, or without, its last slash."""
        path = get_route_path(scope)
        if scope["type"] != "http" or not self.redirect_slashes or path == "/":
            return None
        moved = dict(scope)
        moved["path"] = moved["path"].rstrip("/") if path.endswith("/") else moved["path"] + "/"
        match, _, _ = self.index.match(moved)
        return URL(scope=moved) if match is not Match.NONE else None

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        for route in self.routes:
            try:
                return route.url_path_for(name, **path_params)
            except NoMatchFound:
                continue
        raise NoMatchFound(name, path_params)


async def _run(route: Any, scope: Scope, child_scope: Scope, receive: Receive, send: Send) -> None:
    enter(route, scope, child_scope)
    await route.handle(scope, receive, send)


class _Own:
    """What a router says of itself, put around what is said of one of its routes."""

    def __init__(self, router: APIRouter) -> None:
        self.router = router

    def options(self, said: dict[str, Any]) -> dict[str, Any]:
        router = self.router
        return said | {
            "tags": [*router.tags, *(said["tags"] or [])],
            "dependencies": [*router.dependencies, *(said["dependencies"] or [])],
            "responses": {**router.responses, **(said["responses"] or {})},
            "callbacks": [*router.callbacks, *(said["callbacks"] or [])],
            "deprecated": said["deprecated"] or router.deprecated,
            "include_in_schema": said["include_in_schema"] and router.include_in_schema,
            "response_class": first_given(said["response_class"], router.default_response_class),
            "generate_unique_id_function": first_given(
                said["generate_unique_id_function"], router.generate_unique_id_function
            ),
            "strict_content_type": first_given(said["strict_content_type"], router.strict_content_type),
            "dependency_overrides_provider": router.dependency_overrides_provider,
        }


def _check_prefix(prefix: str) -> None:
    if prefix:
        assert prefix.startswith("/"), "A path prefix must start with '/'"
        assert not prefix.endswith("/"), (
            "A path prefix must not end with '/', as the routes will start with '/'"
        )


def _contains(router: APIRouter, wanted: APIRouter) -> bool:
    below = [route.original_router for route in router.routes if isinstance(route, IncludedRouter)]
    return any(r is wanted or _contains(r, wanted) for r in below)


def _refuse_empty_paths(router: APIRouter) -> None:
    for context in iter_route_contexts(router.routes):
        if context.path is not None and not context.path:
            raise FastAPIError(f"Prefix and path cannot be both empty (path operation: {context.name})")


