"""Path operations that yield."""

from collections.abc import AsyncIterable, AsyncIterator, Generator, Iterable

from pydantic import BaseModel


class Item(BaseModel):
    name: str
    note: str = ""


def build(f):
    app = f.FastAPI()
    events = f.sse.EventSourceResponse
    r = f.responses

    @app.get("/lines")
    async def lines() -> AsyncIterable[Item]:
        yield Item(name="x")

    @app.get("/lines-sync", status_code=201, response_description="Lines")
    def lines_sync() -> Iterable[Item]:
        yield Item(name="x")

    @app.get("/lines-generator")
    def lines_generator() -> Generator[int, None, None]:
        yield 1

    @app.get("/lines-untyped")
    async def lines_untyped():
        yield 1

    @app.get("/lines-str")
    async def lines_str() -> AsyncIterator[str]:
        yield "a"

    @app.get("/events", response_class=events)
    async def of_events() -> AsyncIterable[Item]:
        yield Item(name="x")

    @app.get("/events-sync", response_class=events, responses={404: {"model": Item}})
    def events_sync(n: int) -> Iterable[int | None]:
        yield 1

    @app.get("/events-untyped", response_class=events)
    async def events_untyped():
        yield 1

    @app.get("/events-own", response_class=events)
    async def events_own() -> AsyncIterable[f.sse.ServerSentEvent]:
        yield f.sse.ServerSentEvent(data=1)

    @app.get("/events-not-yielding", response_class=events)
    async def events_not_yielding(): ...

    @app.get("/pieces", response_class=r.StreamingResponse)
    async def pieces() -> AsyncIterable[bytes]:
        yield b"x"

    @app.get("/with-model", response_model=Item)
    async def with_model():
        yield 1

    class Png(r.StreamingResponse):
        media_type = "image/png"

    @app.get("/png", response_class=Png)
    def png() -> Iterable[bytes]:
        yield b"x"

    return app
