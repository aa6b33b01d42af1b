"""Routes as seen through the routers that include them.

`include_router` copies nothing: it puts an `IncludedRouter` into the tree, which holds the router and what was said when it
was included (`IncludeContext`). What a route becomes through the contexts above it (prefix and path, all tags, all dependencies)
is an `EffectiveRoute`, made when it is first asked for and kept until the routes change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.datastructures import URLPath
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Host, Match, Mount, NoMatchFound, Route, WebSocketRoute
from starlette.types import Receive, Scope, Send

from vivace.datastructures import Default
from vivace.operation.handler import Handler
from vivace.operation.operation import Operation
from vivace.operation.options import first_given
from vivace.routing.route import CONTEXT_KEY, SCOPE_KEY, APIRoute, APIWebSocketRoute, _matches, has_own_rules
from vivace.routing.serve import Served
from vivace.utils import generate_unique_id

if TYPE_CHECKING:
    from vivace.routing.router import APIRouter


@dataclass(frozen=True, slots=True)
class IncludeContext:
    """What one `include_router` says of all routes below it, with what its own router says of itself."""

    prefix: str = ""
    tags: list[Any] = field(default_factory=list)
    dependencies: list[Any] = field(default_factory=list)
    responses: dict[int | str, dict[str, Any]] = field(default_factory=dict)
    callbacks: list[Any] = field(default_factory=list)
    deprecated: bool | None = None
    include_in_schema: bool = True
    default_response_class: Any = field(default_factory=lambda: Default(JSONResponse))
    generate_unique_id_function: Any = field(default_factory=lambda: Default(generate_unique_id))
    strict_content_type: Any = field(default_factory=lambda: Default(True))
    dependency_overrides_provider: Any = None

    def below(self, outer: IncludeContext) -> IncludeContext:
        """This context as it is inside another one."""
        return IncludeContext(
            prefix=outer.prefix + self.prefix,
            tags=[*outer.tags, *self.tags],
            dependencies=[*outer.dependencies, *self.dependencies],
            responses={**outer.responses, **self.responses},
            callbacks=[*outer.callbacks, *self.callbacks],
            deprecated=self.deprecated or outer.deprecated,
            include_in_schema=self.include_in_schema and outer.include_in_schema,
            default_response_class=first_given(self.default_response_class, outer.default_response_class),
            generate_unique_id_function=first_given(
                self.generate_unique_id_function, outer.generate_unique_id_function
            ),
            strict_content_type=first_given(self.strict_content_type, outer.strict_content_type),
            dependency_overrides_provider=outer.dependency_overrides_provider or self.dependency_overrides_provider,
        )

    def options_for(self, route: APIRoute) -> dict[str, Any]:
        """The route's options with those of the context in front of, around or instead of them."""
        options = {name: getattr(route, name) for name in _KEPT}
        return options | {
            "tags": [*self.tags, *route.tags],
            "dependencies": [*self.dependencies, *route.dependencies],
            "responses": {**self.responses, **route.responses},
            "callbacks": [*self.callbacks, *(route.callbacks or [])],
            "deprecated": route.deprecated or self.deprecated,
            "include_in_schema": route.include_in_schema and self.include_in_schema,
            "response_class": first_given(route.response_class, self.default_response_class),
            "generate_unique_id_function": first_given(
                route.generate_unique_id_function, self.generate_unique_id_function
            ),
            "strict_content_type": first_given(route.strict_content_type, self.strict_content_type),
            "dependency_overrides_provider": self.dependency_overrides_provider,
        }


_KEPT = (
    "response_model status_code summary description response_description methods operation_id name openapi_extra"
    " response_model_include response_model_exclude response_model_by_alias response_model_exclude_unset"
    " response_model_exclude_defaults response_model_exclude_none"
).split()


