"""One request on the wire and its answer.

The parser fills an exchange; a plan takes from it what it needs, and answers by writing to the connection. The ASGI
view of the same request (`scope`, `receive`, `send`) is made when something asks for it: a `Request` parameter, a
mounted application, middleware, the general path.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import httptools
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Scope

from vivace.body_limits import BodyTooLarge
from vivace.exchange import Exchange
from vivace.head import STATUS_LINES, Head, RawHeaders, status_line
from vivace.wire.head import Framing, frame
from vivace.wire.proxy import forwarded

if TYPE_CHECKING:
    from vivace.shortcut import Way
    from vivace.wire.protocol import WireProtocol

# Numbers as bytes: to look one up costs a third of writing it.
_LENGTHS = tuple(b"%d" % size for size in range(4096))
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class WireExchange(Exchange):
    """The request being parsed, or being answered. `body` is complete once the parser says so."""

    __slots__ = (
        "_framing",
        "_request",
        "_scope",
        "_wakeup",
        "args",
        "body",
        "complete",
        "continue_asked",
        "disconnected",
        "finished",
        "headers",
        "http_version",
        "keep_alive",
        "method",
        "noted",
        "path",
        "protocol",
        "query",
        "room",
        "started",
        "target",
        "task",
        "way",
    )

    def __init__(self, protocol: WireProtocol, target: bytes) -> None:
        self.protocol = protocol
        self.target = target  # as it stands in the request line
        self.headers: RawHeaders = []
        self.args: tuple[Any, ...] = ()
        self.query = self.body = b""
        self.method = self.path = ""
        self.http_version = "1.1"
        self.way: Way | None = None  # past the layers of the application, where a plan answers
        self.keep_alive = True
        self.noted = False  # a header has come that the connection itself heeds
        self.continue_asked = False
        self.room: int | None = None  # bytes that may still come; None: any number; negative: too many came
        self.complete = False  # the whole request has come
        self.started = False  # the response has begun
        self.finished = False  # the response has been sent
        self.disconnected = False
        self.task: asyncio.Task[None] | None = None
        self._scope: Scope | None = None
        self._request: Request | None = None
        self._framing: Framing | None = None
        self._wakeup: asyncio.Event | None = None

    def head_size(self) -> int:
        """Bytes of target and header fields."""
        return len(self.target) + sum(len(name) + len(value) for name, value in self.headers)

    # -- the answer

    def put(self, head: Head, body: bytes | memoryview, fields: Sequence[bytes] = ()) -> None:
        """Write a whole response, with further fields in its head."""
        protocol = self.protocol
        if self.keep_alive and self.method != "HEAD" and not self.disconnected:
            self.started = self.finished = True
            if head.has_body:
                size = len(body)
                length = _LENGTHS[size] if size < len(_LENGTHS) else b"%d" % size
                data = b"".join((protocol.site.lines_below(head.wire), length, head.lines, *fields, b"\r\n", body))
            else:
                data = b"".join((head.wire, protocol.site.header_lines(), head.lines[2:], *fields, b"\r\n"))
            protocol.write_soon(data)
            protocol.answered(self, head.status)
            if self._wakeup is not None:
                self._wakeup.set()
        else:
            self._write_whole(head.status, head.headers(len(body), fields), bytes(body) if head.has_body else b"")
            self._finish(head.status)

    async def respond(self, head: Head, body: bytes, fields: Sequence[bytes] = ()) -> None:
        self.put(head, body, fields)
        if self.protocol.write_paused:
            await self.protocol.drain()

    async def respond_with(self, response: Response) -> None:
        if type(response).__call__ is not Response.__call__ or not isinstance(response.body, bytes):
            await response(self.scope, self.receive, self.send)  # which may fail before it has sent anything
            return
        self._write_whole(response.status_code, response.raw_headers, response.body)
        self._finish(response.status_code)
        if self.protocol.write_paused:
            await self.protocol.drain()
        if response.background is not None:
            self.flush()
            await response.background()

    def flush(self) -> None:
        self.protocol.flush()

    def _write_whole(self, status: int, headers: RawHeaders, body: bytes) -> None:
        framing = frame(headers, status, self.method == "HEAD")
        if self.method == "HEAD":
            body = b""
        elif not framing.chunked and len(body) != framing.remaining and status not in (204, 304):
            longer = "longer" if len(body) > framing.remaining else "shorter"
            raise RuntimeError(f"Response content {longer} than Content-Length")
        if framing.chunked:
            body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body) if body else b"0\r\n\r\n"
        self.started = True
        self.protocol.write_soon(self._head(status, framing) + body)

    def _head(self, status: int, framing: Framing) -> bytes:
        self.keep_alive = self.keep_alive and not framing.close
        closing = b"" if self.keep_alive or framing.close else b"connection: close\r\n"
        line = STATUS_LINES.get(status) or status_line(status)
        return b"%b%b%b%b\r\n" % (line, self.protocol.site.header_lines(), framing.lines, closing)

    def _finish(self, status: int) -> None:
        self.finished = True
        self.protocol.answered(self, status)
        self.wake()

    # -- the ASGI view

    @property
    def scope(self) -> Scope:  # type: ignore[override]
        if self._scope is None:
            self._scope = self.protocol.scope_for(self)
            if self.way is not None:
                forwarded(self.protocol.site.proxy, self._scope)
                assert self.protocol.shortcut is not None
                self.protocol.shortcut.enter(self.way, self.args, self._scope)
        return self._scope

    @property
    def client(self) -> tuple[str, int] | None:  # type: ignore[override]
        if self._scope is None and (self.protocol.site.proxy is None or not self._is_forwarded()):
            return self.protocol.client  # what the scope would say, which costs 30 us to make
        client: tuple[str, int] | None = self.scope.get("client")
        return client

    def _is_forwarded(self) -> bool:
        for name, _ in self.headers:  # noqa: SIM110  # a generator costs more than the rest of it
            if name == b"x-forwarded-for":
                return True
        return False

    @property
    def request(self) -> Request:  # type: ignore[override]
        if self._request is None:
            self._request = Request(self.scope, self.receive, self.send)
        return self._request

    async def receive(self) -> Message:
        """The body as it comes, then the end of the connection.

        Raises:
            BodyTooLarge: more has come than may.
        """
        if not self.started:
            self.give_go_ahead()
        while not (self.body or self.complete or self.disconnected or self.finished or self._is_overrun()):
            await self._wait()
        if self._is_overrun():
            raise BodyTooLarge
        if self.disconnected or self.finished or self.complete is None:
            return {"type": "http.disconnect"}
        body, self.body = self.body, b""
        more = not self.complete
        if not more:
            self.complete = None  # type: ignore[assignment]  # all of it has been handed out
        return {"type": "http.request", "body": body, "more_body": more}

    def _is_overrun(self) -> bool:
        return self.room is not None and self.room < 0

    def give_go_ahead(self) -> None:
        """Tell a client that asked (RFC 9110 section 10.1.1) to send the body."""
        if self.continue_asked:
            self.continue_asked = False
            self.protocol.write(_CONTINUE)

    async def _wait(self) -> None:
        self.protocol.resume_reading()
        self._wakeup = asyncio.Event()
        await self._wakeup.wait()

    def wake(self) -> None:
        if self._wakeup is not None:
            self._wakeup.set()

    async def send(self, message: Message) -> None:
        """ASGI `send`: head and body pieces, delimited as the head says."""
        if self.protocol.write_paused and not self.disconnected:
            await self.protocol.drain()
        if self.protocol.transport.is_closing():
            await asyncio.sleep(0)  # the peer is gone: a sender that never waits would not let anybody tell it so
        if self.disconnected:
            return
        kind = message["type"]
        if self._framing is None:
            self._send_head(kind, message)
        elif self.finished:
            raise RuntimeError(f"Unexpected ASGI message '{kind}' sent, after response already completed.")
        elif kind != "http.response.body":
            raise RuntimeError(f"Expected ASGI message 'http.response.body', but got '{kind}'.")
        else:
            self._send_body(message.get("body", b""), message.get("more_body", False))

    def _send_head(self, kind: str, message: Message) -> None:
        if kind != "http.response.start":
            raise RuntimeError(f"Expected ASGI message 'http.response.start', but got '{kind}'.")
        status = message["status"]
        framing = frame(message.get("headers", ()), status, self.method == "HEAD")
        self.started = True
        self._framing = framing
        framing.lines = self._head(status, framing)
        self.protocol.loop.call_soon(self.flush_head)
        self.protocol.note(self, status)

    def flush_head(self) -> None:
        """The head by itself, where no piece of the body has come at once: a peer that waits for events is told."""
        framing = self._framing
        if framing is not None and framing.lines and not self.disconnected:
            head, framing.lines = framing.lines, b""
            self.protocol.write(head)

    def _send_body(self, body: bytes, more: bool) -> None:
        framing = self._framing
        assert framing is not None
        head, framing.lines = framing.lines, b""
        if self.method == "HEAD":
            body, framing.remaining = b"", 0
        elif framing.chunked:
            body = (b"%x\r\n%b\r\n" % (len(body), body) if body else b"") + (b"" if more else b"0\r\n\r\n")
        else:
            if len(body) > framing.remaining:
                raise RuntimeError("Response content longer than Content-Length")
            framing.remaining -= len(body)
        if head or body:
            self.protocol.write(head + body)
        if not more:
            if framing.remaining:
                raise RuntimeError("Response content shorter than Content-Length")
            self.finished = True
            self.protocol.answered(self, None)
            self.wake()


def origin_form(target: bytes) -> bytes:
    """The path and query of a target in absolute form, without a fragment (RFC 9112 section 3.2).

    Raises:
        HttpParserInvalidURLError: it is neither.
    """
    parsed = httptools.parse_url(target)
    return b"%b?%b" % (parsed.path, parsed.query) if parsed.query else parsed.path
