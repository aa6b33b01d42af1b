"""From a request to the route that answers it, through both doors: what is found, and what is left in the scope."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Match, Mount, Route, Router

from tests.doors import Call
from vivace import APIRouter, FastAPI, HTTPException, Request, WebSocket
from vivace.routing import APIRoute
from vivace.testclient import TestClient


def plain(request: Request) -> PlainTextResponse:
    return PlainTextResponse("plain")


def read() -> str:
    return "read"


# -- the scope


def seen(request: Request) -> JSONResponse:
    """What a program, or a third party, reads from the scope."""
    scope = request.scope
    notes = scope.get("fastapi", {})
    return JSONResponse(
        {
            "app": scope["app"].title,
            "router": scope["router"] is scope["app"].router,
            "endpoint": scope["endpoint"].__name__,
            "path_params": scope["path_params"],
            "root_path": scope["root_path"],
            "route": (type(scope["route"]).__name__, scope["route"].path),
            "context": getattr(notes.get("effective_route_context"), "path", None),
            "included": getattr(notes.get("included_router"), "original_router", None) is not None,
        }
    )


def test_the_scope_of_an_operation(call: Call) -> None:
    app = FastAPI(title="T")
    app.get("/items/{n}")(seen)
    assert call(app).get("/items/1").json() == {
        "app": "T",
        "router": True,
        "endpoint": "seen",
        "path_params": {"n": "1"},
        "root_path": "",
        "route": ["APIRoute", "/items/{n}"],
        "context": None,
        "included": False,
    }


def test_the_scope_of_an_included_operation(call: Call) -> None:
    app, outer, inner = FastAPI(title="T"), APIRouter(), APIRouter(prefix="/b")
    inner.get("/items/{n}")(seen)
    outer.include_router(inner, prefix="/{tenant}")
    app.include_router(outer, prefix="/a")
    assert call(app).get("/a/t/b/items/1").json() == {
        "app": "T",
        "router": True,
        "endpoint": "seen",
        "path_params": {"tenant": "t", "n": "1"},
        "root_path": "",
        "route": ["APIRoute", "/b/items/{n}"],
        "context": "/a/{tenant}/b/items/{n}",
        "included": True,
    }


def test_the_scope_of_a_plain_route(call: Call) -> None:
    app, inner = FastAPI(title="T"), APIRouter(routes=[Route("/in/{n}", seen)])
    app.add_route("/out/{n}", seen)
    app.include_router(inner, prefix="/a")
    found = call(app).get("/out/1").json()
    assert (found["route"], found["context"]) == (["Route", "/out/{n}"], None)
    found = call(app).get("/a/in/1").json()
    assert (found["route"], found["context"]) == (["Route", "/a/in/{n}"], "/a/in/{n}")


def test_the_scope_below_a_mount(call: Call) -> None:
    app, mounted, inner = FastAPI(title="T"), FastAPI(title="M"), APIRouter()
    inner.get("/items/{n}")(seen)
    mounted.include_router(inner, prefix="/b")
    app.mount("/m/{tenant}", mounted)
    found = call(app).get("/m/t/b/items/1").json()
    assert found["app"] == "M"
    assert found["path_params"] == {"tenant": "t", "n": "1"}
    assert found["root_path"] == "/m/t"
    assert found["context"] == "/b/items/{n}"


def test_the_scope_of_a_websocket() -> None:
    app, inner = FastAPI(), APIRouter()

    @inner.websocket("/ws/{n}")
    async def session(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_json(
            [websocket.scope["route"].path, websocket.path_params, sorted(websocket.scope["fastapi"])]
        )
        await websocket.close()

    app.include_router(inner, prefix="/a")
    with TestClient(app).websocket_connect("/a/ws/1") as socket:
        assert socket.receive_json() == ["/a/ws/{n}", {"n": "1"}, ["effective_route_context", "included_router"]]


# -- what answers


def test_methods(call: Call) -> None:
    app = FastAPI()
    app.get("/items")(read)
    app.put("/items")(read)
    app.add_route("/plain", plain)
    client = call(app)
    assert client.put("/items").status_code == 200
    refused = client.post("/items")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET")
    assert client.head("/items").status_code == 405
    assert client.options("/items").status_code == 405
    assert client.head("/plain").status_code == 200


@pytest.mark.parametrize(
    ("path", "elsewhere"), [("/a/", "/a"), ("/b", "/b/"), ("/in/b?x=1", "/in/b/?x=1"), ("/m", "/m/")]
)
def test_a_slash_more_or_less(call: Call, path: str, elsewhere: str) -> None:
    app, inner = FastAPI(), APIRouter(redirect_slashes=False)  # where it is included, the application's setting counts
    app.get("/a")(read)
    for router in (app, inner):
        router.get("/b/")(read)  # type: ignore[attr-defined]
    app.include_router(inner, prefix="/in")
    app.mount("/m", Router([Route("/", plain)]))
    answer = call(app, follow_redirects=False).get(path)
    assert (answer.status_code, answer.headers["location"]) == (307, f"http://testserver{elsewhere}")


def test_no_slash_more_or_less(call: Call) -> None:
    app, inner = FastAPI(redirect_slashes=False), APIRouter(redirect_slashes=True)
    inner.get("/b/")(read)
    app.include_router(inner)
    assert call(app).get("/b").status_code == 404


def test_what_no_route_answers(call: Call) -> None:
    async def default(scope: Any, receive: Any, send: Any) -> None:
        await PlainTextResponse("nothing here", 410)(scope, receive, send)

    app, inner = FastAPI(), APIRouter(default=default)
    app.include_router(inner, prefix="/in")  # its own default is for a router that stands by itself
    assert call(app).get("/in/x").status_code == 404
    app.router.default = default
    assert call(app).get("/in/x").text == "nothing here"
    assert TestClient(inner).get("/x").status_code == 410


@pytest.mark.parametrize(("path", "value"), [("/items", None), ("/items/1", "1\n"), ("/n/1", 1)])
def test_a_newline_at_the_end_is_let_in(call: Call, path: str, value: Any) -> None:
    """By `$` of a regular expression, as in Starlette."""
    app = FastAPI()
    app.get("/items")(lambda: None)
    app.get("/items/{x}")(lambda x: x)
    app.get("/n/{x:int}")(lambda x: x)
    answer = call(app).get(path + "%0A")
    assert (answer.status_code, answer.json()) == (200, value)


def test_behind_a_proxy(call: Call) -> None:
    app = FastAPI()
    app.get("/items")(seen)
    for path in ("/items", "/api/items"):
        assert call(app, root_path="/api").get(path).json()["root_path"] == "/api"


def test_a_router_stands_by_itself() -> None:
    router = APIRouter(prefix="/p")
    router.get("/items/{n}")(lambda n: n)
    router.get("/wrong")(lambda: 1 / 0)
    client = TestClient(router, raise_server_exceptions=False)
    assert client.get("/p/items/1").json() == "1"
    assert client.get("/p/items/1/", follow_redirects=False).status_code == 307
    assert client.post("/p/items/1").text == "Method Not Allowed"
    assert client.get("/elsewhere").text == "Not Found"


def test_a_route_stands_by_itself() -> None:
    route = APIRoute("/items/{n}", lambda n: n)
    assert TestClient(route).get("/items/1").json() == "1"
    assert TestClient(route).get("/elsewhere").text == "Not Found"


# -- rules of their own


class HeaderRoute(APIRoute):
    """Answers those who say please."""

    def matches(self, scope: Any) -> Any:
        return super().matches(scope) if (b"say", b"please") in scope["headers"] else (Match.NONE, {})


class HeaderRouter(APIRouter):
    def matches(self, scope: Any) -> Any:
        return super().matches(scope) if (b"say", b"please") in scope["headers"] else (Match.NONE, {})


@pytest.mark.parametrize("routers", [0, 1, 2])
@pytest.mark.parametrize("kind", ["route", "router"])
def test_an_override_of_matches_decides(call: Call, kind: str, routers: int) -> None:
    app = FastAPI()
    router: Any = app.router
    for _ in range(routers):
        inner = HeaderRouter() if kind == "router" else APIRouter()
        router.include_router(inner, prefix="/p")
        router = inner
    router.route_class = HeaderRoute if kind == "route" else APIRoute
    router.get("/items/{n}")(lambda n: n)
    app.router.route_class = APIRoute
    app.get("/p" * routers + "/items/{n}")(lambda: "fallback")
    client, path = call(app), "/p" * routers + "/items/1"
    assert client.get(path, headers={"say": "please"}).json() == "1"
    if (kind, routers) != ("router", 0):
        assert client.get(path).json() == "fallback"


def test_a_route_that_refused_leaves_nothing_behind(call: Call) -> None:
    app, picky, usual = FastAPI(), APIRouter(route_class=HeaderRoute), APIRouter()
    picky.get("/items")(read)

    @usual.get("/items")
    def context(request: Request) -> Any:
        return request.scope["fastapi"]["effective_route_context"].path

    app.include_router(picky, prefix="/{x}")
    app.include_router(usual, prefix="/{y}")
    assert call(app).get("/a/items").json() == "/{y}/items"


@pytest.mark.parametrize("routers", [0, 1, 2])
def test_an_override_of_handle_is_called_once(call: Call, routers: int) -> None:
    calls: list[str] = []

    class Route_(APIRoute):
        async def handle(self, scope: Any, receive: Any, send: Any) -> None:
            calls.append("route")
            await super().handle(scope, receive, send)

    class Router_(APIRouter):
        async def handle(self, scope: Any, receive: Any, send: Any) -> None:
            calls.append("router")
            await super().handle(scope, receive, send)

    app = FastAPI()
    router: Any = app.router
    for _ in range(routers):
        inner = Router_(route_class=Route_)
        router.include_router(inner, prefix="/p")
        router = inner
    router.route_class = Route_
    router.get("/items/{n}")(lambda n: n)
    client = call(app)
    assert client.get("/p" * routers + "/items/1").json() == "1"
    assert calls == ["router"] * routers + ["route"]
    assert client.post("/p" * routers + "/items/1").status_code == 405
    assert client.get("/p" * routers + "/elsewhere").status_code == 404


def test_a_patched_class_is_asked(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    original = APIRoute.handle

    async def traced(self: APIRoute, scope: Any, receive: Any, send: Any) -> None:
        calls.append(self.path)
        await original(self, scope, receive, send)

    monkeypatch.setattr(APIRoute, "handle", traced)
    app, inner = FastAPI(), APIRouter()
    for router in (app, inner):
        router.get("/items")(read)  # type: ignore[attr-defined]
    app.include_router(inner, prefix="/a")
    for path in ("/items", "/a/items"):
        assert call(app).get(path).json() == "read"
    assert calls == ["/items", "/items"]


def test_a_handler_of_its_own_wraps_the_handling(call: Call) -> None:
    class Timed(APIRoute):
        def get_route_handler(self) -> Any:
            handler = super().get_route_handler()

            async def timed(request: Request) -> Any:
                try:
                    response = await handler(request)
                except HTTPException as error:
                    return PlainTextResponse(f"caught {error.detail}")
                response.headers["x-timed"] = "yes"
                return response

            return timed

    app, inner = FastAPI(), APIRouter(route_class=Timed)

    @inner.get("/items/{n}")
    def item(n: int) -> int:
        if n == 0:
            raise HTTPException(404, "zero")
        return n

    app.include_router(inner, prefix="/{tenant}")
    answer = call(app).get("/t/items/1")
    assert (answer.json(), answer.headers["x-timed"]) == (1, "yes")
    assert call(app).get("/t/items/0").text == "caught zero"
    assert call(app).get("/t/items/x").status_code == 422


def test_a_handler_of_its_own_is_made_when_the_route_is_declared_and_wherever_it_is_included(call: Call) -> None:
    made: list[str] = []

    class Counted(APIRoute):
        def get_route_handler(self) -> Any:
            made.append(self.path)
            return super().get_route_handler()

    app, inner = FastAPI(), APIRouter(route_class=Counted)
    inner.get("/items")(read)
    assert made == ["/items"]
    app.include_router(inner, prefix="/a")
    app.openapi()
    assert made == ["/items", "/items"]
    client = call(app)
    assert [client.get("/a/items").json() for _ in range(2)] == ["read", "read"]
    assert made == ["/items", "/items"]


def test_a_handler_that_can_not_be_made_is_tried_again(call: Call) -> None:
    fails = False

    class Fails(APIRoute):
        def get_route_handler(self) -> Any:
            if fails:
                raise RuntimeError("no handler")
            return super().get_route_handler()

    app, inner = FastAPI(), APIRouter(route_class=Fails)
    inner.get("/items")(read)
    app.include_router(inner, prefix="/a")
    fails = True
    with pytest.raises(RuntimeError, match="no handler"):
        inner.get("/others")(read)
    with pytest.raises(RuntimeError, match="no handler"):
        app.openapi()
    fails = False
    assert call(app).get("/a/items").json() == "read"


def test_an_exchanged_app_answers(call: Call) -> None:
    app = FastAPI()
    app.get("/items")(read)
    assert call(app).get("/items").json() == "read"
    app.routes[-1].app = PlainTextResponse("exchanged")  # type: ignore[attr-defined]
    assert call(app).get("/items").text == "exchanged"


def test_what_is_mounted_takes_its_turn(call: Call) -> None:
    app = FastAPI()
    app.get("/m/before")(read)
    app.mount("/m", Mount("", routes=[Route("/{x}", plain)]))
    app.get("/m/after")(read)
    assert call(app).get("/m/before").json() == "read"
    assert call(app).get("/m/after").text == "plain"
