"""What the dependencies answer by themselves, in the OpenAPI document: 401, 403 and 503 where a route depends on them.

Their schemes and scopes are there by themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from vivace.openapi.answers import answers

F = TypeVar("F", bound=Callable[..., Any])

_HEADERS = {
    401: ("WWW-Authenticate", "How to authenticate (RFC 6750)", "string"),
    403: ("WWW-Authenticate", "The scopes that are needed (RFC 6750)", "string"),
    503: ("Retry-After", "Seconds until it is worth another try", "integer"),
}


def refuses(dependency: F, told: dict[int, str]) -> F:
    """Have the document show refusals: statuses and texts."""
    return answers(dependency, {status: _response(status, text) for status, text in told.items()})


def _response(status: int, text: str) -> dict[str, Any]:
    name, meaning, kind = _HEADERS[status]
    return {"description": text, "headers": {name: {"description": meaning, "schema": {"type": kind}}}}
