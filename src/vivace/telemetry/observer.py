"""What the general path tells on its way, and where it finds who listens.

This is all that routing, operations and background tasks know of telemetry. Nothing here imports OpenTelemetry.
"""

# ruff: noqa: ARG002 - the methods are there to be overridden

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from starlette.requests import HTTPConnection

# Where the observer of a request stands in its scope, under the name that third parties know. None: nobody may observe.
SCOPE_KEY = "fastapi.telemetry"
# The same in an OpenTelemetry context.
CONTEXT_KEY = "vivace.telemetry"

Block = AbstractContextManager[None]
_NOTHING: Block = nullcontext()


class Observer:
    """Listens to nothing. `vivace.telemetry.recording` has the one that records."""

    __slots__ = ()

    def entered(self, route: Any) -> None:
        """A router has chosen `route`, as it is through the routers above it; mounts are entered one after another."""

    def reading(self, connection: HTTPConnection) -> Block:
        """The handler of a route starts, and reads the body."""
        return _NOTHING

    def solving(self, endpoint: Callable[..., Any], body: Any) -> Block:
        """Parameters are validated and dependencies called."""
        return _NOTHING

    def solved(self, values: dict[str, Any], errors: Sequence[Any]) -> None:
        """These are the endpoint's arguments, unless there are errors."""

    def calling(self, endpoint: Callable[..., Any], is_async: bool) -> Callable[..., Any]:
        """The endpoint is about to be called; the function given back is called in its place."""
        return endpoint

    def serializing(self, endpoint: Callable[..., Any]) -> Block:
        """The result is made a response."""
        return _NOTHING

    def working(self, function: Callable[..., Any]) -> Block:
        """A background task runs."""
        return _NOTHING


NOBODY = Observer()


def observer_of(scope: Mapping[str, Any]) -> Observer:
    """Who observes the request of this scope."""
    return scope.get(SCOPE_KEY) or NOBODY


@contextmanager
def unobserved(scope: MutableMapping[str, Any]) -> Iterator[None]:
    """Inside, nobody is told of the steps: they belong to no path operation of the program."""
    observer = scope.get(SCOPE_KEY)
    if observer is None:
        yield
        return
    scope[SCOPE_KEY] = None
    try:
        yield
    finally:
        scope[SCOPE_KEY] = observer


def current_observer() -> Observer:
    """Who observes the request that this code runs for, where there is no scope at hand."""
    context = sys.modules.get("opentelemetry.context")
    return NOBODY if context is None else context.get_value(CONTEXT_KEY) or NOBODY
