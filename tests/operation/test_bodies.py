"""Bodies that are read by several: middleware and the endpoint, a parameter and the request."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.doors import Call
from vivace import FastAPI, Form, Request, UploadFile


def application() -> FastAPI:
    app = FastAPI()

    @app.post("/json")
    async def json(data: dict[str, int]) -> Any:
        return data

    @app.post("/form")
    async def form(text: Annotated[str, Form()], file: UploadFile) -> Any:
        return [text, (await file.read()).decode()]

    @app.post("/request")
    async def request(request: Request) -> Any:
        return [(await request.body()).decode(), await request.json()]

    @app.post("/stream")
    async def stream(request: Request) -> Any:
        return b"".join([piece async for piece in request.stream()]).decode()

    return app


def answers(client: Any) -> list[Any]:
    return [
        client.post("/json", json={"a": 1}).json(),
        client.post("/form", data={"text": "t"}, files={"file": ("f", b"content")}).json(),
        client.post("/request", json=[1]).json(),
        client.post("/stream", content=b"x" * 200_000).json(),
    ]


EXPECTED = [{"a": 1}, ["t", "content"], ["[1]", [1]], "x" * 200_000]


@pytest.mark.parametrize("how", ["body", "form", "stream"])
def test_middleware_may_read_the_body_before_the_endpoint(call: Call, how: str) -> None:
    app = application()
    sizes: list[int] = []

    @app.middleware("http")
    async def reader(request: Request, call_next: Any) -> Any:
        sizes.append(len(await request.body()))
        if how == "form":
            async with request.form() as fields:
                sizes.append(len(fields))
        if how == "stream":
            sizes.append(len(b"".join([piece async for piece in request.stream()])))
        return await call_next(request)

    assert answers(call(app)) == EXPECTED
    assert 200_000 in sizes[-2:]


def test_pure_middleware_may_count_what_is_received(call: Call) -> None:
    app = application()
    counts: list[int] = []

    class Counting:
        def __init__(self, app: ASGIApp) -> None:
            self.app = app

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            counts.append(0)

            async def counted() -> Any:
                message = await receive()
                counts[-1] += len(message.get("body", b""))
                return message

            await self.app(scope, counted, send)

    app.add_middleware(Counting)
    assert answers(call(app)) == EXPECTED
    assert (counts[0], counts[-1]) == (len(b'{"a":1}'), 200_000)
