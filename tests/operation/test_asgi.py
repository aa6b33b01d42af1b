"""The frame around a request: what is torn down when, and in which task."""

from collections.abc import AsyncIterator
from contextvars import ContextVar
from typing import Annotated, Any, Literal

import anyio
import pytest

from tests.doors import Call
from vivace import BackgroundTasks, Depends, FastAPI, WebSocket
from vivace.testclient import TestClient

Scope = Literal["function", "request"]
SCOPES: list[Scope] = ["function", "request"]
LIMITS = pytest.mark.parametrize("limit", [None, 1], ids=["compiled", "general"])


@pytest.mark.parametrize("scope", SCOPES)
@LIMITS
def test_a_task_group_is_left_in_the_task_that_entered_it(call: Call, scope: Scope, limit: int | None) -> None:
    app = FastAPI()
    events: list[str] = []
    tasks: list[int] = []
    value: ContextVar[str] = ContextVar("value")

    async def child() -> None:
        try:
            await anyio.sleep_forever()
        finally:
            events.append("child stopped")

    async def group() -> AsyncIterator[None]:
        tasks.append(anyio.get_current_task().id)
        token = value.set("inside")
        async with anyio.create_task_group() as children:
            children.start_soon(child)
            await anyio.sleep(0)
            try:
                yield
            finally:
                children.cancel_scope.cancel()
        value.reset(token)
        tasks.append(anyio.get_current_task().id)
        events.append("group left")

    @app.get("/")
    async def endpoint(_: Annotated[None, Depends(group, scope=scope, max_concurrency=limit)]) -> str:
        tasks.append(anyio.get_current_task().id)
        return value.get()

    assert call(app).get("/").json() == "inside"
    assert events == ["child stopped", "group left"]
    assert len(tasks) == 3
    assert len(set(tasks)) == 1


@LIMITS
def test_function_scoped_ones_end_before_the_response_and_the_others_after_its_tasks(
    call: Call, limit: int | None
) -> None:
    app = FastAPI()
    events: list[str] = []

    async def early() -> AsyncIterator[None]:
        yield
        events.append("function")

    async def late() -> AsyncIterator[None]:
        yield
        events.append("request")

    @app.get("/")
    async def endpoint(
        tasks: BackgroundTasks,
        _: Annotated[None, Depends(late, max_concurrency=limit)],
        __: Annotated[None, Depends(early, scope="function")],
    ) -> None:
        tasks.add_task(events.append, "task")

    assert call(app).get("/").status_code == 200
    assert events == ["function", "task", "request"]


class Cancelling:
    """Around an application: a request may cancel itself by `scope["cancel"]()`; it is then answered by nothing."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self.caught = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        with anyio.CancelScope() as around:
            scope["cancel"] = around.cancel
            await self.app(scope, receive, send)
        self.caught = around.cancelled_caught


@pytest.mark.parametrize("scope", SCOPES)
@LIMITS
def test_a_cancelled_session_is_torn_down_to_the_end(scope: Scope, limit: int | None) -> None:
    app = FastAPI()
    events: list[str] = []

    async def dependency() -> AsyncIterator[None]:
        try:
            yield
        finally:
            await anyio.sleep(0)
            events.append("torn down")

    declared: Any = Depends(dependency, scope=scope, max_concurrency=limit)

    @app.websocket("/")
    async def endpoint(websocket: WebSocket, _: None = declared) -> None:
        await websocket.accept()
        await websocket.send_text("accepted")
        await websocket.receive_text()
        websocket.scope["cancel"]()
        await anyio.sleep(0)
        events.append("never")

    around = Cancelling(app)
    with TestClient(around).websocket_connect("/") as session:
        assert session.receive_text() == "accepted"
        session.send_text("go")
    assert events == ["torn down"]
    assert around.caught


def test_what_swallows_an_exception_must_let_the_cancellation_go_on(call: Call) -> None:
    """Nobody is told that no response was made: there is nobody any more."""
    app = FastAPI()
    events: list[str] = []

    async def swallows() -> AsyncIterator[None]:
        try:
            yield
        except BaseException:  # noqa: BLE001
            events.append("swallowed")

    @app.get("/", dependencies=[Depends(swallows)])
    async def endpoint() -> None:
        await anyio.sleep_forever()

    class TooLate:
        def __init__(self, app: Any) -> None:
            self.app = app

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            with anyio.move_on_after(0) as deadline:
                await self.app(scope, receive, send)
            if deadline.cancelled_caught:
                await send({"type": "http.response.start", "status": 504, "headers": [(b"content-length", b"0")]})
                await send({"type": "http.response.body", "body": b""})

    app.add_middleware(TooLate)
    assert call(app).get("/").status_code == 504
    assert events == ["swallowed"]
