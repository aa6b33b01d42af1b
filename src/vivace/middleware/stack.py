"""The middleware of an application around its router: Starlette's order, with classes that cost less.

Each layer is declared as a `Middleware` first, as Starlette does it: tools that watch a class start there.
"""

from __future__ import annotations

from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp

from vivace.middleware.cors import FastCORS
from vivace.middleware.errors import InnerErrors, OuterErrors
from vivace.middleware.gzip import FastGZip
from vivace.middleware.http import HTTPMiddleware
from vivace.middleware.patched import is_patched
from vivace.middleware.trustedhost import FastTrustedHost

_QUICKER: dict[type, type] = {
    BaseHTTPMiddleware: HTTPMiddleware,
    CORSMiddleware: FastCORS,
    ExceptionMiddleware: InnerErrors,
    GZipMiddleware: FastGZip,
    ServerErrorMiddleware: OuterErrors,
    TrustedHostMiddleware: FastTrustedHost,
}


def build_stack(app: Starlette) -> ASGIApp:
    """From the outermost layer to the router, each one the `app` of the layer around it."""
    server_error = None
    handlers = {}
    for key, handler in app.exception_handlers.items():
        if key in (500, Exception):
            server_error = handler
        else:
            handlers[key] = handler
    layers = [Middleware(ServerErrorMiddleware, handler=server_error, debug=app.debug)]
    if app.max_body_size is not None:
        layers.append(Middleware(RequestBodyLimitMiddleware, max_body_size=app.max_body_size))
    layers += app.user_middleware
    layers.append(Middleware(ExceptionMiddleware, handlers=handlers, debug=app.debug))
    stack: ASGIApp = app.router
    for cls, args, options in reversed(layers):
        stack = quicker(cls)(stack, *args, **options)
    return stack


def quicker(cls: Any) -> Any:
    """A subclass of a middleware class that does the same for less, where there is one; else `cls` itself.

    `HTTPMiddleware` goes between a subclass of `BaseHTTPMiddleware` and its base: an overridden `__call__` keeps its
    place, and reaches it by `super()`. A class that somebody has patched is run as they have left it.
    """
    if not isinstance(cls, type) or is_patched(cls, "__call__"):
        return cls
    if cls in _QUICKER:
        return _QUICKER[cls]
    if not issubclass(cls, BaseHTTPMiddleware) or issubclass(cls, HTTPMiddleware):
        return cls
    if is_patched(BaseHTTPMiddleware, "__call__"):
        return cls
    names = {"__module__": cls.__module__, "__qualname__": cls.__qualname__, "__doc__": cls.__doc__}
    meta: Any = type(cls)
    try:
        return meta(cls.__name__, (cls, HTTPMiddleware), names)
    except TypeError:  # a metaclass, or `__init_subclass__`, wants to know more
        return cls
