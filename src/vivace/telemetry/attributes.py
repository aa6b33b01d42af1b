"""OpenTelemetry's semantic conventions for HTTP servers, version 1.44, as functions of an ASGI scope.

https://opentelemetry.io/docs/specs/semconv/http/http-spans/ and .../http-metrics/. Nothing here imports OpenTelemetry.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.types import Scope

SCHEMA_URL = "https://opentelemetry.io/schemas/1.44.0"

Attributes = dict[str, str | int]

_METHODS = frozenset("CONNECT DELETE GET HEAD OPTIONS PATCH POST PUT QUERY TRACE".split())
_METHODS_VARIABLE = "OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS"
_OTHER = "_OTHER"
_PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443}
# Query parameters that are credentials.
_SECRETS = frozenset({"X-Amz-Signature", "X-Amz-Credential", "X-Amz-Security-Token", "X-Goog-Signature", "sig"})


def known_method(method: str) -> str:
    """The method, or `_OTHER`: whatever clients invent must not become a time series of its own."""
    listed = {name.strip() for name in os.environ.get(_METHODS_VARIABLE, "").split(",")} - {""}
    return method if method in (listed or _METHODS) else _OTHER


def span_name(kind: str, method: str, route: str | None) -> str:
    """`GET /items/{item_id}`, `HTTP` for unknown methods, `WS` for WebSocket connections."""
    verb = "WS" if kind == "websocket" else "HTTP" if method == _OTHER else method
    return f"{verb} {route}" if route else verb


def metric_attributes(scope: Scope) -> Attributes:
    """What every measurement of a request has, and its span."""
    return {"url.scheme": scope.get("scheme", "http"), "http.request.method": known_method(scope["method"])}


def protocol_attributes(scope: Scope) -> Attributes:
    version = scope.get("http_version")
    return {"network.protocol.version": version} if version else {}


def request_attributes(scope: Scope) -> Attributes:
    """What a span of an HTTP request has from its beginning."""
    attributes = metric_attributes(scope) | protocol_attributes(scope) | server_attributes(scope)
    if attributes["http.request.method"] == _OTHER:
        attributes["http.request.method_original"] = scope["method"]
    attributes["url.path"] = scope["path"]
    query = redacted(scope.get("query_string", b""))
    return attributes | ({"url.query": query} if query else {})


def connection_attributes(scope: Scope) -> Attributes:
    """What a span of a WebSocket connection has from its beginning."""
    attributes: Attributes = {"url.scheme": scope.get("scheme", "ws"), "network.protocol.name": "websocket"}
    return attributes | server_attributes(scope)


def server_attributes(scope: Scope) -> Attributes:
    """Address and port as the client has asked for them; as the server listens if it did not say."""
    for name, value in scope["headers"]:
        if name == b"host":
            return _authority(value.decode("latin-1"), scope.get("scheme", "http"))
    address, port = scope.get("server") or (None, None)
    found: Attributes = {"server.address": address} if address else {}
    return found | ({"server.port": port} if port is not None else {})


def _authority(host: str, scheme: str) -> Attributes:
    """Nothing at all for a host that is malformed (RFC 9110 section 7.2)."""
    try:
        parts = urlsplit(f"//{host}")
        port = parts.port
    except ValueError:
        return {}
    if not parts.hostname or parts.netloc != host or "@" in host:
        return {}
    found: Attributes = {"server.address": parts.hostname}
    port = _PORTS.get(scheme) if port is None else port
    return found if port is None else found | {"server.port": port}


def redacted(query: bytes) -> str:
    """The query string without the values of credentials."""
    if not query:
        return ""
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    return urlencode([(name, "REDACTED" if name in _SECRETS else value) for name, value in pairs])


def error_type(error: BaseException) -> str:
    """The name of the exception's class, with its module unless that is `builtins`."""
    return _qualified(type(error))


def function_attributes(function: Callable[..., Any]) -> Attributes:
    """Where a function is defined; the class of a callable object."""
    return {"code.function.name": _qualified(function if hasattr(function, "__qualname__") else type(function))}


def _qualified(named: Any) -> str:
    module = named.__module__
    name: str = named.__qualname__
    return name if module == "builtins" else f"{module}.{name}"
