"""Starlette's `GZipMiddleware`, and the form of it that an application runs."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from starlette.middleware.gzip import GZipMiddleware, GZipResponder, IdentityResponder
from starlette.types import Message, Receive, Scope, Send

__all__ = ["GZipMiddleware"]

_KNOWN_TYPES = 100  # content types of which is remembered whether they are excluded


class FastGZip(GZipMiddleware):
    """Holds the head back until the body shows whether Starlette's responder is needed: for a small one it is not."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._excluded: dict[bytes, bool] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            send = _Answer(self, scope, send).send
        await self.app(scope, receive, send)

    def may_compress(self, start: Message) -> bool:
        """By the head alone."""
        content_type = b""
        for name, value in start["headers"]:
            if name == b"content-encoding":
                return False
            if name == b"content-type":
                content_type = content_type or value
        excluded = self._excluded.get(content_type)
        if excluded is None:
            excluded = self._is_excluded(content_type.decode("latin-1"))
            if len(self._excluded) < _KNOWN_TYPES:
                self._excluded[content_type] = excluded
        return not excluded and start["status"] != 206

    def _is_excluded(self, content_type: str) -> bool:
        media_type = content_type.partition(";")[0].strip().lower()
        names = {media_type, media_type.partition("/")[0] + "/*"}
        if media_type.startswith("application/grpc+"):
            names.add("application/grpc")
        return not names.isdisjoint(self.exclude_content_types)

    def responder(self, accepted: bytes) -> IdentityResponder:
        """Starlette's, by the client's Accept-Encoding."""
        options: dict[str, Any] = {"exclude_content_types": self.exclude_content_types}
        if b"gzip" not in accepted:
            return IdentityResponder(self.app, self.minimum_size, **options)
        options |= {"compresslevel": self.compresslevel, "thread_minimum_size": self.thread_minimum_size}
        return GZipResponder(self.app, self.minimum_size, **options)


class _Answer:
    """One response on its way up."""

    def __init__(self, middleware: FastGZip, scope: Scope, send: Send) -> None:
        self._middleware = middleware
        self._accepted = next((value for name, value in scope["headers"] if name == b"accept-encoding"), b"")
        self._next = send
        self._head: Message | None = None
        self._decided: Send | None = None  # who takes the messages from now on

    def send(self, message: Message) -> Awaitable[None]:
        if self._decided is not None:
            return self._decided(message)
        kind = message["type"]
        if self._head is None and kind == "http.response.start":
            message.setdefault("headers", [])
            if self._middleware.may_compress(message):
                self._head = message
                return _later()
        elif self._head is not None and kind == "http.response.body" and self._is_small(message):
            return self._whole(self._head, message)
        return self._hand_over(message)

    def _is_small(self, message: Message) -> bool:
        return not message.get("more_body") and len(message.get("body", b"")) < self._middleware.minimum_size

    async def _whole(self, head: Message, body: Message) -> None:
        self._decided = self._next
        await self._next(head)
        await self._next(body)

    async def _hand_over(self, message: Message) -> None:
        responder = self._middleware.responder(self._accepted)
        responder.send = self._next
        self._decided = responder.send_with_compression
        if self._head is not None:
            await responder.send_with_compression(self._head)
        await responder.send_with_compression(message)


async def _later() -> None:
    """The head waits for the body."""
