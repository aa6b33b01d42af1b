"""Starlette's `CORSMiddleware`, and the form of it that an application runs."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.types import Message, Receive, Scope, Send

__all__ = ["CORSMiddleware"]

Pairs = list[tuple[bytes, bytes]]
_ALLOW_ORIGIN = b"access-control-allow-origin"
_VARY = (b"vary", b"Origin")


class FastCORS(CORSMiddleware):
    """Has the headers of ordinary responses ready.

    Preflight requests, and responses that have such headers already, are left to `CORSMiddleware`.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        encoded = [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in self.simple_headers.items()]
        self._whenever: Pairs = [*encoded, _VARY]  # with any origin, where origins make no difference
        self._rest: Pairs = [pair for pair in encoded if pair[0] != _ALLOW_ORIGIN]
        self._names = {name for name, _ in encoded} | {_ALLOW_ORIGIN, b"vary"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] == "OPTIONS":
            await super().__call__(scope, receive, send)
            return
        added = self._headers_for(next((value for name, value in scope["headers"] if name == b"origin"), None))

        def marked(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                if not self._names.isdisjoint([name for name, _ in headers]):
                    return self.send(message, send, Headers(scope=scope))
                message["headers"] = headers + added
            return send(message)

        await self.app(scope, receive, marked)

    def _headers_for(self, origin: bytes | None) -> Pairs:
        if origin is None:
            return [_VARY]
        if self.allow_all_origins:
            return [(_ALLOW_ORIGIN, origin), *self._rest, _VARY] if self.allow_credentials else self._whenever
        if self.is_allowed_origin(origin.decode("latin-1")):
            return [*self._rest, (_ALLOW_ORIGIN, origin), _VARY]
        return [*self._rest, _VARY]
