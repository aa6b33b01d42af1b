"""`max_body_size` on the wire: when a body is refused, and what becomes of the connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.wire.line import Line
from vivace import FastAPI, Request

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


HEAD = b"POST %b HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n%b\r\n"
REFUSED = b'{"detail":"Content Too Large"}'


def application() -> tuple[FastAPI, list[Any]]:
    app, ran = FastAPI(max_body_size=10), []

    @app.post("/compiled")
    async def compiled(data: dict[str, Any]) -> None:
        ran.append(data)

    @app.post("/stream")
    async def stream(request: Request) -> int:
        sizes = [len(piece) async for piece in _noted(request, ran)]
        return sum(sizes)

    @app.get("/next")
    async def following() -> None:
        ran.append("next")

    return app, ran


async def _noted(request: Request, ran: list[Any]) -> AsyncIterator[bytes]:
    async for piece in request.stream():
        ran.append(piece)
        yield piece


@pytest.mark.parametrize("path", [b"/compiled", b"/stream"])
async def test_an_announced_body_is_refused_before_it_comes(path: bytes) -> None:
    app, ran = application()
    line = Line(app)
    line.say(HEAD % (path, b"content-length: 11\r\n"))
    head, body = await line.answer()
    assert head.startswith(b"HTTP/1.1 413 ")
    assert b"connection: close" in head
    assert (body, ran) == (b"Content Too Large", [])


async def test_the_peer_may_finish_what_it_says_before_the_connection_is_closed() -> None:
    app, ran = application()
    line = Line(app)
    line.say(HEAD % (b"/compiled", b"content-length: 200000\r\n") + b"x" * 100_000)
    await line.answer()
    assert not line.closed
    line.say(b"x" * 100_000)
    assert line.closed
    assert ran == []


async def test_a_peer_that_asks_first_is_not_told_to_go_ahead() -> None:
    app, _ = application()
    line = Line(app)
    line.say(HEAD % (b"/compiled", b"content-length: 11\r\nexpect: 100-continue\r\n"))
    head, _ = await line.answer()
    assert head.startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("path", [b"/compiled", b"/stream"])
async def test_a_body_in_chunks_is_refused_as_soon_as_it_is_too_large(path: bytes) -> None:
    app, ran = application()
    line = Line(app)
    line.say(HEAD % (path, b"transfer-encoding: chunked\r\n") + b"6\r\n[1, 2,\r\n")
    await line.turns()
    line.say(b"6\r\n 3, 4]\r\n")
    head, body = await line.answer()
    assert head.startswith(b"HTTP/1.1 413 ")
    assert b"connection: close" in head
    assert body == REFUSED
    assert b"".join(ran) in (b"", b"[1, 2,")  # what was read before
    line.say(b"0\r\n\r\n")
    assert line.closed


async def test_what_is_pipelined_behind_a_refused_body_is_not_run() -> None:
    app, ran = application()
    line = Line(app)
    line.say(HEAD % (b"/compiled", b"content-length: 11\r\n"))
    await line.answer()
    line.say(b"x" * 11 + b"GET /next HTTP/1.1\r\nhost: a\r\n\r\n")
    await line.turns()
    assert line.closed
    assert ran == []


async def test_a_body_that_fits_leaves_the_connection_open() -> None:
    app, ran = application()
    line = Line(app)
    line.say(HEAD % (b"/compiled", b"content-length: 8\r\n") + b'{"a": 1}')
    head, _ = await line.answer()
    assert head.startswith(b"HTTP/1.1 200 ")
    line.say(b"GET /next HTTP/1.1\r\nhost: a\r\n\r\n")
    assert (await line.answer())[0].startswith(b"HTTP/1.1 200 ")
    assert ran == [{"a": 1}, "next"]


async def test_a_body_may_take_longer_than_an_idle_connection_lives() -> None:
    app, ran = application()
    line = Line(app, timeout_keep_alive=0)
    line.say(HEAD % (b"/compiled", b"content-length: 8\r\n") + b'{"a"')
    await line.turns()
    assert not line.closed
    line.say(b": 1}")
    assert (await line.answer())[0].startswith(b"HTTP/1.1 200 ")
    assert ran == [{"a": 1}]


async def test_a_peer_that_is_silent_after_it_was_refused_is_left_like_an_idle_one() -> None:
    app, _ = application()
    line = Line(app, timeout_keep_alive=0)
    line.say(HEAD % (b"/stream", b"content-length: 11\r\n"))
    await line.answer()
    await asyncio.wait_for(line.hung_up.wait(), 5)
