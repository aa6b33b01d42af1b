"""`vivace routes`: every route of an application, and how it is served."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from starlette.routing import BaseRoute, Host, Mount, WebSocketRoute

from vivace.cli.load import load
from vivace.cli.options import Found
from vivace.cli.text import columns, console, named
from vivace.routing import iter_route_contexts

_HEAD = ("METHODS", "PATH", "NAME", "ENDPOINT", "SERVED")


def routes(options: Found) -> None:
    """Print the table."""
    _, app = load(options.find(options.target))
    for line in columns([_HEAD, *rows(getattr(app, "routes", []))]):
        console().print(line)


def rows(declared: list[BaseRoute], prefix: str = "") -> Iterator[tuple[str, ...]]:
    """A row for each route in the order of matching; below a mount the routes of what is mounted."""
    for route in iter_route_contexts(declared):
        original: Any = route.original_route
        if isinstance(original, Mount | Host):
            where = prefix + (route.path or "") if isinstance(original, Mount) else f"{original.host}{prefix}"
            yield "MOUNT", where or "/", route.name or "", _mounted(original), "by what is mounted"
            yield from rows(getattr(original, "routes", None) or [], where)
        else:
            endpoint = route.endpoint
            yield (
                _methods(route),
                prefix + (route.path or ""),
                route.name or "",
                f"{endpoint.__module__}.{named(endpoint)}" if endpoint else type(original).__name__,
                served(route),
            )


def _methods(route: Any) -> str:
    if isinstance(route.original_route, WebSocketRoute):
        return "WEBSOCKET"
    return ",".join(sorted(route.methods)) if route.methods else "ANY"


def _mounted(mount: Any) -> str:
    app = mount.app
    return f"{type(app).__module__}.{type(app).__qualname__}"


def served(route: Any) -> str:
    """`straight`, or `general` with the reasons, or whose route it is."""
    plan = getattr(route, "plan", None)
    if plan is None:
        return "as a session" if isinstance(route.original_route, WebSocketRoute) else "by Starlette"
    return "general: " + "; ".join(reason.what for reason in plan.reasons) if plan.reasons else "straight"
