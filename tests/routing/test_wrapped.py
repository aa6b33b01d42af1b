"""Routes that a package has changed after they were declared: what it put in place is what is called."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import fastapi
import fastapi.dependencies.utils
import pytest

import vivace.dependencies.utils
from tests.doors import Call
from vivace import APIRouter, Depends, FastAPI, WebSocket
from vivace.dependencies.utils import get_parameterless_sub_dependant
from vivace.routing import request_response
from vivace.testclient import TestClient


def named(name: str) -> Callable[[], str]:
    return lambda: name


async def session(websocket: WebSocket, /, greeting: str = "declared") -> None:
    await websocket.accept()
    await websocket.send_text(greeting)
    await websocket.close()


@pytest.mark.parametrize("included", [False, True])
def test_the_call_of_a_websocket_s_graph_may_be_wrapped(included: bool) -> None:
    """As wireup does it: an argument of its own, and the connection by a name of its own."""

    async def endpoint(websocket: WebSocket) -> None:
        raise AssertionError("not wrapped")

    async def wrapped(websocket: WebSocket, connection: Any) -> None:
        await session(websocket, greeting=type(connection).__name__)

    app, router = FastAPI(), APIRouter()
    (router if included else app).websocket("/ws")(endpoint)
    app.include_router(router)
    leaf: Any = app.routes[-1]
    route = leaf.effective_candidates()[0] if included else app.router.routes[-2]
    route.dependant.http_connection_param_name = "connection"
    route.dependant.call = wrapped
    with TestClient(app).websocket_connect("/ws") as socket:
        assert socket.receive_text() == "WebSocket"


class Controller:
    router = APIRouter()

    @router.get("/number")
    def number(self, add: int = 0) -> Any:
        return 7 + add


def test_the_endpoints_of_a_copied_router_may_be_bound(call: Call) -> None:
    """As wireup does it with its class-based handlers: what the method asks for is read again, without `self`."""
    copied = deepcopy(Controller.router)
    route: Any = copied.routes[0]
    route.endpoint = route.dependant.call = Controller().number
    app = FastAPI()
    app.include_router(copied)
    assert call(app).get("/number", params={"add": 1}).json() == 8


def test_what_is_done_to_the_graph_of_an_included_route_concerns_that_route_alone(call: Call) -> None:
    app, router = FastAPI(), APIRouter()
    router.get("/")(named("declared"))
    app.include_router(router, prefix="/a")
    app.include_router(router, prefix="/b")
    at_b: Any = app.routes[-1]
    at_b.effective_candidates()[0].dependant.call = named("wrapped")
    client = call(app)
    assert client.get("/a/").json() == "declared"
    assert client.get("/b/").json() == "wrapped"


def test_a_change_of_the_declared_graph_does_not_reach_the_routers_that_include_it(call: Call) -> None:
    router = APIRouter()
    router.get("/")(named("declared"))
    route: Any = router.routes[0]
    route.dependant.call = named("wrapped")
    route.dependant.dependencies.append(get_parameterless_sub_dependant(depends=Depends(fails), path="/"))
    app = FastAPI()
    app.include_router(router, prefix="/a")
    assert call(app).get("/a/").json() == "declared"


def fails() -> None:
    raise AssertionError("nobody has declared it")


def test_a_dependency_given_to_a_declared_route_reaches_the_routers_that_include_it(call: Call) -> None:
    """As fastapi-pagination does it, after the inclusion."""
    calls: list[str] = []
    app, router = FastAPI(), APIRouter()
    router.get("/")(named("declared"))
    app.include_router(router, prefix="/a")
    route: Any = router.routes[0]
    added = Depends(lambda: calls.append("added"))
    route.dependencies.append(added)
    route.dependant.dependencies.append(get_parameterless_sub_dependant(depends=added, path="/"))
    route.app = request_response(route.get_route_handler())
    assert call(app).get("/a/").json() == "declared"
    assert calls == ["added"]


def test_a_handler_made_again_takes_a_dependency_that_was_added(call: Call) -> None:
    """As fastapi-pagination does it, for a route of the application itself."""
    calls: list[str] = []
    app = FastAPI()

    @app.get("/")
    def home() -> Any:
        return "home"

    route: Any = app.routes[-1]
    added = Depends(lambda: calls.append("added"))
    route.dependant.dependencies.append(get_parameterless_sub_dependant(depends=added, path="/"))
    route.app = request_response(route.get_route_handler())
    assert call(app).get("/").json() == "home"
    assert calls == ["added"]


@pytest.mark.parametrize("endpoint", ["shared", "one", "two"])
def test_the_body_of_a_graph_is_found_as_in_fastapi(endpoint: str) -> None:
    """By the names that fastapi-pagination and fastapi-jsonrpc know it by."""

    def read(package: Any) -> Any:
        utils = package.dependencies.utils
        graph = utils.get_dependant(path="/", call=in_terms_of(package)[endpoint])
        fields = utils._get_flat_body_params(graph)
        embed = utils._should_embed_body_fields(fields)
        body = utils._get_body_field(body_params=fields, name="made", embed_body_fields=embed)
        return [field.name for field in fields], embed, body.name, body.field_info.annotation.__name__

    assert read(vivace) == read(fastapi)


@pytest.mark.parametrize("thing", [bool, int, str, "int", list[int], None])
def test_a_type_is_asked_about_as_in_fastapi(thing: Any) -> None:
    """By the name that fastapi-pagination knows it by."""
    ours, theirs = vivace.dependencies.utils.lenient_issubclass, fastapi.dependencies.utils.lenient_issubclass
    assert ours(thing, int) is theirs(thing, int)


def in_terms_of(package: Any) -> dict[str, Any]:
    def shared(x: int = package.Body()) -> int:
        return x

    def one(name: str = package.Body(), number: int = package.Depends(shared)) -> None: ...

    def two(first: Any = package.Depends(one), second: Any = package.Depends(one)) -> None: ...

    return {"shared": shared, "one": one, "two": two}
