"""The middleware of an application around its router: Starlette's order, with classes that cost less."""

from __future__ import annotations

from typing import Any

from starlette.applications import Starlette
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp

from vivace.middleware._third_party import is_monitored
from vivace.middleware.cors import FastCORS
from vivace.middleware.errors import InnerErrors, OuterErrors
from vivace.middleware.gzip import FastGZip
from vivace.middleware.http import HTTPMiddleware
from vivace.middleware.trustedhost import FastTrustedHost

_QUICKER: dict[type, type] = {
    BaseHTTPMiddleware: HTTPMiddleware,
    CORSMiddleware: FastCORS,
    GZipMiddleware: FastGZip,
    TrustedHostMiddleware: FastTrustedHost,
}


def build_stack(app: Starlette) -> ASGIApp:
    """From the outermost layer to the router, each one the `app` of the layer around it."""
    if is_monitored():
        return Starlette.build_middleware_stack(app)
    server_error = None
    handlers = {}
    for key, handler in app.exception_handlers.items():
        if key in (500, Exception):
            server_error = handler
        else:
            handlers[key] = handler
    stack: ASGIApp = InnerErrors(app.router, handlers=handlers, debug=app.debug)
    for cls, args, options in reversed(app.user_middleware):
        stack = quicker(cls)(stack, *args, **options)
    if app.max_body_size is not None:
        stack = RequestBodyLimitMiddleware(stack, max_body_size=app.max_body_size)
    return OuterErrors(stack, handler=server_error, debug=app.debug)


def quicker(cls: Any) -> Any:
    """A subclass of a middleware class that does the same for less, where there is one; else `cls` itself.

    `HTTPMiddleware` goes between a subclass of `BaseHTTPMiddleware` and its base: an overridden `__call__` keeps its
    place, and reaches it by `super()`.
    """
    if isinstance(cls, type) and cls in _QUICKER:
        return _QUICKER[cls]
    if not isinstance(cls, type) or not issubclass(cls, BaseHTTPMiddleware) or issubclass(cls, HTTPMiddleware):
        return cls
    names = {"__module__": cls.__module__, "__qualname__": cls.__qualname__, "__doc__": cls.__doc__}
    meta: Any = type(cls)
    try:
        return meta(cls.__name__, (cls, HTTPMiddleware), names)
    except TypeError:  # a metaclass, or `__init_subclass__`, wants to know more
        return cls
