"""A router in the tree of another, and the walk through such a tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from threading import RLock
from typing import TYPE_CHECKING, Any

from starlette.datastructures import URLPath
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import Receive, Scope, Send

from vivace.routing._third_party import IncludedRouterNames
from vivace.routing.context import IncludeContext
from vivace.routing.effective import RouteContext, in_context
from vivace.routing.scope import ROUTER_KEY, notes, noting
from vivace.routing.tree import Routes

if TYPE_CHECKING:
    from vivace.routing.index import Index
    from vivace.routing.router import APIRouter

# Held while something is worked out that all threads shall share. One for all trees: it is rare, and nests.
WORKING_OUT = RLock()


class IncludedRouter(IncludedRouterNames, BaseRoute):
    """One inclusion: a router, and the context that it was included in.

    It is asked and served as one route only where the router's class has rules of its own; else its routes are asked.
    """

    def __init__(self, router: APIRouter, context: IncludeContext, source: IncludedRouter | None = None) -> None:
        self.original_router = router
        self.include_context = context
        self.source = source  # the same inclusion as its own router has it, where this one is nested
        self.index: Index | None = None  # made by whoever asks it as one
        self._routes = _Kept()
        self._last = _Kept()

    def candidates(self) -> list[Any]:
        """The router's routes through this inclusion, in their order; nested routers as `IncludedRouter`."""
        return self._routes.through(self, self.original_router.routes)

    def low_priority(self) -> list[Any]:
        """The same of the routes that are asked when no other fits."""
        return self._last.through(self, self.original_router._low_priority_routes)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        with noting(scope, ROUTER_KEY, self):
            return self.original_router.matches(scope)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        notes(scope)[ROUTER_KEY] = self
        await self.original_router.handle(scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        for context in leaves([self]):
            try:
                url: URLPath = context.url_path_for(name, **path_params)
            except NoMatchFound:
                continue
            return url
        raise NoMatchFound(name, path_params)

    def __repr__(self) -> str:
        return f"IncludedRouter(prefix={self.include_context.prefix!r}, router={self.original_router!r})"


class _Kept:
    """What the routes of one list are through one inclusion: made once for each route, as long as it is in the list."""

    def __init__(self) -> None:
        self.version: object = None
        self.made: list[Any] = []

    def through(self, inclusion: IncludedRouter, routes: Routes) -> list[Any]:
        if self.version is not routes.version:
            with WORKING_OUT:
                version = routes.version
                if self.version is not version:
                    self.made, self.version = self._make(inclusion, list(routes)), version
        return self.made

    def _make(self, inclusion: IncludedRouter, routes: Iterable[BaseRoute]) -> list[Any]:
        known = {id(_declared(one)): one for one in self.made}
        made = [known.get(id(route)) or _through(inclusion, route) for route in routes]
        return [one for one in made if one is not None]


def _declared(one: Any) -> Any:
    return one.source if isinstance(one, IncludedRouter) else one.route


def _through(inclusion: IncludedRouter, route: BaseRoute) -> Any:
    outer = inclusion.include_context
    if isinstance(route, IncludedRouter):
        return IncludedRouter(route.original_router, route.include_context.inside(outer), source=route)
    context = in_context(route, outer)
    if context is not None:
        context.included_router = inclusion
    return context


def leaves(routes: Iterable[Any]) -> Iterator[Any]:
    """All routes of a tree, in their order, as they are through the routers on the way."""
    for route in routes:
        if isinstance(route, IncludedRouter):
            yield from leaves(route.candidates())
        else:
            yield route


def asked(routes: Iterable[Any]) -> Iterator[Any]:
    """The same, as far as an index may look: a router with rules of its own counts as one route."""
    for route in routes:
        if isinstance(route, IncludedRouter) and not route.original_router.has_own_rules():
            yield from asked(route.candidates())
        else:
            yield route


def low_priority_leaves(own: Iterable[Any], routes: Iterable[Any]) -> Iterator[Any]:
    """What is asked last: a router's own first, then that of the routers below."""
    yield from own
    for route in routes:
        if isinstance(route, IncludedRouter):
            yield from low_priority_leaves(route.low_priority(), route.candidates())


def versions(router: APIRouter) -> Iterator[object]:
    """The version of every list in the tree below a router."""
    yield router.routes.version
    yield router._low_priority_routes.version
    for route in router.routes:
        if isinstance(route, IncludedRouter):
            yield from versions(route.original_router)


def iter_route_contexts(routes: Sequence[BaseRoute | RouteContext]) -> Iterator[RouteContext]:
    """Every route of the tree, as it is through all routers on the way to it."""
    for leaf in leaves(routes):
        yield leaf if isinstance(leaf, RouteContext) else RouteContext(leaf)
