"""What routing writes into a request's scope beside Starlette's keys, under the names that programs know from FastAPI.

`scope["fastapi"]` is a dictionary, there for routes that were reached through `include_router`, and for frontends.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from starlette.types import Scope

SCOPE_KEY = "fastapi"
CONTEXT_KEY = "effective_route_context"  # the `RouteContext` through which the route was reached
ROUTER_KEY = "included_router"  # the `IncludedRouter` that it stands in
FRONTEND_KEY = "frontend_path"  # what is left of the path below a frontend's own
LENGTH_KEY = "frontend_specificity"  # the length of the frontend's own


def notes(scope: Scope) -> dict[str, Any]:
    """The dictionary to write to, made where there is none."""
    found = scope.get(SCOPE_KEY)
    if not isinstance(found, dict):
        found = scope[SCOPE_KEY] = {}
    return found


def noted(scope: Scope, key: str) -> Any:
    """What is written under a key; None where nothing is."""
    found = scope.get(SCOPE_KEY)
    return found.get(key) if isinstance(found, dict) else None


@contextmanager
def noting(scope: Scope, key: str, value: object) -> Iterator[None]:
    """Write, and take it back afterwards: what a route's own `matches` reads must not be there for the next route."""
    before = noted(scope, key)
    notes(scope)[key] = value
    try:
        yield
    finally:
        restore(scope, key, before)


def restore(scope: Scope, key: str, before: object) -> None:
    found = scope.get(SCOPE_KEY)
    if not isinstance(found, dict):
        return
    if before is None:
        found.pop(key, None)
    else:
        found[key] = before
