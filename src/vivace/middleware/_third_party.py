"""Starlette's own methods, exchanged: monitoring tools (Sentry) put theirs in their place, to see what passes the layers.

An application is then built of the classes that the tool knows, and every request goes through all of them.
"""

from __future__ import annotations

import sys
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.middleware.exceptions import ExceptionMiddleware

_WATCHED: list[tuple[type[Any], str]] = [
    (Starlette, "__call__"),
    (Starlette, "build_middleware_stack"),
    (Middleware, "__init__"),
    (ServerErrorMiddleware, "__init__"),
    (ServerErrorMiddleware, "__call__"),
    (ExceptionMiddleware, "__init__"),
    (ExceptionMiddleware, "__call__"),
]


def is_monitored() -> bool:
    """Whether one of the methods that make up the layers is not Starlette's own."""
    return any(_exchanged(cls, name) for cls, name in _WATCHED)


def _exchanged(cls: type[Any], name: str) -> bool:
    # By where it was written, since a tool may have been there before this module was imported.
    method = getattr(cls, name)
    return getattr(method, "__globals__", None) is not vars(sys.modules[cls.__module__])
