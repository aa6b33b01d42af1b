"""CORS, GZip and trusted hosts answer as Starlette's classes do, header by header."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vivace.middleware.cors import FastCORS
from vivace.middleware.gzip import FastGZip
from vivace.middleware.trustedhost import FastTrustedHost

pytestmark = pytest.mark.anyio

Headers = list[tuple[bytes, bytes]]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def sends(*messages: Message) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        for message in messages:
            await send({**message, "headers": list(message["headers"])} if "headers" in message else dict(message))

    return app


async def answer(middleware: ASGIApp, method: str, headers: Headers, kind: str = "http") -> list[Message]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        raise AssertionError("nobody reads here")

    scope = {"type": kind, "method": method, "path": "/a", "query_string": b"", "scheme": "http", "headers": headers}
    await middleware(scope, receive, send)
    return sent


def start(*headers: tuple[bytes, bytes], status: int = 200) -> Message:
    return {"type": "http.response.start", "status": status, "headers": list(headers)}


def body(content: bytes, *, more: bool = False) -> Message:
    return {"type": "http.response.body", "body": content, "more_body": more}


ORIGINS: list[dict[str, Any]] = [
    {},
    {"allow_origins": ["*"]},
    {"allow_origins": ["*"], "allow_credentials": True, "expose_headers": ["X-A", "X-B"]},
    {"allow_origins": ["https://a.example"], "allow_credentials": True},
    {"allow_origins": ["https://a.example"], "expose_headers": ["X-A"], "allow_methods": ["*"]},
    {"allow_origin_regex": "https://.*\\.example"},
]
RESPONSES: list[Message] = [
    start(),
    start((b"content-type", b"text/plain")),
    start((b"vary", b"Accept"), (b"x", b"1"), (b"vary", b"Cookie")),
    start((b"access-control-allow-origin", b"https://other.example")),
    start((b"access-control-allow-credentials", b"false"), (b"Vary", b"x")),
    {"type": "http.response.start", "status": 204},
]


@pytest.mark.parametrize("options", ORIGINS)
@pytest.mark.parametrize("response", RESPONSES)
async def test_cors_headers_are_starlettes(options: dict[str, Any], response: Message) -> None:
    app = sends(response, body(b"x"))
    ours, theirs = FastCORS(app, **options), CORSMiddleware(app, **options)
    for method, origin, asked in product(
        ("GET", "OPTIONS"), (None, b"https://a.example", b"https://b.com"), (None, b"PUT")
    ):
        headers = [(b"host", b"h")]
        headers += [(b"origin", origin)] if origin else []
        headers += [(b"access-control-request-method", asked)] if asked else []
        assert await answer(ours, method, headers) == await answer(theirs, method, headers)


async def test_a_response_object_sent_twice_does_not_gather_headers() -> None:
    shared: Headers = [(b"x", b"1")]

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": shared})

    await answer(FastCORS(app, allow_origins=["*"]), "GET", [(b"origin", b"https://a.example")])
    assert shared == [(b"x", b"1")]


TEXT = (b"content-type", b"text/plain; charset=utf-8")
BODIES: list[list[Message]] = [
    [start(TEXT), body(b"small")],
    [start(TEXT), {"type": "http.response.body"}],
    [start(), body(b"l" * 600)],
    [start(TEXT, (b"content-length", b"600"), (b"vary", b"Cookie")), body(b"l" * 600)],
    [start(TEXT), body(b"small", more=True), body(b"l" * 600, more=True), body(b"")],
    [start(TEXT), body(b"", more=True), body(b"small")],
    [start((b"content-encoding", b"br"), TEXT), body(b"l" * 600)],
    [start(TEXT, status=206), body(b"l" * 600)],
    [start((b"content-type", b"image/png")), body(b"l" * 600)],
    [start((b"content-type", b"text/event-stream")), body(b"data: 1\n\n", more=True), body(b"")],
    [start((b"content-type", b"application/grpc+proto")), body(b"l" * 600)],
    [start(TEXT), {"type": "http.response.pathsend", "path": "/a"}],
    [start(TEXT)],
    [{"type": "http.response.early_hint", "links": []}, start(TEXT), body(b"small")],
    [{"type": "http.response.start", "status": 200}, body(b"small")],
    [{**start(TEXT), "trailers": True}, body(b"small"), {"type": "http.response.trailers", "headers": []}],
]


@pytest.mark.parametrize("messages", BODIES)
@pytest.mark.parametrize("accepted", [None, b"gzip, br", b"br"])
async def test_gzip_sends_what_starlettes_sends(messages: list[Message], accepted: bytes | None) -> None:
    headers = [(b"accept-encoding", accepted)] if accepted else []
    ours, theirs = FastGZip(sends(*messages)), GZipMiddleware(sends(*messages))
    for _ in range(2):  # the second time content types are known
        assert await answer(ours, "GET", headers) == await answer(theirs, "GET", headers)


async def test_the_head_of_an_event_stream_is_not_held_back() -> None:
    sent: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send(start((b"content-type", b"text/event-stream")))
        assert len(sent) == 1

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {"type": "http", "headers": [(b"accept-encoding", b"gzip")]}
    await FastGZip(app)(scope, None, send)  # type: ignore[arg-type]


HOSTS: list[dict[str, Any]] = [
    {},
    {"allowed_hosts": ["a.example", "*.b.example", "www.c.example"]},
    {"allowed_hosts": ["www.c.example"], "www_redirect": False},
]


@pytest.mark.parametrize("options", HOSTS)
@pytest.mark.parametrize("kind", ["http", "websocket", "lifespan"])
async def test_trusted_hosts_are_starlettes_the_first_time_and_the_next(options: dict[str, Any], kind: str) -> None:
    app = sends(start(), body(b"x"))
    ours, theirs = FastTrustedHost(app, **options), TrustedHostMiddleware(app, **options)
    values = [None, b"", b"a.example", b"A.EXAMPLE:80", b"x.b.example", b"b.example", b"c.example", b"a.example@evil"]
    for host in [*values, *values]:
        headers = [(b"host", host)] if host is not None else []
        assert await answer(ours, "GET", headers, kind) == await answer(theirs, "GET", headers, kind)
