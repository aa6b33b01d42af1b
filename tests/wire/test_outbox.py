"""Answers that go out together: none is lost, none overtakes another, and nobody waits for what comes after them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.responses import JSONResponse, Response

from tests.wire.line import Line
from vivace import BackgroundTasks, Depends, FastAPI
from vivace.responses import StreamingResponse
from vivace.wire.connection import TOGETHER

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def get(path: str, more: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\nhost: a\r\n{more}\r\n".encode()


def application() -> tuple[FastAPI, list[Any]]:
    app, seen = FastAPI(), []

    async def resource() -> AsyncIterator[None]:
        yield
        seen.append("torn down")

    @app.get("/number/{n}")
    async def number(n: int) -> int:
        return n

    @app.get("/held/{n}", dependencies=[Depends(resource)])
    async def held(n: int) -> int:
        return n

    @app.get("/response/{n}")
    async def response(n: int) -> Response:
        return JSONResponse(n)

    @app.get("/large")
    async def large() -> str:
        return "x" * TOGETHER

    @app.get("/stream")
    async def stream() -> StreamingResponse:
        return StreamingResponse(iter([b"one ", b"two"]), headers={"content-length": "7"})

    return app, seen


@pytest.mark.parametrize("path", ["/number/{}", "/held/{}", "/response/{}"])
async def test_each_connection_gets_its_own(path: str) -> None:
    app, _ = application()
    first = Line(app)
    lines = [first, *(Line(app, beside=first) for _ in range(9))]
    for n, line in enumerate(lines):
        line.say(get(path.format(n)))
    answers = [await line.answer() for line in lines]
    assert [body for _, body in answers] == [b"%d" % n for n in range(10)]


async def test_what_is_pipelined_keeps_its_order() -> None:
    app, _ = application()
    line, beside = Line(app), None
    beside = Line(app, beside=line)
    line.say(b"".join(map(get, ["/number/1", "/large", "/response/2", "/stream", "/held/3", "/number/4"])))
    beside.say(get("/number/5") + get("/nowhere") + get("/number/6"))
    bodies = [(await line.answer())[1] for _ in range(6)]
    assert bodies == [b"1", b'"%b"' % (b"x" * TOGETHER), b"2", b"one two", b"3", b"4"]
    assert [(await beside.answer())[1] for _ in range(3)] == [b"5", b'{"detail":"Not Found"}', b"6"]


async def test_an_answer_goes_out_before_its_connection_is_closed() -> None:
    app, _ = application()
    first = Line(app)
    second = Line(app, beside=first)
    first.say(get("/number/1"))
    second.say(get("/number/2", "connection: close\r\n"))
    assert (await first.answer())[1] == b"1"
    assert (await second.answer())[1] == b"2"
    await second.hung_up.wait()


async def test_an_answer_goes_out_before_what_the_server_refuses_next() -> None:
    app, _ = application()
    line = Line(app)
    beside = Line(app, beside=line)
    beside.say(get("/number/1"))
    line.say(get("/number/2") + b"no request at all\r\n\r\n")
    assert (await beside.answer())[1] == b"1"
    head, _ = await line.answer()
    assert head.startswith(b"HTTP/1.1 400 ")


async def test_an_answer_does_not_wait_for_background_tasks() -> None:
    app, seen = application()
    line = Line(app)
    beside = Line(app, beside=line)

    async def look() -> None:
        seen.append(line.silent)

    @app.get("/")
    async def root(tasks: BackgroundTasks) -> str:
        tasks.add_task(look)
        return "done"

    beside.say(get("/number/1"))
    line.say(get("/"))
    assert (await line.answer())[1] == b'"done"'
    assert (await beside.answer())[1] == b"1"
    assert seen == [False]


async def test_a_peer_that_has_left_takes_nothing_with_it() -> None:
    app, _ = application()
    line = Line(app)
    beside = Line(app, beside=line)
    line.say(get("/number/1"))
    beside.say(get("/number/2"))
    asyncio.get_running_loop().call_soon(line.hang_up)
    assert (await beside.answer())[1] == b"2"
    await line.turns()
    assert line.silent
