"""From a scope to the route that answers it: Starlette's router, with an index in the place of its loop."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from starlette._utils import get_route_path
from starlette.datastructures import URL
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Match, Router
from starlette.types import Receive, Scope, Send

from vivace.body_limits import FormLimits, enter_form_limits
from vivace.routing.included import IncludedRouter
from vivace.routing.index import NOTHING, Index, Matched, enter
from vivace.routing.route import RULES, has_own_rules
from vivace.routing.scope import ROUTER_KEY, noted
from vivace.routing.tree import Routes
from vivace.telemetry.observer import observer_of


class Dispatcher(Router):
    """A router whose routes, and those of all routers in it, are found through one index."""

    form_limits: FormLimits

    def __init__(self, routes: Iterable[BaseRoute] | None = None, **settings: Any) -> None:
        self.index = Index(self)  # type: ignore[arg-type]  # every dispatcher there is, is an `APIRouter`
        self._low_priority_routes = Routes()
        super().__init__(routes=list(routes or ()), **settings)

    @property
    def routes(self) -> Routes:
        """The routes, live: every change is seen by the next request."""
        return self._routes

    @routes.setter
    def routes(self, routes: Iterable[BaseRoute]) -> None:
        self._routes = routes if isinstance(routes, Routes) else Routes(routes)
        self._routes.changed()

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer by a route; else by a redirect to where one would; else by one of low priority; else by `default`."""
        assert scope["type"] in ("http", "websocket", "lifespan")
        scope.setdefault("router", self)
        if scope["type"] == "lifespan":
            await self.lifespan(scope, receive, send)
            return
        enter_form_limits(scope, self.form_limits)
        found = self.index.match(scope)
        if found[0] is Match.NONE:
            if (elsewhere := self._redirect(scope)) is not None:
                await RedirectResponse(url=str(elsewhere))(scope, receive, send)
                return
            found = self.index.match_low_priority(scope) if self.index.low_priority else NOTHING
        if found[0] is Match.NONE:
            await self.default(scope, receive, send)
        else:
            await _serve(found, scope, receive, send)

    def _redirect(self, scope: Scope) -> URL | None:
        """The address that fits with, or without, a slash at the end."""
        path = get_route_path(scope)
        if scope["type"] != "http" or not self.redirect_slashes or path == "/":
            return None
        moved = dict(scope)
        moved["path"] = moved["path"].rstrip("/") if path.endswith("/") else moved["path"] + "/"
        match, route, _ = self.index.match(moved)
        observer_of(scope).entered(route)
        return None if match is Match.NONE else URL(scope=moved)

    # -- as one route in the tree of another router: where a subclass overrides one of these, and calls `super()`

    def has_own_rules(self) -> bool:
        """Whether a subclass decides what matches, or what happens then."""
        return has_own_rules(self, Dispatcher)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether a route of the router fits, as it is included where the request has come to. Alone, it never does."""
        included = noted(scope, ROUTER_KEY)
        if included is None:
            return Match.NONE, {}
        return _index_of(included).match(scope)[0], {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        included = noted(scope, ROUTER_KEY)
        if included is None:
            await self.app(scope, receive, send)
        else:
            await serve_included(included, scope, receive, send)


RULES[Dispatcher] = Dispatcher.matches, Dispatcher.handle


async def serve_included(included: IncludedRouter, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer by a route of an included router."""
    found = _index_of(included).match(scope)
    if found[0] is Match.NONE:
        await included.original_router.not_found(scope, receive, send)
    else:
        await _serve(found, scope, receive, send)


async def _serve(found: Matched, scope: Scope, receive: Receive, send: Send) -> None:
    _, route, child_scope = found
    enter(route, scope, child_scope)
    await route.handle(scope, receive, send)


def _index_of(included: IncludedRouter) -> Index:
    if included.index is None:
        included.index = Index(included)
    return included.index