class EffectiveRoute(Operation, Served):
    """A path operation through its routers: the attributes of an `APIRoute`, with `original_route` behind it."""

    def __init__(self, route: APIRoute, context: IncludeContext) -> None:
        self.original_route = route
        self.include_context = context
        self.declare(context.prefix + route.path, route.endpoint, context.options_for(route), like=route)

    def own_handler(self) -> Handler | None:
        return self.original_route.own_handler()

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if not has_own_rules(self.original_route):
            return _matches(self, scope)
        with in_context(scope, self):
            return self.original_route.matches(scope)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault(SCOPE_KEY, {})[CONTEXT_KEY] = self
        await self.original_route.handle(scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        return Route.url_path_for(self, name, **path_params)  # type: ignore[arg-type]


class in_context:
    """While a route's own `matches` runs, it finds the context that it is asked in."""

    def __init__(self, scope: Scope, context: Any) -> None:
        self.shared = scope.setdefault(SCOPE_KEY, {})
        self.context = context

    def __enter__(self) -> None:
        self.before = self.shared.get(CONTEXT_KEY)
        self.shared[CONTEXT_KEY] = self.context

    def __exit__(self, *_: object) -> None:
        if self.before is None:
            self.shared.pop(CONTEXT_KEY, None)
        else:
            self.shared[CONTEXT_KEY] = self.before


class Prefixed:
    """Any other kind of route below a prefix: a copy that knows its whole path, with the original behind it."""

    def __init__(self, route: BaseRoute, served: BaseRoute, context: IncludeContext) -> None:
        self.original_route = route
        self.route = served
        self.include_context = context

    def __getattr__(self, name: str) -> Any:
        return getattr(self.route, name)

    @property
    def dependencies(self) -> list[Any]:
        return [*self.include_context.dependencies, *getattr(self.original_route, "dependencies", [])]


def through(route: BaseRoute, context: IncludeContext) -> Any | None:
    """The route as it is inside `context`; None for a kind that can't be put below a prefix."""
    if isinstance(route, APIRoute):
        return EffectiveRoute(route, context)
    if isinstance(route, APIWebSocketRoute):
        served: BaseRoute = type(route)(
            context.prefix + route.path,
            route.endpoint,
            name=route.name,
            dependencies=[*context.dependencies, *route.dependencies],
            dependency_overrides_provider=context.dependency_overrides_provider,
        )
        return Prefixed(route, served, context)
    prefixed = _prefixed_copy(route, context.prefix)
    return None if prefixed is None else Prefixed(route, prefixed, context)


def _prefixed_copy(route: BaseRoute, prefix: str) -> BaseRoute | None:
    if isinstance(route, Route):
        methods = list(route.methods or [])
        return Route(prefix + route.path, route.endpoint, methods=methods, name=route.name, include_in_schema=route.include_in_schema)
    if isinstance(route, WebSocketRoute):
        return WebSocketRoute(prefix + route.path, route.endpoint, name=route.name)
    if isinstance(route, Mount):
        return Mount(prefix + route.path, app=route.app, name=route.name)
    if isinstance(route, Host):
        below = copy(route)
        below.app = Mount(prefix, app=route.app) if prefix else route.app
        return below
    return None


class IncludedRouter(BaseRoute):
    """A router in the tree of another. It is asked and served as one only where its class has rules of its own."""

    def __init__(self, router: APIRouter, context: IncludeContext) -> None:
        self.original_router = router
        self.include_context = context
        self._seen: tuple[int, list[Any]] | None = None

    def candidates(self) -> list[Any]:
        """The router's routes through this inclusion, nested routers as `IncludedRouter`, in their order."""
        version = self.original_router.routes.version
        if self._seen is None or self._seen[0] != version:
            found = [_candidate(route, self.include_context) for route in list(self.original_router.routes)]
            self._seen = version, [c for c in found if c is not None]
        return self._seen[1]

    @property
    def has_own_rules(self) -> bool:
        return self.original_router.has_own_rules()

    def flat(self) -> Iterator[Any]:
        """All routes below, through all inclusions on the way."""
        for candidate in self.candidates():
            if isinstance(candidate, IncludedRouter):
                yield from candidate.flat()
            else:
                yield candidate

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        scope.setdefault(SCOPE_KEY, {})["included_router"] = self
        return self.original_router.matches(scope)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault(SCOPE_KEY, {})["included_router"] = self
        await self.original_router.handle(scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        for candidate in self.flat():
            try:
                url: URLPath = candidate.url_path_for(name, **path_params)
            except NoMatchFound:
                continue
            return url
        raise NoMatchFound(name, path_params)


def _candidate(route: BaseRoute, context: IncludeContext) -> Any | None:
    if isinstance(route, IncludedRouter):
        return IncludedRouter(route.original_router, route.include_context.below(context))
    return through(route, context)


class RouteContext:
    """A route as others should read it: the original, and every attribute as it is through its routers."""

    def __init__(self, original_route: BaseRoute, seen: Any) -> None:
        self.original_route = original_route
        self._seen = seen

    def __getattr__(self, name: str) -> Any:
        return getattr(self._seen, name)

    def __repr__(self) -> str:
        return f"RouteContext(path={self.path!r}, name={self.name!r})"

    @property
    def path(self) -> Any:
        return getattr(self._seen, "path", None)

    @property
    def path_format(self) -> Any:
        return getattr(self._seen, "path_format", None)

    @property
    def name(self) -> Any:
        return getattr(self._seen, "name", None)

    @property
    def methods(self) -> Any:
        return getattr(self._seen, "methods", None)

    @property
    def endpoint(self) -> Callable[..., Any] | None:
        return getattr(self._seen, "endpoint", None)


def iter_route_contexts(routes: Sequence[BaseRoute] | Iterable[BaseRoute]) -> Iterator[RouteContext]:
    """Every route of the tree, as it is through all routers on the way to it."""
    for route in routes:
        if isinstance(route, RouteContext):
            yield route
        elif isinstance(route, IncludedRouter):
            for seen in route.flat():
                yield RouteContext(seen.original_route, seen)
        else:
            yield RouteContext(route, route)
