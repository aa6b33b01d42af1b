"""Path operations that yield."""

from __future__ import annotations

import json
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable
from typing import Any

import anyio
import pytest
from pydantic import BaseModel

from tests.doors import Call
from vivace import BackgroundTasks, Depends, FastAPI, Response
from vivace.exceptions import ResponseValidationError
from vivace.responses import EventSourceResponse, StreamingResponse
from vivace.sse import ServerSentEvent
from vivace.testclient import TestClient


class Item(BaseModel):
    name: str


def test_items_are_lines_of_json(call: Call) -> None:
    app = FastAPI()

    @app.get("/")
    async def items() -> AsyncIterable[Item]:
        yield Item(name="a")
        yield {"name": "b", "secret": "left out"}

    answer = call(app).get("/")
    assert answer.headers["content-type"] == "application/jsonl"
    assert answer.content == b'{"name":"a"}\n{"name":"b"}\n'


def test_a_plain_generator_runs_in_threads(call: Call) -> None:
    app = FastAPI()

    @app.get("/")
    def items() -> Iterable[int]:
        yield "1"  # type: ignore[misc]
        yield 2

    assert call(app).get("/").content == b"1\n2\n"


def test_without_an_item_type_anything_goes(call: Call) -> None:
    app = FastAPI()

    @app.get("/")
    async def items() -> Any:
        yield {"a": Item(name="x")}
        yield [None, float("nan"), {"deep": [float("inf")]}]

    lines = [json.loads(line) for line in call(app).get("/").text.splitlines()]
    assert lines == [{"a": {"name": "x"}}, [None, None, {"deep": [None]}]]


def test_the_head_does_not_wait_for_the_body() -> None:
    """Through the wire door; the test client of the other one gives out nothing before all is there."""
    app = FastAPI()
    begun = anyio.Event()

    @app.get("/")
    async def events() -> Response:
        async def pieces() -> AsyncIterator[bytes]:
            with anyio.fail_after(5):
                await begun.wait()
            yield b"piece"

        return StreamingResponse(pieces())

    @app.get("/begin")
    async def begin() -> None:
        begun.set()

    with TestClient(app, door="wire") as client, client.stream("GET", "/") as answer:
        assert answer.status_code == 200
        client.get("/begin")
        assert answer.read() == b"piece"


def test_a_stream_that_fails_at_once_has_sent_its_head(call: Call) -> None:
    app = FastAPI()

    @app.get("/")
    async def broken() -> Response:
        async def pieces() -> AsyncIterator[bytes]:
            raise ValueError("broken")
            yield b""

        return StreamingResponse(pieces(), 202)

    answer = call(app, raises=False).get("/")
    assert (answer.status_code, answer.content) == (202, b"")


def test_an_item_that_does_not_fit_ends_the_stream(call: Call) -> None:
    app = FastAPI()

    @app.get("/")
    async def items() -> AsyncIterable[Item]:
        yield Item(name="a")
        yield {"no": "name"}

    with pytest.raises(ResponseValidationError) as caught:
        call(app).get("/")
    assert caught.value.errors()[0]["loc"] == ("response", "name")


def test_events_carry_items_and_events_made_by_hand(call: Call) -> None:
    app = FastAPI()

    @app.get("/", response_class=EventSourceResponse)
    async def events() -> AsyncIterable[Item]:
        yield Item(name="a")
        yield ServerSentEvent(data={"n": 1}, event="count", id="1")
        yield ServerSentEvent(raw_data="as it is")

    answer = call(app).get("/")
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert (answer.headers["cache-control"], answer.headers["x-accel-buffering"]) == ("no-cache", "no")
    assert answer.text == 'data: {"name":"a"}\n\nevent: count\ndata: {"n": 1}\nid: 1\n\ndata: as it is\n\n'


def test_pieces_of_a_streaming_response_go_out_as_they_are(call: Call) -> None:
    app = FastAPI()

    class Png(StreamingResponse):
        media_type = "image/png"

    @app.get("/", response_class=Png, status_code=201)
    async def pieces() -> AsyncIterable[bytes]:
        yield b"a"
        yield b"b"

    answer = call(app).get("/")
    assert (answer.status_code, answer.headers["content-type"], answer.content) == (201, "image/png", b"ab")


