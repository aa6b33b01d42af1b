"""The routes of a tree of routers as one table, kept until the tree changes.

What the table can judge by path and method is a candidate; what has rules of its own (mounts, hosts, subclasses that
override `matches` or `handle`) is opaque and is asked in its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from starlette.routing import BaseRoute, Match, Route, WebSocketRoute, get_route_path
from starlette.types import Scope

from vivace.match import Candidate, Hit, Table
from vivace.routing.contexts import EffectiveRoute, IncludedRouter
from vivace.routing.route import CONTEXT_KEY, SCOPE_KEY, APIRoute, APIWebSocketRoute, has_own_rules
from vivace.routing.tree import EPOCH, Routes

_WEBSOCKET = frozenset({"WEBSOCKET"})


class Index:
    """Finds the route for a scope, by Starlette's rules."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self._routes = routes
        self._epoch = -1
        self._versions: tuple[int, ...] = ()
        self.http = Table()
        self.websocket = Table()

    def refresh(self) -> None:
        """Make the tables anew if the tree has changed since they were made."""
        if self._epoch == EPOCH.now:
            return
        epoch, versions = EPOCH.now, tuple(_versions(self._routes))
        if versions != self._versions:
            flat = list(_flat(self._routes))
            self.http = Table([_http(route) for route in flat])
            self.websocket = Table([_websocket(route) for route in flat])
            self._versions = versions
        self._epoch = epoch

    def match(self, scope: Scope) -> tuple[Match, Any, Scope]:
        """`(how well, route, what to add to the scope)`."""
        self.refresh()
        path = get_route_path(scope)
        if scope["type"] == "http":
            table, hit = self.http, self.http.find(scope["method"], path)
        else:
            table, hit = self.websocket, self.websocket.find("WEBSOCKET", path)
        if table.opaque or (path and path[-1] == "\n"):
            return _with_opaque(table, hit, scope, self._routes if path.endswith("\n") else None)
        return _found(hit, scope)


def _found(hit: Hit | None, scope: Scope) -> tuple[Match, Any, Scope]:
    if hit is None:
        return Match.NONE, None, {}
    return (Match.PARTIAL if hit.partial else Match.FULL), hit.target, _child_scope(hit, scope)


def _child_scope(hit: Hit, scope: Scope) -> Scope:
    route = hit.target
    params = dict(zip(route.param_convertors, hit.args, strict=True)) if hit.args else {}
    before = scope.get("path_params")
    return {"endpoint": route.endpoint, "path_params": {**before, **params} if before else params}


def _with_opaque(
    table: Table, hit: Hit | None, scope: Scope, slowly: Iterable[BaseRoute] | None
) -> tuple[Match, Any, Scope]:
    """Ask opaque routes in their place; Python's `$` lets a newline end a path, so such paths are asked of every route."""
    if slowly is not None:
        return _first_match(enumerate(_flat(slowly)), None, scope)
    return _first_match(table.opaque, hit, scope)


def _first_match(routes: Iterable[tuple[int, Any]], hit: Hit | None, scope: Scope) -> tuple[Match, Any, Scope]:
    partial: tuple[int, Any, Scope] | None = None
    for order, route in routes:
        if hit is not None and not hit.partial and order > hit.order:
            break
        match, child_scope = route.matches(scope)
        if match is Match.FULL:
            return match, route, child_scope
        if match is Match.PARTIAL and partial is None:
            partial = order, route, child_scope
    if hit is not None and (not hit.partial or partial is None or hit.order < partial[0]):
        return _found(hit, scope)
    return (Match.PARTIAL, *partial[1:]) if partial is not None else (Match.NONE, None, {})


def _versions(routes: Sequence[BaseRoute]) -> Iterator[int]:
    """The versions of every list of the tree, and which lists they are."""
    yield id(routes)
    if isinstance(routes, Routes):
        yield routes.version
    for route in routes:
        if isinstance(route, IncludedRouter):
            yield from _versions(route.original_router.routes)


def _flat(routes: Iterable[BaseRoute]) -> Iterator[Any]:
    """All routes in the order in which they are asked; an included router with rules of its own stays one."""
    for route in routes:
        if isinstance(route, IncludedRouter) and not route.has_own_rules:
            yield from _flat(route.candidates())
        else:
            yield route


def _http(route: Any) -> Candidate:
    if isinstance(route, EffectiveRoute) and not has_own_rules(route.original_route):
        return _candidate(route, route.methods)
    if isinstance(route, APIRoute) and not has_own_rules(route):
        return _candidate(route, route.methods)
    if type(route) is Route:
        return _candidate(route, route.methods)
    if isinstance(route, APIWebSocketRoute) or type(route) is WebSocketRoute:
        return Candidate(route, "\0websocket")  # never found among HTTP paths
    return Candidate(route, None)


def _websocket(route: Any) -> Candidate:
    if type(route) in (APIWebSocketRoute, WebSocketRoute):
        return _candidate(route, _WEBSOCKET)
    if isinstance(route, APIRoute | EffectiveRoute) or type(route) is Route:
        return Candidate(route, "\0http")  # never found among WebSocket paths
    return Candidate(route, None)


def _candidate(route: Any, methods: Iterable[str] | None) -> Candidate:
    admitted = None if methods is None else frozenset(methods)
    return Candidate(route, route.path_format, route.param_convertors, admitted)


def enter(route: Any, scope: Scope, child_scope: Scope) -> None:
    """Write into the scope which route was found, under the names that programs and third parties read."""
    scope.update(child_scope)
    scope["route"] = getattr(route, "original_route", route)
    if isinstance(route, EffectiveRoute):
        scope.setdefault(SCOPE_KEY, {})[CONTEXT_KEY] = route
