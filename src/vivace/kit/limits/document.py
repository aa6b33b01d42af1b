"""What limits answer by themselves, as the OpenAPI document shows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from vivace.kit.limits.fields import LIMIT, POLICY
from vivace.openapi.answers import answers

F = TypeVar("F", bound=Callable[..., Any])

_RETRY = {"Retry-After": {"description": "Seconds until it is worth another try", "schema": {"type": "integer"}}}
_RATES = {
    LIMIT: {"description": "What is left of each limit", "schema": {"type": "string"}},
    POLICY: {"description": "The limits", "schema": {"type": "string"}},
}


def limited_by_rate(dependency: F, rate: object) -> F:
    text = f"Too many requests: more than {rate}"
    return answers(dependency, {429: {"description": text, "headers": _RETRY | _RATES}})


def limited_at_once(dependency: F, most: int) -> F:
    text = f"Too many requests at once: more than {most}"
    return answers(dependency, {429: {"description": text, "headers": _RETRY}})
