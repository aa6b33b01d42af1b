"""Both doors of the test client: what a test sees must not tell which one it came in by."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.responses import FileResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.templating import Jinja2Templates
from starlette.types import Receive, Scope, Send

from vivace import BackgroundTasks, FastAPI, Request, WebSocket, WebSocketDisconnect
from vivace.testclient import TestClient


@pytest.fixture(params=["asgi", "wire"])
def door(request: pytest.FixtureRequest) -> Any:
    return request.param


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, Any]]:
    app.state.events = ["startup"]
    yield {"greeting": "from the lifespan"}
    app.state.events.append("shutdown")


app = FastAPI(lifespan=lifespan)


@app.get("/items/{item_id}")
def item(item_id: int, q: str = "none") -> dict[str, Any]:
    return {"item_id": item_id, "q": q}


@app.post("/echo")
async def echo(body: dict[str, Any]) -> dict[str, Any]:
    return body


@app.post("/length")
async def length(request: Request) -> int:
    return len(await request.body())


@app.get("/scope")
async def scope(request: Request) -> dict[str, Any]:
    kept = ("client", "server", "scheme", "root_path", "path", "http_version", "type")
    return {"url": str(request.url), **{name: request.scope[name] for name in kept}}


@app.get("/greeting")
async def greeting(request: Request) -> str:
    return str(request.state.greeting)


@app.get("/sent")
async def sent(request: Request) -> dict[str, Any]:
    return {"headers": request.headers.items(), "cookies": request.cookies}


@app.get("/set")
async def set_cookie(response: Response) -> None:
    response.set_cookie("pill", "red")


@app.get("/there")
async def there() -> Response:
    return Response(status_code=307, headers={"location": "/items/1?q=here"})


@app.get("/fails")
async def fails() -> None:
    raise LookupError("nobody handles this")


@app.get("/fails-later")
async def fails_later(tasks: BackgroundTasks) -> str:
    tasks.add_task(_fail)
    return "answered"


def _fail() -> None:
    raise LookupError("after the answer")


@app.get("/no-file")
async def no_file() -> FileResponse:
    return FileResponse("not/there.txt")


@app.get("/fails-midway")
async def fails_midway() -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"one"
        raise LookupError("midway")

    return StreamingResponse(pieces())


@app.get("/endless")
async def endless() -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        app.state.told = 0
        while True:
            app.state.told += 1
            yield b"%d\n" % app.state.told

    return StreamingResponse(pieces())


@app.websocket("/ws")
async def ws(session: WebSocket) -> None:
    await session.accept()
    await session.send_json({"greeting": session.state.greeting, "said": await session.receive_text()})
    await session.close()


def test_answers_are_equal_through_both_doors() -> None:
    for method, path in [
        ("GET", "/items/3?q=a%20b"),
        ("GET", "/items/three"),
        ("GET", "/items/%C3%A9"),
        ("HEAD", "/items/3"),
        ("POST", "/items/3"),
        ("OPTIONS", "/items/3"),
        ("GET", "/items/3/"),
        ("GET", "/nothing"),
        ("GET", "/fails"),
        ("GET", "/fails-later"),
        ("GET", "/no-file"),
        ("GET", "/set"),
        ("GET", "/scope"),
        ("GET", "/sent"),
    ]:
        answers = []
        for way in ("asgi", "wire"):
            client = TestClient(app, raise_server_exceptions=False, follow_redirects=False, door=way)
            response = client.request(method, path)
            answers.append((response.status_code, response.headers.raw, response.content))
        assert answers[0] == answers[1], (method, path)


def test_a_body_goes_out_and_comes_back(door: Any) -> None:
    client = TestClient(app, door=door)
    body = {"text": "é" * 200_000}
    assert client.post("/echo", json=body).json() == body
    assert client.post("/length", content=(b"x" * 50_000 for _ in range(9))).json() == 450_000
    assert client.post("/length").json() == 0


def test_the_scope_says_what_the_client_was_told(door: Any) -> None:
    client = TestClient(app, "https://example.org:8443", root_path="/api", client=("10.0.0.9", 4711), door=door)
    assert client.get("/scope").json() == {
        "url": "https://example.org:8443/scope",
        "client": ["10.0.0.9", 4711],
        "server": ["example.org", 8443],
        "scheme": "https",
        "root_path": "/api",
        "path": "/scope",
        "http_version": "1.1",
        "type": "http",
    }


def test_headers_and_cookies_reach_the_application(door: Any) -> None:
    client = TestClient(app, headers={"X-Token": "t"}, cookies={"a": "1"}, door=door)
    client.get("/set")
    seen = client.get("/sent", headers={b"X-Name": "é".encode()}).json()
    assert ["x-token", "t"] in seen["headers"]
    assert ["x-name", "é".encode().decode("latin-1")] in seen["headers"]
    assert ["host", "testserver"] in seen["headers"]
    assert seen["cookies"] == {"a": "1", "pill": "red"}


def test_redirects_are_followed(door: Any) -> None:
    response = TestClient(app, door=door).get("/there")
    assert response.json() == {"item_id": 1, "q": "here"}
    assert [r.status_code for r in response.history] == [307]


def test_the_servers_own_headers_are_not_there(door: Any) -> None:
    response = TestClient(app, door=door).get("/items/1")
    assert sorted(response.headers) == ["content-length", "content-type"]


def test_the_lifespan_runs_around_the_block(door: Any) -> None:
    with TestClient(app, door=door) as client:
        assert client.get("/greeting").json() == "from the lifespan"
        assert client.get("/greeting").json() == "from the lifespan"
        assert app.state.events == ["startup"]
    assert app.state.events == ["startup", "shutdown"]


@pytest.mark.parametrize("path", ["/fails", "/fails-later", "/fails-midway"])
def test_an_exception_that_nobody_handles_is_raised_in_the_test(door: Any, path: str) -> None:
    with pytest.raises(LookupError):
        TestClient(app, door=door).get(path)


def test_or_answered_with_500_where_the_test_wants_that(door: Any) -> None:
    client = TestClient(app, raise_server_exceptions=False, door=door)
    response = client.get("/fails")
    assert (response.status_code, response.text) == (500, "Internal Server Error")
    assert client.get("/fails-later").json() == "answered"
    assert client.get("/fails-midway").content == b"one"


def test_a_stream_is_read_as_it_comes_and_stopped_when_it_is_closed(door: Any) -> None:
    with TestClient(app, door=door) as client:
        with client.stream("GET", "/endless") as response:
            lines = response.iter_lines()
            assert [next(lines) for _ in range(3)] == ["1", "2", "3"]
        told = app.state.told
        assert told < 10
        client.get("/items/1")
        assert app.state.told == told


def test_a_stream_left_open_ends_with_the_client(door: Any) -> None:
    with TestClient(app, door=door) as client:
        response = client.send(client.build_request("GET", "/endless"), stream=True)
        assert next(response.iter_lines()) == "1"
    assert app.state.told < 10


def test_two_requests_may_be_under_way_at_once(door: Any) -> None:
    with TestClient(app, door=door) as client, client.stream("GET", "/endless") as response:
        lines = response.iter_lines()
        assert next(lines) == "1"
        assert client.get("/items/7").json()["item_id"] == 7
        assert next(lines) == "2"


def test_websockets(door: Any) -> None:
    with TestClient(app, door=door) as client, client.websocket_connect("/ws") as session:
        session.send_text("hello")
        assert session.receive_json() == {"greeting": "from the lifespan", "said": "hello"}
        with pytest.raises(WebSocketDisconnect):
            session.receive_text()


def test_a_template_and_its_context_can_be_looked_at(door: Any, tmp_path: Any) -> None:
    (tmp_path / "page.html").write_text("Hello {{ name }}")
    templates = Jinja2Templates(directory=tmp_path)
    site = FastAPI()

    @site.get("/")
    async def page(request: Request) -> Any:
        return templates.TemplateResponse(request, "page.html", {"name": "Ada"})

    response: Any = TestClient(site, door=door).get("/")
    assert response.text == "Hello Ada"
    assert response.template.name == "page.html"
    assert response.context["name"] == "Ada"


def test_any_asgi_application_can_be_behind_it(door: Any) -> None:
    async def home(_: Request) -> Response:
        return PlainTextResponse("Starlette")

    assert TestClient(Starlette(routes=[Route("/", home)]), door=door).get("/").text == "Starlette"

    async def bare(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"4")]})
        await send({"type": "http.response.body", "body": scope["method"].encode()})

    assert TestClient(bare, door=door).post("/", content=b"x").text == "POST"


def test_an_application_that_fails_before_it_answers(door: Any) -> None:
    async def bare(scope: Scope, receive: Receive, send: Send) -> None:
        raise LookupError("at once")

    with pytest.raises(LookupError):
        TestClient(bare, door=door).get("/")
    assert TestClient(bare, raise_server_exceptions=False, door=door).get("/").status_code == 500


def test_the_environment_chooses_the_door(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIVACE_DOOR", raising=False)
    assert TestClient(app).door == "asgi"
    monkeypatch.setenv("VIVACE_DOOR", "wire")
    assert TestClient(app).door == "wire"
    assert TestClient(app, door="asgi").door == "asgi"
    assert TestClient(app, backend="trio").door == "asgi"


def test_a_door_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="door='back': there are the doors 'asgi' and 'wire'"):
        TestClient(app, door="back")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="runs on asyncio, not on trio"):
        TestClient(app, door="wire", backend="trio")
    monkeypatch.setenv("VIVACE_DOOR", "back")
    with pytest.raises(ValueError, match="VIVACE_DOOR='back'"):
        TestClient(app)
