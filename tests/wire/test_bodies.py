"""Bodies on the wire that don't come whole: peers that leave, peers that are made to wait."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.requests import ClientDisconnect

from tests.wire.line import Line
from vivace import Depends, FastAPI, Request, UploadFile

pytestmark = pytest.mark.anyio

JSON = b"POST /json HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n"
STREAM = b"POST /stream HTTP/1.1\r\nhost: a\r\ncontent-length: 1000000\r\n\r\n"
FORM = b"POST /form HTTP/1.1\r\nhost: a\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: 999\r\n\r\n"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def application(middleware: bool) -> tuple[FastAPI, list[Any]]:
    app, seen = FastAPI(), []

    async def resource() -> AsyncIterator[None]:
        yield
        seen.append("torn down")

    @app.post("/json", dependencies=[Depends(resource)])
    async def json(data: dict[str, int]) -> None:
        seen.append(data)

    @app.post("/form", dependencies=[Depends(resource)])
    async def form(file: UploadFile) -> None:
        seen.append(file)

    @app.post("/stream", dependencies=[Depends(resource)])
    async def stream(request: Request) -> None:
        try:
            async for piece in request.stream():
                seen.append(len(piece))  # noqa: PERF401 - each is seen when it comes
        except ClientDisconnect:
            seen.append("left")

    if middleware:

        @app.middleware("http")
        async def through(request: Request, call_next: Any) -> Any:
            return await call_next(request)

    return app, seen


@pytest.mark.parametrize("middleware", [False, True])
@pytest.mark.parametrize("request_", [JSON + b'{"a"', FORM + b"--b\r\n"], ids=["json", "form"])
async def test_a_peer_that_leaves_within_the_body_never_reaches_the_endpoint(request_: bytes, middleware: bool) -> None:
    app, seen = application(middleware)
    line = Line(app)
    line.say(request_)
    await line.turns()
    line.hang_up()
    await line.turns()
    assert seen == []


@pytest.mark.parametrize("middleware", [False, True])
async def test_an_endpoint_that_reads_is_told_that_the_peer_has_left(middleware: bool) -> None:
    app, seen = application(middleware)
    line = Line(app)
    line.say(STREAM + b"x" * 10)
    await line.turns()
    line.hang_up()
    await line.turns()
    assert seen == [10, "left", "torn down"]


async def test_a_peer_waits_while_nobody_reads() -> None:
    app, seen = application(middleware=False)
    line = Line(app)
    line.say(STREAM)
    assert line.reading
    line.say(b"x" * 100_000)  # more than is kept, before anybody has read
    assert not line.reading
    await line.turns()
    assert line.reading
    assert seen == [100_000]
    line.hang_up()
    await line.turns()
