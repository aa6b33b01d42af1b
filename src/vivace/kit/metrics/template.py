"""The route of a request as one label: `/items/{item_id}`, through routers and mounts, never the path as it was sent.

A path that no route answers is `NO_ROUTE`: a client that tries addresses must not make a series of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.routing import BaseRoute, Mount
from starlette.types import Scope

from vivace.routing import iter_route_contexts

NO_ROUTE = "(none)"
_REST = "/{path}"  # what the template of a mount ends in


def template_of(app: Any, scope: Scope, root_path: str) -> str:
    """The label of a request that has been routed.

    Args:
        app: the application outermost, in which mounts are looked up.
        scope: the request's scope, afterwards.
        root_path: what its root path was before.
    """
    route = scope.get("route")
    below = scope.get("root_path", "").removeprefix(root_path)
    prefix = _mounts(getattr(app, "routes", ()), below) if below else ""
    if route is None or (prefix and isinstance(route, Mount)):
        return prefix or NO_ROUTE
    return prefix + _own(scope, route)


def _own(scope: Scope, route: Any) -> str:
    """The route's template with the prefixes of the routers that include it, where it was reached through such."""
    noted = scope.get("fastapi")
    context = noted.get("effective_route_context") if isinstance(noted, dict) else None
    if context is not None and route in (context.acting_route, context.original_route):
        route = context
    template = getattr(route, "path_format", None) or getattr(route, "path", None) or NO_ROUTE
    return str(template).removesuffix(_REST) if isinstance(route, Mount) else str(template)


def _mounts(routes: Sequence[BaseRoute], below: str) -> str:
    """The templates of the mounts that a request has gone through, whose own part of its path is `below`."""
    for route in iter_route_contexts(routes):
        mount: Any = route.acting_route
        match = mount.path_regex.match(below + "/") if isinstance(mount, Mount) else None
        if match is not None:
            inner = match.group("path").rstrip("/")
            own: str = mount.path_format.removesuffix(_REST)
            return own + (_mounts(mount.routes, "/" + inner) if inner else "")
    return ""
