"""What programs and processors may read of the request at hand."""

from __future__ import annotations

from typing import Annotated, Any

import anyio
from httpx import ASGITransport, AsyncClient
from opentelemetry import context
from opentelemetry.context import Context
from pydantic import BaseModel

from tests.doors import Call
from tests.telemetry.recorder import Recorder
from vivace import BackgroundTasks, Depends, FastAPI, Request
from vivace.telemetry import get_telemetry_data


class Item(BaseModel):
    name: str


def connect(request: Request) -> str:
    data = get_telemetry_data()
    assert data is not None
    assert data.request is request
    assert data.body == {"name": "a"}
    assert data.values is None
    return "connection"


def test_data_is_there_step_by_step_and_gone_afterwards(call: Call, recorder: Recorder) -> None:
    app = FastAPI(telemetry=recorder.settings)
    kept: list[Context] = []

    @app.post("/")
    async def endpoint(item: Item, service: Annotated[str, Depends(connect)], tasks: BackgroundTasks) -> None:
        data = get_telemetry_data()
        assert data is not None
        assert data.values == {"item": item, "service": "connection", "tasks": tasks}
        assert data.errors == []
        tasks.add_task(lambda: kept.append(context.get_current()))

    assert get_telemetry_data() is None
    assert call(app).post("/", json={"name": "a"}).status_code == 200
    assert get_telemetry_data() is None
    assert [get_telemetry_data(each) for each in kept] == [None]


def test_requests_inside_requests_have_their_own(recorder: Recorder) -> None:
    """A program that calls itself in its own process; an excluded request does not see the one around it."""
    recorder.settings["exclude"] = lambda scope: scope["path"] == "/excluded"
    app = FastAPI(telemetry=recorder.settings)

    def seen() -> str | None:
        data = get_telemetry_data()
        return None if data is None or data.request is None else data.request.url.path

    @app.get("/inner")
    @app.get("/excluded")
    def inner() -> str | None:
        return seen()

    @app.get("/outer")
    async def outer() -> list[Any]:
        async with AsyncClient(transport=ASGITransport(app), base_url="http://inside") as client:
            inside = [(await client.get(path)).json() for path in ("/inner", "/excluded")]
        return [*inside, seen()]

    async def main() -> Any:
        async with AsyncClient(transport=ASGITransport(app), base_url="http://outside") as client:
            return (await client.get("/outer")).json()

    assert anyio.run(main) == ["/inner", None, "/outer"]
    assert {span.name for span in recorder.spans if span.name.startswith("GET")} == {"GET /inner", "GET /outer"}
