"""The same program on FastAPI and on Vivace records the same."""

from __future__ import annotations

from collections.abc import AsyncIterator
from types import ModuleType
from typing import Any

import fastapi
import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

import vivace
from tests.doors import Call
from tests.telemetry.recorder import Recorder
from vivace.responses import JSONResponse, PlainTextResponse, StreamingResponse


class Callable:
    async def __call__(self) -> int:
        return 1


async def broken_stream() -> AsyncIterator[bytes]:
    yield b"a"
    raise ValueError("in the stream")


def build(framework: ModuleType, recorder: Recorder) -> Any:
    router, child = framework.APIRouter(), framework.FastAPI()
    app = framework.FastAPI(telemetry=recorder.settings)

    @router.post("/items/{item_id}")
    def item(item_id: int, body: dict[str, int]) -> dict[str, int]:
        if not body:
            raise framework.HTTPException(503)
        return body

    async def cleanup_fails() -> AsyncIterator[None]:
        yield
        raise RuntimeError("too late")

    @app.get("/cleanup", dependencies=[framework.Depends(cleanup_fails)])
    async def cleanup() -> None: ...

    @app.get("/mistake", response_model=int)
    async def mistake() -> str:
        return "no number"

    @app.get("/handled")
    def handled() -> None:
        raise LookupError

    app.add_exception_handler(LookupError, lambda *_: JSONResponse({}, 500))
    app.add_api_route("/object", Callable())
    app.add_api_route("/stream", lambda: StreamingResponse(broken_stream()))
    app.include_router(router, prefix="/v1")
    child.include_router(router)
    app.mount("/child/{name}", child)
    app.mount("/other", Starlette(routes=[Route("/{path}", lambda _: PlainTextResponse(""))]))
    return app


REQUESTS = [
    ("POST", "/v1/items/1?a=%C3%A9&sig=1", '{"a": 1}'),
    ("POST", "/v1/items/1", "{}"),
    ("POST", "/v1/items/1", "{"),
    ("POST", "/v1/items/x", '{"a": "b"}'),
    ("GET", "/v1/items/1", ""),
    ("POST", "/v1/items/1/", ""),
    ("POST", "/child/a/items/1", '{"a": 1}'),
    ("POST", "/child/a/nowhere", ""),
    ("GET", "/child/a", ""),
    ("GET", "/other/a", ""),
    ("GET", "/cleanup", ""),
    ("GET", "/mistake", ""),
    ("GET", "/handled", ""),
    ("GET", "/object", ""),
    ("GET", "/stream", ""),
    ("HEAD", "/docs", ""),
    ("LOCK", "/nowhere", ""),
]


def told(recorder: Recorder) -> list[Any]:
    """All that was recorded, without times, identities, and the frameworks' own names and paths."""
    names = {span.get_span_context().span_id: span.name for span in recorder.spans}
    parents = [names.get(span.parent.span_id) if span.parent else None for span in recorder.spans]
    spans = [(s.name, s.kind, s.status.status_code, attributes(s.attributes)) for s in recorder.spans]
    points = [(attributes(point.attributes), point.count) for point in recorder.points()]
    active = [(attributes(point.attributes), point.value) for point in recorder.points("http.server.active_requests")]
    records = [log.log_record for log in recorder.logs]
    logs = [(r.event_name, r.body, r.severity_number, attributes(r.attributes)) for r in records]
    inside = [names.get(record.span_id or 0) for record in records]
    return [spans, parents, points, active, logs, inside]


def attributes(found: Any) -> dict[str, Any]:
    framework = ("exception.stacktrace", "exception.message")
    return {k: str(v).replace("vivace.", "fastapi.") for k, v in (found or {}).items() if k not in framework}


@pytest.mark.parametrize("settings", [{}, {"operation_spans": False}, {"tracing": False}], ids=str)
@pytest.mark.parametrize(("method", "path", "body"), REQUESTS, ids=map(" ".join, REQUESTS))
def test_the_same_is_recorded(call: Call, method: str, path: str, body: str, settings: dict[str, bool]) -> None:
    theirs, ours = Recorder(**settings), Recorder(**settings)
    clients = (
        TestClient(build(fastapi, theirs), raise_server_exceptions=False),
        call(build(vivace, ours), raises=False),
    )
    for client in clients:
        client.request(method, path, content=body, headers={"content-type": "application/json"}, follow_redirects=False)
    assert told(ours) == told(theirs)
