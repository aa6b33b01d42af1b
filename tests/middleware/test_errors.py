"""The layers around every application handle errors as Starlette's do."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.exceptions import HTTPException
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vivace.middleware.errors import InnerErrors, OuterErrors

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Known(Exception):
    pass


class Derived(Known):
    pass


def raising(error: Exception, *, started: bool) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if started:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        raise error

    return app


def sync_handler(request: Request, error: Exception) -> PlainTextResponse:
    return PlainTextResponse(f"sync {request.url.path} {error!r}", 418)


async def async_handler(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"async": repr(error)}, 418)


async def outcome(app: ASGIApp) -> tuple[list[Message], str, str]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    scope = {"type": "http", "method": "GET", "path": "/p", "query_string": b"", "headers": [], "server": ("h", 80)}
    try:
        await app(scope, receive, send)
    except Exception as error:  # noqa: BLE001  # compared with the other's
        return sent, repr(error), repr(error.__cause__)
    return sent, "", ""


@pytest.mark.parametrize("handler", [None, sync_handler, async_handler])
@pytest.mark.parametrize("started", [False, True])
@pytest.mark.parametrize("debug", [False, True])
async def test_unhandled_exceptions(handler: Any, started: bool, debug: bool) -> None:
    app = raising(Known("x"), started=started)
    ours, theirs = [
        await outcome(cls(app, handler=handler, debug=debug)) for cls in (OuterErrors, ServerErrorMiddleware)
    ]
    if debug and not started:  # the page shows the frames of the layer itself
        assert [message["type"] for message in ours[0]] == [message["type"] for message in theirs[0]]
        assert b"Known: x" in ours[0][1]["body"]
    else:
        assert ours[0] == theirs[0]
    assert ours[1:] == theirs[1:] == ("Known('x')", "None")


@pytest.mark.parametrize(
    "handlers",
    [
        {},
        {Known: sync_handler},
        {Known: async_handler, 404: sync_handler},
        {Derived: async_handler, Known: sync_handler},
    ],
)
@pytest.mark.parametrize("error", [Known("x"), Derived("x"), HTTPException(404), HTTPException(304), ValueError("y")])
@pytest.mark.parametrize("started", [False, True])
async def test_handled_exceptions(handlers: Any, error: Exception, started: bool) -> None:
    app = raising(error, started=started)
    ours, theirs = [await outcome(cls(app, handlers=handlers)) for cls in (InnerErrors, ExceptionMiddleware)]
    assert ours == theirs


@pytest.mark.parametrize("answered", [False, True])
async def test_a_mounted_application_has_handlers_of_its_own(answered: bool) -> None:
    def mounted(inner: Any, outer: Any, inmost: Any) -> ASGIApp:
        own = inmost(raising(Derived("x"), started=False), handlers={ValueError: async_handler})
        return outer(inner(own) if answered else own, handlers={Known: sync_handler})  # type: ignore[no-any-return]

    ours = await outcome(mounted(OuterErrors, InnerErrors, InnerErrors))
    assert ours == await outcome(mounted(ServerErrorMiddleware, ExceptionMiddleware, ExceptionMiddleware))
    assert ours[1].startswith("RuntimeError" if answered else "")


async def test_an_instance_that_is_raised_again_and_again_gathers_no_frames() -> None:
    error = Known("x")
    await outcome(InnerErrors(raising(error, started=False), handlers={Known: sync_handler}))
    assert error.__traceback__ is None
