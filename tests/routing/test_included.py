"""Routers in routers: live, each route worked out once, in every order of declaring and including."""

from __future__ import annotations

import threading
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Host, Match, Mount, NoMatchFound, Route, Router, WebSocketRoute

from tests.doors import Call
from vivace import APIRouter, FastAPI, Request, WebSocket
from vivace.exceptions import FastAPIError
from vivace.routing import APIRoute, APIWebSocketRoute, RouteContext, iter_route_contexts


def read() -> str:
    return "read"


def later() -> str:
    return "later"


def plain(request: Request) -> PlainTextResponse:
    return PlainTextResponse("plain")


async def session(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_json(websocket.path_params)
    await websocket.close()


def nested(prefixes: list[str]) -> tuple[FastAPI, list[APIRouter]]:
    """An application and routers, each included in the one before it."""
    app = FastAPI(openapi_url=None)
    routers = [APIRouter() for _ in prefixes]
    for outer, inner, prefix in zip([app, *routers], routers, prefixes, strict=False):
        outer.include_router(inner, prefix=prefix)  # type: ignore[attr-defined]
    return app, routers


def replace_list(router: APIRouter) -> None:
    router.routes = [APIRoute("/items", later)]  # type: ignore[assignment]


def assign_slice(router: APIRouter) -> None:
    router.routes[:] = [APIRoute("/items", later)]


def insert(router: APIRouter) -> None:
    router.routes.insert(0, APIRoute("/items", later))


def declare_after_removing(router: APIRouter) -> None:
    router.routes.pop()
    router.get("/items")(later)


def remove_and_include(router: APIRouter) -> None:
    router.routes.clear()
    other = APIRouter()
    router.include_router(other)
    other.get("/items")(later)


@pytest.mark.parametrize("depth", [0, 1, 3])
@pytest.mark.parametrize("change", [replace_list, assign_slice, insert, declare_after_removing, remove_and_include])
def test_a_change_is_seen_by_the_next_request(call: Call, depth: int, change: Callable[[APIRouter], None]) -> None:
    app, routers = nested(["/p"] * depth)
    router = routers[-1] if routers else app.router
    router.get("/items")(read)
    client = call(app)
    assert client.get("/p" * depth + "/items").json() == "read"
    change(router)
    assert client.get("/p" * depth + "/items").json() == "later"


def test_a_router_may_be_included_in_several_places(call: Call) -> None:
    app, inner = FastAPI(), APIRouter()
    for prefix in ("/a", "/b"):
        outer = APIRouter(prefix=prefix)
        outer.include_router(inner, prefix="/x")
        outer.include_router(inner, prefix="/y")
        app.include_router(outer)
    inner.get("/items")(read)
    paths = [f"/{a}/{x}/items" for a in "ab" for x in "xy"]
    assert [call(app).get(path).json() for path in paths] == ["read"] * 4
    assert list(app.openapi()["paths"]) == paths


def test_a_name_leads_to_the_first_place(call: Call) -> None:
    app, [_, inner] = nested(["/a", "/{tenant}"])
    inner.get("/items/{n}", name="item")(read)
    assert app.url_path_for("item", tenant="t", n=1) == "/a/t/items/1"
    with pytest.raises(NoMatchFound):
        app.url_path_for("item", n=1)


def test_no_router_includes_itself() -> None:
    one, two, three = APIRouter(), APIRouter(), APIRouter()
    one.include_router(two)
    two.include_router(three)
    for inner in (one, two):
        with pytest.raises(AssertionError, match="already includes this router"):
            three.include_router(inner)
    with pytest.raises(AssertionError, match="into itself"):
        one.include_router(one)


@pytest.mark.parametrize("prefix", ["x", "/x/"])
def test_a_prefix_is_well_formed(prefix: str) -> None:
    with pytest.raises(AssertionError, match="prefix must"):
        APIRouter(prefix=prefix)
    with pytest.raises(AssertionError, match="prefix must"):
        APIRouter().include_router(APIRouter(), prefix=prefix)


def test_a_path_is_not_empty() -> None:
    inner, outer = APIRouter(), APIRouter()
    inner.get("", name="nowhere")(read)
    for router in (inner, outer):
        with pytest.raises(FastAPIError, match=r"both empty \(path operation: nowhere\)"):
            APIRouter().include_router(router)
        if router is inner:
            outer.routes.extend(router.routes)
    outer.routes.clear()
    outer.include_router(inner, prefix="/p")
    APIRouter().include_router(outer)


@pytest.mark.parametrize("made", [APIWebSocketRoute, WebSocketRoute, Route, APIRoute])
def test_a_context_shows_the_route_as_it_is_served(made: Any) -> None:
    app, [_, inner] = nested(["/a", "/{tenant}"])
    route = made("/{n:int}", plain if made is Route else session, name="n")
    inner.routes.append(route)
    [context] = iter_route_contexts(app.routes)
    assert isinstance(context, RouteContext)
    assert context.route is context.original_route is route
    assert (context.path, context.path_format, context.name) == ("/a/{tenant}/{n:int}", "/a/{tenant}/{n}", "n")
    assert list(context.param_convertors) == ["tenant", "n"]
    assert context.methods == {Route: {"GET", "HEAD"}, APIRoute: {"GET"}}.get(made)
    assert context.endpoint is route.endpoint
    assert route.path == "/{n:int}"


def test_a_context_has_what_a_subclass_adds() -> None:
    class Priced(APIRoute):
        price = 3

    app, [inner] = nested(["/a"])
    inner.routes.append(Priced("/items", read))
    [context] = iter_route_contexts(app.routes)
    assert context.price == 3
    with pytest.raises(AttributeError, match="colour"):
        _ = context.colour


def test_websockets_keep_their_place(call: Call) -> None:
    app, [_, inner] = nested(["/a", "/{tenant}"])
    inner.websocket("/ws/{n}")(session)
    inner.add_websocket_route("/plain/{n}", session)
    for path in ("/a/t/ws/1", "/a/t/plain/1"):
        with call(app).websocket_connect(path) as socket:
            assert socket.receive_json() == {"tenant": "t", "n": "1"}


def test_a_mount_keeps_its_class_and_its_parameters(call: Call) -> None:
    class Counting(Mount):
        asked = 0

        def matches(self, scope: Any) -> Any:
            type(self).asked += 1
            return super().matches(scope)

    def show(request: Request) -> PlainTextResponse:
        return PlainTextResponse(f"{request.path_params} {request.scope['root_path']}")

    app, [inner] = nested(["/a/{tenant}"])
    inner.routes.append(Counting("/m/{x}", routes=[Route("/{y}", show, name="show")], name="m"))
    assert call(app).get("/a/t/m/1/2").text == "{'tenant': 't', 'x': '1', 'y': '2'} /a/t/m/1"
    assert Counting.asked == 1
    assert app.url_path_for("m:show", tenant="t", x="1", y="2") == "/a/t/m/1/2"


def test_a_host_keeps_its_prefix(call: Call) -> None:
    app, [inner] = nested(["/a"])
    inner.routes.append(Host("{name}.example.org", Router([Route("/items", plain, name="items")]), name="host"))
    client = call(app, base_url="http://x.example.org")
    assert client.get("/a/items").text == "plain"
    assert client.get("/items").json() == {"detail": "Not Found"}
    url = app.url_path_for("host:items", name="x")
    assert (url, url.host) == ("/a/items", "x.example.org")


def test_middleware_of_a_route_stays(call: Call) -> None:
    from starlette.middleware import Middleware

    def shouting(app: Any) -> Any:
        async def shout(scope: Any, receive: Any, send: Any) -> None:
            await PlainTextResponse("SHOUT")(scope, receive, send)

        return shout

    app, [inner] = nested(["/a"])
    inner.routes.append(Route("/items", plain, middleware=[Middleware(shouting)]))
    assert call(app).get("/a/items").text == "SHOUT"


def test_a_kind_of_route_that_can_t_be_moved_is_left_out(call: Call) -> None:
    class Anything(BaseRoute):
        def matches(self, scope: Any) -> Any:
            return Match.FULL, {}

    app, [inner] = nested(["/a"])
    inner.routes.append(Anything())
    assert list(iter_route_contexts(app.routes)) == []
    assert call(app).get("/a").status_code == 404


def test_threads_share_what_is_worked_out() -> None:
    app, [inner] = nested(["/a"])
    for number in range(100):
        inner.get(f"/{number}")(read)
    barrier = threading.Barrier(6)
    seen: list[Any] = []

    def look() -> None:
        barrier.wait()
        seen.append([context.plan for context in iter_route_contexts(app.routes)])
        app.router.index.refresh()
        seen.append([app.router.index.http.find("GET", f"/a/{number}")[0].target.plan for number in range(100)])  # type: ignore[index]

    threads = [threading.Thread(target=look) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 12
    contexts = [[plan.operation for plan in plans] for plans in seen]
    assert all(one is first for found in contexts for one, first in zip(found, contexts[0], strict=True))


def test_a_router_can_be_copied_with_all_in_it(call: Call) -> None:
    _, [outer, inner] = nested(["/a", "/b"])
    inner.get("/items")(read)
    app, other = FastAPI(), FastAPI()
    app.include_router(outer)
    assert call(app).get("/b/items").json() == "read"
    other.include_router(deepcopy(outer))
    inner.get("/later")(later)
    assert call(app).get("/b/later").json() == "later"
    assert call(other).get("/b/items").json() == "read"
    assert call(other).get("/b/later").status_code == 404
