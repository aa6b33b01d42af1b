"""The server span of a request and the spans of its steps."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Annotated, Any

import anyio
import pytest
from opentelemetry import baggage, trace
from opentelemetry.sdk.trace import Span, SpanProcessor
from opentelemetry.trace import StatusCode
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from tests.doors import Call
from tests.telemetry.recorder import Recorder
from vivace import APIRouter, Depends, FastAPI, HTTPException, WebSocket
from vivace.responses import JSONResponse, StreamingResponse
from vivace.telemetry._asgi import NativeTelemetry
from vivace.telemetry.config import Settings
from vivace.testclient import TestClient


def test_a_request_is_a_span_with_one_for_each_step(call: Call, recorder: Recorder) -> None:
    app = FastAPI(telemetry=recorder.settings)

    @app.get("/items/{item_id}")
    def read(item_id: int, names: Annotated[str, Depends(lambda: "a")]) -> dict[str, Any]:
        return {"id": item_id, "inside": trace.get_current_span().name}  # type: ignore[attr-defined]

    answer = call(app).get("/items/3?page=2&sig=secret", headers={"host": "shop.example:8080"})
    assert answer.json() == {"id": 3, "inside": "fastapi.endpoint"}
    assert recorder.names == [
        "fastapi.dependencies",
        "fastapi.endpoint",
        "fastapi.serialization",
        "GET /items/{item_id}",
    ]
    assert dict(recorder.server.attributes or {}) == {
        "http.request.method": "GET",
        "http.response.status_code": 200,
        "http.route": "/items/{item_id}",
        "network.protocol.version": "1.1",
        "server.address": "shop.example",
        "server.port": 8080,
        "url.path": "/items/3",
        "url.query": "page=2&sig=REDACTED",
        "url.scheme": "http",
    }
    for step in recorder.spans[:-1]:
        assert step.parent is not None
        assert step.parent.span_id == recorder.server.get_span_context().span_id
        assert step.attributes == {"code.function.name": f"{__name__}.{read.__qualname__}"}


def test_the_trace_and_baggage_of_the_caller_go_on(call: Call, recorder: Recorder) -> None:
    app = FastAPI(telemetry=recorder.settings)

    @app.get("/")
    def endpoint() -> Any:
        return dict(baggage.get_all())

    headers = [("traceparent", f"00-{'1' * 32}-{'2' * 16}-01"), ("baggage", "a=1"), ("baggage", "b=2")]
    assert call(app).get("/", headers=headers).json() == {"a": "1", "b": "2"}
    assert recorder.server.get_span_context().trace_id == int("1" * 32, 16)
    assert recorder.server.parent is not None
    assert recorder.server.parent.span_id == int("2" * 16, 16)


def test_a_plain_endpoint_begins_its_span_in_its_thread(recorder: Recorder) -> None:
    started: dict[str, int] = {}

    class Note(SpanProcessor):
        def on_start(self, span: Span, parent_context: Any = None) -> None:
            started[span.name] = threading.get_ident()

    recorder.tracers.add_span_processor(Note())
    app = FastAPI(telemetry=recorder.settings)

    @app.get("/")
    def endpoint() -> int:
        return threading.get_ident()

    assert TestClient(app).get("/").json() == started["fastapi.endpoint"] != started["fastapi.dependencies"]


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/tenants/acme/v1/items/4", "/tenants/{tenant}/v1/items/{item_id}"),
        ("/tenants/acme/v1/items/4/", "/tenants/{tenant}/v1/items/{item_id}"),
        ("/tenants/acme/nowhere", "/tenants/{tenant}/{path}"),
        ("/nowhere", None),
    ],
)
def test_the_route_is_one_template_through_mounts_and_routers(
    call: Call, recorder: Recorder, path: str, route: str | None
) -> None:
    router = APIRouter()

    @router.get("/items/{item_id}")
    def endpoint(item_id: int) -> int:
        return item_id

    child = FastAPI()
    child.include_router(router, prefix="/v1")
    app = FastAPI(telemetry=recorder.settings)
    app.mount("/tenants/{tenant}", child)
    call(app).get(path, follow_redirects=False)
    assert (recorder.server.attributes or {}).get("http.route") == route
    assert recorder.server.name == ("GET" if route is None else f"GET {route}")


@pytest.mark.parametrize(
    ("path", "status", "error", "failed_step"),
    [
        ("/answer", 404, None, None),
        ("/unavailable", 503, "503", None),
        ("/bug", 500, "ValueError", "fastapi.endpoint"),
        ("/handled", 500, "500", "fastapi.endpoint"),
        ("/handled-well", 400, None, "fastapi.endpoint"),
    ],
)
def test_what_counts_as_an_error(
    call: Call, recorder: Recorder, path: str, status: int, error: str | None, failed_step: str | None
) -> None:
    app = FastAPI(telemetry=recorder.settings)
    errors = {
        "/answer": HTTPException(404),
        "/unavailable": HTTPException(503),
        "/bug": ValueError(),
        "/handled": LookupError(),
        "/handled-well": ArithmeticError(),
    }
    app.add_exception_handler(LookupError, lambda *_: JSONResponse({}, 500))
    app.add_exception_handler(ArithmeticError, lambda *_: JSONResponse({}, 400))

    @app.get("/{name}")
    async def endpoint(name: str) -> None:
        raise errors["/" + name]

    assert call(app, raises=False).get(path).status_code == status
    assert (recorder.server.attributes or {}).get("error.type") == error
    assert recorder.server.status.status_code is (StatusCode.UNSET if error is None else StatusCode.ERROR)
    failed = [s.name for s in recorder.spans if s.status.status_code is StatusCode.ERROR and s is not recorder.server]
    assert failed == [step for step in [failed_step] if step is not None]
    assert not any(span.events for span in recorder.spans)  # the exception is logged, once


def test_the_span_ends_with_the_response(call: Call, recorder: Recorder) -> None:
    app = FastAPI(telemetry=recorder.settings)
    ended: list[tuple[str, bool]] = []

    def note(where: str) -> None:
        ended.append((where, "GET /" in recorder.names))

    async def dependency() -> AsyncIterator[None]:
        yield
        note("teardown")

    @app.get("/", dependencies=[Depends(dependency)])
    async def endpoint() -> StreamingResponse:
        async def pieces() -> AsyncIterator[bytes]:
            yield b"a"
            note("stream")
            yield b"b"

        return StreamingResponse(pieces())

    assert call(app).get("/").content == b"ab"
    assert ended == [("stream", False), ("teardown", True)]


def test_a_client_that_leaves_is_an_error_of_the_connection(recorder: Recorder) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        raise AssertionError(message)

    async def main() -> None:
        scope: Scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
        await NativeTelemetry(Settings.of(recorder.settings))(app=app, scope=scope, receive=receive, send=send)

    anyio.run(main)
    assert (recorder.server.attributes or {})["error.type"] == "ConnectionError"


def test_settings_leave_out_steps_or_all_spans(call: Call) -> None:
    for setting, names in [("operation_spans", ["GET /docs"]), ("tracing", [])]:
        recorder = Recorder(**{setting: False})
        call(FastAPI(telemetry=recorder.settings)).get("/docs")
        assert recorder.names == names
        assert len(recorder.points()) == 1


def test_an_excluded_request_leaves_nothing(call: Call) -> None:
    recorder = Recorder(exclude=lambda scope: scope["path"] == "/health")
    client = call(FastAPI(telemetry=recorder.settings))
    client.get("/health")
    assert not recorder.names
    assert not recorder.points()
    client.get("/other")
    assert recorder.names == ["GET"]


def test_a_websocket_connection_is_one_span(recorder: Recorder) -> None:
    app = FastAPI(telemetry=recorder.settings)

    @app.websocket("/rooms/{room}")
    async def endpoint(websocket: WebSocket, room: int) -> None:
        await websocket.accept()
        await websocket.send_text(await websocket.receive_text())
        await websocket.receive_text()

    with suppress(WebSocketDisconnect), TestClient(app).websocket_connect("/rooms/7") as session:
        session.send_text("hello")
        assert session.receive_text() == "hello"
        assert recorder.names == ["fastapi.dependencies"]
        session.close(1001)
    assert recorder.names == ["fastapi.dependencies", "fastapi.endpoint", "WS /rooms/{room}"]
    assert all(span.status.status_code is StatusCode.UNSET for span in recorder.spans)
    assert not recorder.logs
