"""Limits in the OpenAPI document: a 429 answer where a dependency may give one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vivace import FastAPI
from vivace.kit.limits.fields import LIMIT, POLICY
from vivace.kit.limits.throttle import LIMITED
from vivace.routing import iter_route_contexts

_HEADERS = {
    "Retry-After": {"description": "Seconds until it is worth another try", "schema": {"type": "integer"}},
    LIMIT: {"description": "What is left of each limit", "schema": {"type": "string"}},
    POLICY: {"description": "The limits", "schema": {"type": "string"}},
}


def document_limits(app: FastAPI) -> None:
    """Have `app.openapi()` tell of limits: call it once, before or after routes are declared."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        document = made()
        for path, method, answers in _limited(app):
            operation = document["paths"].get(path, {}).get(method)
            if operation is not None:
                for status, text in answers.items():
                    told = {"description": text, "headers": _HEADERS}
                    operation["responses"].setdefault(status, told)
        return document

    setattr(app, "openapi", openapi)  # noqa: B010  # FastAPI's way to extend the document, which types don't know


def _limited(app: FastAPI) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Each operation with the answers that its dependencies may give."""
    for route in iter_route_contexts(app.routes):
        dependant = getattr(route, "dependant", None)
        answers = {} if dependant is None else _answers(dependant)
        if answers:
            for method in route.methods or ():
                yield route.path_format, method.lower(), answers


def _answers(dependant: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for dependency in dependant.dependencies:
        for status, text in {**_answers(dependency), **getattr(dependency.call, LIMITED, {})}.items():
            found[status] = f"{found[status]}; {text}" if status in found else text
    return found
