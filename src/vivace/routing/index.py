"""The routes of a tree of routers as one table, kept until the tree changes.

What the table can judge by path and method is a candidate; what has rules of its own (mounts, hosts, whatever overrides
`matches` or `handle`, a path whose regular expression was exchanged) is opaque and is asked in its place.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from starlette._utils import get_route_path
from starlette.routing import Match, Route, WebSocketRoute
from starlette.types import Scope

from vivace.match import Candidate, Found, Table
from vivace.match.template import is_regex_of
from vivace.operation.operation import Operation
from vivace.routing.effective import RouteContext
from vivace.routing.effective import enter as enter
from vivace.routing.included import WORKING_OUT, IncludedRouter, asked, low_priority_leaves, versions
from vivace.routing.route import APIRoute, APIWebSocketRoute, has_own_rules
from vivace.routing.scope import LENGTH_KEY, SCOPE_KEY
from vivace.routing.tree import EPOCH

if TYPE_CHECKING:
    from vivace.routing.router import APIRouter

Matched = tuple[Match, Any, Scope]  # how well, which route, what to add to the scope
NOTHING: Matched = (Match.NONE, None, {})


class Index:
    """Finds the route for a scope, by Starlette's rules. `version` is another object after each change of the tree."""

    def __init__(self, owner: APIRouter | IncludedRouter) -> None:
        self._owner = owner
        self._epoch: object = None
        self._versions: tuple[object, ...] = ()
        self.version = object()
        self.http = Table()
        self.websocket = Table()
        self.low_priority: list[Any] = []

    def refresh(self) -> None:
        """Make the tables anew if the tree has changed since they were made."""
        if self._epoch is not EPOCH.now:
            with WORKING_OUT:
                self._refresh()

    def _refresh(self) -> None:
        owner, epoch = self._owner, EPOCH.now
        router = owner.original_router if isinstance(owner, IncludedRouter) else owner
        now = tuple(versions(router))
        if now != self._versions:
            routes = owner.candidates() if isinstance(owner, IncludedRouter) else owner.routes
            flat = list(asked(routes))
            self.http = Table([_http(route) for route in flat])
            self.websocket = Table([_websocket(route) for route in flat])
            self.low_priority = list(low_priority_leaves(router._low_priority_routes, router.routes))
            self._versions, self.version = now, object()
        self._epoch = epoch  # last: until now others wait at the lock, and nobody reads half of a change

    def match(self, scope: Scope) -> Matched:
        """The route that fits, or the first whose path does."""
        self.refresh()
        path = get_route_path(scope)
        if scope["type"] == "http":
            table, found = self.http, self.http.find(scope["method"], path)
        else:
            table, found = self.websocket, self.websocket.find("", path)
        return _among_opaque(table.opaque, found, scope) if table.opaque else _matched(found, scope)

    def match_low_priority(self, scope: Scope) -> Matched:
        """The first that fits at all. Where that is a frontend, the one with the longest path of all frontends."""
        self.refresh()
        best, longest = NOTHING, -1
        for route in self.low_priority:
            match, child_scope = route.matches(scope)
            if match is Match.NONE:
                continue
            length = child_scope.get(SCOPE_KEY, {}).get(LENGTH_KEY, -1)
            if length > longest:
                best, longest = (match, route, child_scope), length
            elif best is NOTHING:
                return match, route, child_scope
        return best


def _matched(found: Found | None, scope: Scope) -> Matched:
    if found is None:
        return NOTHING
    hit, args = found
    route = hit.target
    params = path_params(route, args)
    before = scope.get("path_params")
    child_scope = {"endpoint": route.endpoint, "path_params": {**before, **params} if before else params}
    return (Match.PARTIAL if hit.partial else Match.FULL), route, child_scope


def path_params(route: Any, args: tuple[Any, ...]) -> dict[str, Any]:
    """What the table has found in a path, by name."""
    return dict(zip(route.param_convertors, args, strict=True)) if args else {}


def _among_opaque(opaque: Iterable[tuple[int, Any]], found: Found | None, scope: Scope) -> Matched:
    """Ask opaque routes in their place, as far as they stand before the hit."""
    hit = found[0] if found is not None else None
    partial: tuple[int, Any, Scope] | None = None
    for order, route in opaque:
        if hit is not None and not hit.partial and order > hit.order:
            break
        match, child_scope = route.matches(scope)
        if match is Match.FULL:
            return match, route, child_scope
        if match is Match.PARTIAL and partial is None:
            partial = order, route, child_scope
    if hit is not None and (not hit.partial or partial is None or hit.order < partial[0]):
        return _matched(found, scope)
    return (Match.PARTIAL, *partial[1:]) if partial is not None else NOTHING


def _http(route: Any) -> Candidate | None:
    """The route among those for HTTP; None for one that is never asked there."""
    kind = _kind(route)
    if kind is APIRoute or kind is Route:
        return Candidate(route, route.path_format, route.param_convertors, _methods(route))
    return None if kind in (APIWebSocketRoute, WebSocketRoute) else Candidate(route, None)


def _websocket(route: Any) -> Candidate | None:
    """The route among those for WebSockets; None for one that is never asked there."""
    kind = _kind(route)
    if kind is APIWebSocketRoute or kind is WebSocketRoute:
        return Candidate(route, route.path_format, route.param_convertors)
    return None if kind in (APIRoute, Route) else Candidate(route, None)


def _methods(route: Any) -> frozenset[str] | None:
    return frozenset(route.methods) if route.methods else None


def _kind(route: Any) -> type[Any] | None:
    """Whose rules a route follows, where it is one of those that a table can judge."""
    acting = route.acting_route if isinstance(route, RouteContext) else route
    for base in (APIRoute, Route, APIWebSocketRoute, WebSocketRoute):
        if isinstance(acting, base):
            regex = vars(route if isinstance(route, Operation) else acting).get("path_regex")
            usual = regex is None or is_regex_of(regex, route.path)
            return base if usual and route.path.startswith("/") and not has_own_rules(acting, base) else None
    return None
