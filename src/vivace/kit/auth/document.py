"""What the dependencies answer by themselves, in the OpenAPI document: 401, 403 and 503 where a route depends on them.

Their schemes and scopes are there by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from vivace import FastAPI
from vivace.routing import iter_route_contexts

F = TypeVar("F", bound=Callable[..., Any])

_ANSWERS = "__vivace_auth_answers__"


def answers(dependency: F, told: dict[int, str]) -> F:
    """Mark a dependency with what it may answer: statuses and texts."""
    setattr(dependency, _ANSWERS, told)
    return dependency


def document_auth(app: FastAPI) -> None:
    """Have `app.openapi()` tell of refusals: call it once, before or after routes are declared."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        document = made()
        for path, method, told in _guarded(app):
            operation = document["paths"].get(path, {}).get(method)
            if operation is not None:
                for status, text in sorted(told.items()):
                    operation["responses"].setdefault(str(status), _response(status, text))
        return document

    setattr(app, "openapi", openapi)  # noqa: B010  # FastAPI's way to extend the document, which types don't know


def _response(status: int, text: str) -> dict[str, Any]:
    name, meaning, kind = {
        401: ("WWW-Authenticate", "How to authenticate (RFC 6750)", "string"),
        403: ("WWW-Authenticate", "The scopes that are needed (RFC 6750)", "string"),
        503: ("Retry-After", "Seconds until it is worth another try", "integer"),
    }[status]
    return {"description": text, "headers": {name: {"description": meaning, "schema": {"type": kind}}}}


def _guarded(app: FastAPI) -> Iterator[tuple[str, str, dict[int, str]]]:
    for route in iter_route_contexts(app.routes):
        dependant = getattr(route, "dependant", None)
        told = {} if dependant is None else _told(dependant)
        if told:
            for method in route.methods or ():
                yield route.path_format, method.lower(), told


def _told(dependant: Any) -> dict[int, str]:
    found: dict[int, str] = {}
    for dependency in dependant.dependencies:
        own: dict[int, str] = getattr(dependency.call, _ANSWERS, {})
        for status, text in (_told(dependency) | own).items():
            before = found.get(status, "")
            found[status] = before if text in before else f"{before}; {text}".removeprefix("; ")
    return found
