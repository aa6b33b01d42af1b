"""Requests that another site has a browser send, with the user's cookies: refused before they reach a route.

What a browser says of itself, in this order: `Sec-Fetch-Site` (Fetch Metadata), `Origin` (RFC 6454) against `Host`.
A client that says neither is no browser, and has nobody's cookies. GET, HEAD and OPTIONS change nothing, and pass.
A WebSocket has no preflight and begins with GET, so its `Origin` is always checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from vivace.kit.secure.refuse import refuse

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN = (b"same-origin", b"none")  # `none`: the user's own doing, such as an address typed in


class OriginCheck:
    """Refuses, with 403, what comes from another origin.

    Args:
        app: what it is around.
        origins: other origins that may send, such as `https://app.example.com`.

    Raises:
        ValueError: one of them is no origin.
    """

    def __init__(self, app: ASGIApp, *, origins: Sequence[str] = ()) -> None:
        self.app = app
        self._origins = checked_origins(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind = scope["type"]
        checked = kind == "websocket" or (kind == "http" and scope["method"] not in _SAFE)
        if not checked or comes_from_here(scope["headers"], self._origins):
            await self.app(scope, receive, send)
        else:
            await refuse(scope, receive, send, 403, "Cross-origin request refused")


def checked_origins(origins: Sequence[str]) -> frozenset[bytes]:
    """Origins as they are compared.

    Raises:
        ValueError: one of them is no origin.
    """
    for origin in origins:
        parts = urlsplit(origin)
        if not parts.scheme or not parts.netloc or origin != f"{parts.scheme}://{parts.netloc}":
            raise ValueError(f"{origin!r} is no origin: write scheme, host and port only, 'https://app.example.com'")
    return frozenset(origin.lower().encode() for origin in origins)


def comes_from_here(raw_headers: Iterable[tuple[bytes, bytes]], origins: frozenset[bytes]) -> bool:
    """Whether a request is from one of these origins, from this host, or from no browser at all."""
    headers = dict(raw_headers)
    origin = headers.get(b"origin", b"").lower()
    if origin in origins:
        return True
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        return site in _OWN
    return not origin or _authority(origin) == headers.get(b"host", b"").lower()


def _authority(origin: bytes) -> bytes:
    """Host and port of an origin. The scheme is left out: behind a proxy that ends TLS it is not known for sure."""
    return origin.partition(b"://")[2]
