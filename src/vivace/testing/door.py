"""The wire door as a transport of the test client's HTTP library: requests to bytes, answers to responses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from typing import TYPE_CHECKING, Any

from anyio.from_thread import BlockingPortal
from starlette.types import ASGIApp

from vivace.testing.answer import Answer, as_sent_by_the_application
from vivace.testing.server import Call, MemoryServer

if TYPE_CHECKING:
    import httpx2 as httpx
else:
    from starlette.testclient import httpx

Portal = Callable[[], AbstractContextManager[BlockingPortal]]
_PORTS = {"http": 80, "https": 443}


class WireDoor(httpx.BaseTransport):
    """Sends each request over a connection of its own to the wire protocol, on the test client's event loop.

    `sessions` is the transport that takes WebSocket connections.
    """

    def __init__(
        self,
        app: ASGIApp,
        portal: Portal,
        *,
        sessions: httpx.BaseTransport,
        raise_server_exceptions: bool,
        root_path: str,
        client: tuple[str, int],
        app_state: dict[str, Any],
    ) -> None:
        self._server = MemoryServer(app, app_state, root_path)
        self._portal = portal
        self._sessions = sessions
        self._raise = raise_server_exceptions
        self._client = client
        self._open: set[Callable[[], None]] = set()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.scheme not in _PORTS:
            return self._sessions.handle_request(request)
        with ExitStack() as stack:
            portal = stack.enter_context(self._portal())
            call: Call = portal.call(self._call, request)
            stack.push(lambda _, error, __: self._finish(portal, call, error))
            head = portal.call(call.answer.head)
            if head is None:
                stack.close()
                return _no_answer(call, request, self._raise)
            rest = stack.pop_all()
        self._open.add(rest.close)
        rest.callback(self._open.discard, rest.close)
        stream = AnswerStream(portal, call, rest)
        headers = as_sent_by_the_application(head)
        response = httpx.Response(head.status_code, headers=headers, stream=stream, request=request)
        _tell(response, call.debug)
        return response

    async def _call(self, request: httpx.Request) -> Call:
        url = request.url
        extra = {
            "peername": self._client,
            "sockname": (url.host, url.port or _PORTS[url.scheme]),
            "sslcontext": url.scheme == "https",
        }
        call = self._server.connect(Answer(request.method), extra)
        call.transport.feed(as_bytes(request))
        return call

    def _finish(self, portal: BlockingPortal, call: Call, error: BaseException | None) -> None:
        unhandled = portal.call(call.finish)
        if unhandled is not None and error is None and self._raise:
            raise unhandled

    def close(self) -> None:
        with ExitStack() as stack:
            while self._open:
                stack.callback(self._open.pop())


class AnswerStream(httpx.SyncByteStream):
    """The body, as the server sends it. To close it early is to hang up."""

    def __init__(self, portal: BlockingPortal, call: Call, rest: ExitStack) -> None:
        self._portal = portal
        self._call = call
        self._rest = rest

    def __iter__(self) -> Iterator[bytes]:
        while (piece := self._portal.call(self._call.answer.piece)) is not None:
            yield piece
        self._rest.close()
        _check(self._call)

    def close(self) -> None:
        self._rest.close()


def as_bytes(request: httpx.Request) -> bytes:
    """The request as HTTP/1.1 (RFC 9112)."""
    body = request.read()
    headers = [(key.lower().encode(), value.encode()) for key, value in request.headers.multi_items()]
    if "host" not in request.headers:
        headers.insert(0, (b"host", request.url.netloc))
    if "transfer-encoding" in request.headers:
        body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body) if body else b"0\r\n\r\n"
    elif body and "content-length" not in request.headers:
        headers.append((b"content-length", b"%d" % len(body)))
    lines = b"".join([b"%b: %b\r\n" % pair for pair in headers])
    return b"%b %b HTTP/1.1\r\n%b\r\n%b" % (request.method.encode(), request.url.raw_path, lines, body)


def _no_answer(call: Call, request: httpx.Request, raising: bool) -> httpx.Response:
    """What Starlette's client makes of an application that fails before it answers."""
    _check(call)
    if raising:
        raise AssertionError("TestClient did not receive any response.")
    return httpx.Response(500, request=request)


def _check(call: Call) -> None:
    """A server that breaks off without an exception to show for it has broken the protocol."""
    if call.answer.error is not None and call.protocol.error is None:
        raise httpx.RemoteProtocolError(str(call.answer.error))


def _tell(response: httpx.Response, debug: dict[str, Any] | None) -> None:
    if debug is not None:
        response.extensions["http.response.debug"] = debug
        for name in ("template", "context"):
            if name in debug:
                setattr(response, name, debug[name])