@pytest.mark.parametrize("options", [{}, {"response_class": EventSourceResponse}])
def test_the_injected_response_and_background_tasks_count(call: Call, options: dict[str, Any]) -> None:
    app, done = FastAPI(), []

    def status(response: Response) -> None:
        response.status_code = 202
        response.headers["x-seen"] = "yes"

    @app.get("/", dependencies=[Depends(status)], **options)
    async def items(tasks: BackgroundTasks) -> AsyncIterable[int]:
        tasks.add_task(done.append, "background")
        yield 1
        done.append("stream")

    answer = call(app).get("/")
    assert (answer.status_code, answer.headers["x-seen"]) == (202, "yes")
    assert done == ["stream", "background"]


def test_a_silent_event_stream_says_that_it_is_alive(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vivace.routing._PING_INTERVAL", 0.02, raising=False)
    app, resumed = FastAPI(), []

    @app.get("/", response_class=EventSourceResponse)
    async def events() -> AsyncIterator[int]:
        yield 1
        await anyio.sleep(0.1)
        resumed.append(True)
        yield 2

    pieces = call(app).get("/").text.split("\n\n")
    assert pieces[0] == "data: 1"
    assert ": ping" in pieces
    assert pieces[-2] == "data: 2"
    assert resumed == [True]


def test_an_error_in_an_event_stream_comes_after_the_events_before_it(call: Call) -> None:
    app = FastAPI()

    @app.get("/", response_class=EventSourceResponse)
    async def events() -> AsyncIterator[int]:
        yield 1
        raise LookupError("gone")

    with pytest.raises(LookupError):
        call(app).get("/")
    assert call(app, raises=False).get("/").text == "data: 1\n\n"


# -- the client leaves


class Leaver:
    """An ASGI client that leaves after the first piece of the body."""

    def __init__(self) -> None:
        self.left = anyio.Event()
        self.body = b""

    async def receive(self) -> dict[str, Any]:
        if not self.body:
            await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.body += message.get("body", b"")
        if self.body:
            self.left.set()
        await anyio.lowlevel.checkpoint()

    async def call(self, app: FastAPI, path: str) -> None:
        scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": [], "root_path": ""}
        with anyio.fail_after(5):
            await app({**scope, "asgi": {"spec_version": "2.3"}, "http_version": "1.1"}, self.receive, self.send)


def _endless(log: list[str], wait: Callable[[], Any] | None) -> Callable[..., Any]:
    async def items(resource: str = Depends(_resource(log))) -> AsyncIterator[Any]:
        try:
            while True:
                yield resource
                if wait is not None:
                    await wait()
        finally:
            with anyio.CancelScope(shield=True):
                await anyio.lowlevel.checkpoint()
            log.append("generator")

    return items


def _resource(log: list[str]) -> Callable[..., Any]:
    async def resource() -> AsyncIterator[str]:
        yield "r"
        log.append("dependency")

    return resource


@pytest.mark.anyio
@pytest.mark.parametrize("wait", [None, anyio.sleep_forever], ids=["busy", "waiting"])
@pytest.mark.parametrize(
    "response_class", [None, EventSourceResponse, StreamingResponse], ids=["lines", "events", "raw"]
)
async def test_when_the_client_leaves_the_generator_is_closed_before_its_dependencies(
    anyio_backend: str, response_class: Any, wait: Any
) -> None:
    app, log = FastAPI(), []
    options = {} if response_class is None else {"response_class": response_class}
    app.get("/", **options)(_endless(log, wait))
    await Leaver().call(app, "/")
    assert log == ["generator", "dependency"]


@pytest.mark.anyio
async def test_a_plain_generator_is_closed_when_the_client_leaves(anyio_backend: str) -> None:
    app, log = FastAPI(), []

    @app.get("/")
    def items() -> Iterable[int]:
        try:
            while True:
                yield 1
        finally:
            log.append("closed")

    await Leaver().call(app, "/")
    assert log == ["closed"]
