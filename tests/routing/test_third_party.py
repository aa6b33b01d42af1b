"""Names that third parties know from FastAPI's routing module."""

from __future__ import annotations

import inspect
from functools import wraps
from typing import Any

import fastapi.routing
import pytest
from pydantic import BaseModel

from tests.doors import Call
from tests.oracle import LATER
from vivace import APIRouter, Depends, FastAPI, Request, routing
from vivace.exceptions import ResponseValidationError
from vivace.testclient import TestClient

PRIVATE = [
    "_DefaultLifespan",
    "_IncludedRouter",
    "_effective_route_context_var",
    "_iter_included_route_candidates",
    "_restore_fastapi_scope_key",
]


@pytest.mark.parametrize("name", PRIVATE)
def test_a_private_name_is_there(name: str) -> None:
    assert getattr(routing, name) is not None


@pytest.mark.parametrize(
    "name", ["get_request_handler", "get_websocket_app", "run_endpoint_function", "serialize_response"]
)
def test_a_function_is_called_as_in_fastapi(name: str) -> None:
    theirs, ours = (inspect.signature(getattr(module, name)) for module in (fastapi.routing, routing))
    assert [(p.name, p.kind) for p in ours.parameters.values() if p.name not in LATER] == [
        (p.name, p.kind) for p in theirs.parameters.values()
    ]


class Item(BaseModel):
    name: str
    note: str | None = None


@pytest.mark.parametrize("included", [False, True])
def test_a_monitor_may_wrap_every_endpoint(call: Call, monkeypatch: pytest.MonkeyPatch, included: bool) -> None:
    """As Sentry does it."""
    calls: list[Any] = []
    original = routing.get_request_handler

    def monitored(*args: Any, **kwargs: Any) -> Any:
        dependant = kwargs["dependant"]
        endpoint = dependant.call

        @wraps(endpoint)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            calls.append(kwargs)
            return endpoint(*args, **kwargs)

        dependant.call = wrapped
        handler = original(*args, **kwargs)

        async def timed(request: Request) -> Any:
            response = await handler(request)
            response.headers["x-monitored"] = request.scope["route"].path
            return response

        return timed

    monkeypatch.setattr(routing, "get_request_handler", monitored)
    app = FastAPI()
    router = APIRouter() if included else app.router

    @router.post("/items/{n}", response_model=Item, response_model_exclude_none=True, status_code=201)
    def create(n: int, item: Item, number: int = Depends(lambda: 7)) -> Any:
        return {"name": f"{item.name} {n} {number}", "secret": True}

    if included:
        app.include_router(router)
    client = call(app)
    for _ in range(3):
        answer = client.post("/items/1", json={"name": "x"})
        assert (answer.status_code, answer.json()) == (201, {"name": "x 1 7"})
        assert answer.headers["x-monitored"] == "/items/{n}"
    assert [found["n"] for found in calls] == [1, 1, 1]
    assert client.post("/items/x", json={}).status_code == 422


def test_a_websocket_app_is_made_of_its_parts() -> None:
    from starlette.routing import WebSocketRoute

    async def session(websocket: fastapi.WebSocket, n: int) -> None:
        await websocket.accept()
        await websocket.send_json(n)
        await websocket.close()

    declared = routing.APIWebSocketRoute("/ws/{n}", session)
    route = WebSocketRoute("/ws/{n}", session)
    route.app = routing.websocket_session(routing.get_websocket_app(declared.dependant))
    app = FastAPI(routes=[route])
    with TestClient(app).websocket_connect("/ws/7") as socket:
        assert socket.receive_json() == 7


@pytest.mark.anyio
@pytest.mark.parametrize("is_coroutine", [True, False])
async def test_an_endpoint_and_its_result_by_hand(is_coroutine: bool) -> None:
    async def read(n: int) -> Any:
        return {"name": n}

    def read_in_thread(n: int) -> Any:
        return {"name": n}

    route = routing.APIRoute("/items/{n}", read if is_coroutine else read_in_thread, response_model=Item)
    values: dict[str, Any] = {"n": "x"}
    result = await routing.run_endpoint_function(dependant=route.dependant, values=values, is_coroutine=is_coroutine)
    assert result == {"name": "x"}
    field: dict[str, Any] = {"field": route.response_field, "is_coroutine": is_coroutine}
    ready = await routing.serialize_response(response_content=result, exclude_none=True, **field)
    assert ready == {"name": "x"}
    assert (
        await routing.serialize_response(response_content=result, dump_json=True, **field)
        == b'{"name":"x","note":null}'
    )
    assert await routing.serialize_response(response_content={1}) == [1]
    with pytest.raises(ResponseValidationError):
        await routing.serialize_response(response_content={}, **field)


def test_a_change_can_be_announced() -> None:
    router = APIRouter()
    version = router._get_routes_version()
    router._mark_routes_changed()
    assert router._get_routes_version() is not version


def test_an_included_router_by_its_known_methods() -> None:
    app, router = FastAPI(), APIRouter()
    router.get("/items")(test_a_change_can_be_announced)
    app.include_router(router, prefix="/a")
    included: Any = app.routes[-1]
    assert included.effective_candidates() is included.effective_candidates()
    assert included.effective_low_priority_routes() is included.effective_low_priority_routes()
    [context] = included.effective_route_contexts()
    assert context.path == "/a/items"
    assert list(routing._iter_included_route_candidates(app.routes))[-1] is router.routes[0]
