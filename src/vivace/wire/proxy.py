"""What a trusted proxy says of the client, as uvicorn's `ProxyHeadersMiddleware` reads it, for the wire's scopes."""

from __future__ import annotations

from starlette.types import Scope
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware


def forwarded(proxy: ProxyHeadersMiddleware | None, scope: Scope) -> None:
    """Put `X-Forwarded-Proto` and `X-Forwarded-For` into the scope, if the peer is a trusted proxy."""
    client = scope.get("client")
    if proxy is None or (client[0] if client else None) not in proxy.trusted_hosts:
        return
    protocols = [value for name, value in scope["headers"] if name == b"x-forwarded-proto"]
    if protocols:
        protocol = protocols[-1].decode("latin1").strip()
        if protocol in ("http", "https", "ws", "wss"):
            scope["scheme"] = protocol
    addresses = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    if addresses:
        host, port = proxy.trusted_hosts.get_trusted_client_address(b", ".join(addresses).decode("latin1"))
        if host:
            scope["client"] = (host, port)
