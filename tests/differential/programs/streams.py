"""Endpoints that yield: JSON lines, server-sent events, text and bytes."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Generator, Iterable

from pydantic import BaseModel

from tests.differential.case import get, request, sub


class Item(BaseModel):
    name: str
    secret: str = "s"


class Public(BaseModel):
    name: str


ITEMS = [Item(name="a"), Item(name="ü\n")]


def build(f):
    app = f.FastAPI()
    sse, streaming = sub(f, "sse"), sub(f, "responses").StreamingResponse
    event = sse.ServerSentEvent

    def yielding(path, values, annotation=..., **options):
        async def run():
            for value in values:
                await asyncio.sleep(0)
                yield value

        def run_sync():
            yield from values

        if annotation is not ...:
            run.__annotations__["return"] = AsyncIterable[annotation]
            run_sync.__annotations__["return"] = Iterable[annotation]
        app.get(path, **options)(run)
        app.get(f"{path}-sync", **options)(run_sync)

    yielding("/lines", ITEMS)
    yielding("/lines-typed", ITEMS, Public)
    yielding("/lines-dicts", [{"name": "a", "x": 1}], Public)
    yielding("/lines-bad", [{"name": "a"}, {"no": 1}], Public)
    yielding("/lines-mixed", [1, "text", None, [1.5], {"a": Item(name="x")}])
    yielding("/lines-empty", [])
    yielding("/lines-status", ITEMS, status_code=201)
    yielding("/text", ["a", "ü", b"c"], response_class=streaming)
    yielding("/text-typed", ["a", "b"], str, response_class=streaming)
    yielding("/bytes-typed", [b"a", b"b"], bytes, response_class=streaming)
    yielding("/events", ITEMS, response_class=sse.EventSourceResponse)
    yielding("/events-typed", ITEMS, Public, response_class=sse.EventSourceResponse)
    yielding("/events-text", ["a\nb", "c"], response_class=sse.EventSourceResponse)
    yielding("/events-none", [None, 1, {"a": 1}], response_class=sse.EventSourceResponse)
    yielding(
        "/events-made",
        [
            event(data={"a": 1}, event="update", id="1", retry=5000),
            event(comment="keep"),
            event(raw_data="raw\ntext"),
            event(data=Item(name="x")),
            event(data="text"),
            event(),
        ],
        response_class=sse.EventSourceResponse,
    )

    @app.get("/iterator")
    async def iterator() -> AsyncIterator[Public]:
        yield Item(name="i")

    @app.get("/generator")
    def generator() -> Generator[Public, None, None]:
        yield Item(name="g")

    @app.get("/parameters/{n}", response_class=sse.EventSourceResponse)
    async def parameters(n: int, q: str = "q"):
        for i in range(n):
            yield [i, q]

    @app.post("/posted")
    async def posted(items: list[Item]) -> AsyncIterable[Public]:
        for item in items:
            yield item

    async def resource():
        app.state.events.append("open")
        yield "resource"
        app.state.events.append("close")

    @app.get("/with-dependency")
    async def with_dependency(r: str = f.Depends(resource)):
        for i in range(2):
            app.state.events.append(f"yield {i}")
            yield r

    @app.get("/headers")
    async def headers(response: f.Response):
        response.headers["x-a"] = "b"
        yield 1

    return app


_PATHS = (
    "lines lines-typed lines-dicts lines-mixed lines-empty lines-status text text-typed bytes-typed events events-typed "
    "events-text events-none events-made"
).split()

CASES = [
    *(get(f"/{path}{kind}") for path in _PATHS for kind in ("", "-sync")),
    *(
        get(path)
        for path in ("/iterator", "/generator", "/parameters/2?q=a", "/parameters/x", "/with-dependency", "/headers")
    ),
    get("/events", {"last-event-id": "5", "accept": "text/event-stream"}),
    request("POST", "/posted", {"content-type": "application/json"}, b'[{"name": "p"}]'),
    request("POST", "/posted", {"content-type": "application/json"}, b'[{"no": "p"}]'),
]
