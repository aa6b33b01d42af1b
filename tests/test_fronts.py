"""What is asked before a route runs, and light forms of dependencies, through both doors."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any

import pytest
from pydantic import BaseModel

from tests.doors import Call
from tests.doors import call as call
from vivace import APIRouter, BackgroundTasks, Depends, FastAPI, Form, Request, Response
from vivace.cli import explain
from vivace.fronts import Answer, Behind, Exchange, Fields, Front, Handler, Head, Ready, Run, field_lines, light
from vivace.responses import PlainTextResponse
from vivace.routing import APIRoute


class Recording(Front):
    """Answers in place where `instead` says so, and notes what it has seen."""

    def __init__(self, instead: Callable[[Exchange], Answer] = lambda _: None) -> None:
        self.instead = instead
        self.asked: list[tuple[Any, ...]] = []
        self.seen: list[Any] = []

    def __repr__(self) -> str:
        return "something that records"

    def around(self, behind: Behind) -> Run:
        async def run(x: Exchange) -> Answer:
            self.asked.append((x.method, x.path, x.query, x.args))
            if (answer := self.instead(x)) is not None:
                return answer
            if not behind.gives_back:
                return await behind.general(x)
            answer = await behind.rest(x)
            self.seen.append(answer.body if isinstance(answer, Response) else answer)
            return answer

        return run

    def wrap(self, handler: Handler) -> Handler:
        async def wrapped(request: Request) -> Response:
            self.asked.append("general")  # type: ignore[arg-type]
            response = await handler(request)
            self.seen.append(response.body)
            return response

        return wrapped


@pytest.fixture
def app() -> FastAPI:
    return FastAPI()


def before(app: FastAPI, front: Front) -> None:
    """Put a front before the route that was declared last."""
    route = app.routes[-1]
    assert isinstance(route, APIRoute)
    route.front = front


def test_it_answers_in_place_before_anything_runs(call: Call, app: FastAPI) -> None:
    ran: list[str] = []
    ready = Ready(Head(203, [(b"content-type", b"text/x"), (b"x-own", b"1")]), b"ready")
    front = Recording(lambda _: ready)

    @app.api_route("/items/{n}", methods=["GET", "HEAD", "POST"])
    async def item(n: int, guard: Annotated[None, Depends(lambda: ran.append("guard"))]) -> None:
        ran.append("endpoint")

    before(app, front)
    with call(app) as client:
        for _ in range(2):
            answer = client.get("/items/no-number?q=1")
            assert (answer.status_code, answer.content, answer.headers["x-own"]) == (203, b"ready", "1")
            assert (answer.headers["content-length"], answer.headers["content-type"]) == ("5", "text/x")
        head = client.head("/items/1")
        assert (head.content, head.headers["content-length"]) == (b"", "5")
        assert client.get("/items/1", headers={"connection": "close"}).content == b"ready"
    assert not ran
    assert front.asked[0] == ("GET", "/items/no-number", b"q=1", ("no-number",))


def test_an_answer_without_a_body_has_no_length(call: Call, app: FastAPI) -> None:
    app.get("/")(lambda: None)
    before(app, Recording(lambda _: Ready(Head(304, [(b"etag", b'"a"')]), b"")))
    with call(app) as client:
        answer = client.get("/")
    assert (answer.status_code, answer.headers["etag"]) == (304, '"a"')
    assert "content-length" not in answer.headers


def test_it_sees_what_the_route_answers(call: Call, app: FastAPI) -> None:
    front = Recording()

    @app.get("/json/{n}")
    async def json(n: int) -> int:
        return n

    before(app, front)

    @app.get("/own")
    async def own() -> Response:
        return PlainTextResponse("own")

    before(app, front)
    with call(app) as client:
        assert [client.get(path).text for path in ("/json/5", "/own")] == ["5", "own"]
        assert front.seen == [b"5", b"own"]
        assert client.get("/json/x").status_code == 422
    assert front.seen == [b"5", b"own", None], "the general path has sent what the validators refused"


class Order(BaseModel):
    item: str


def test_a_body_has_come_by_then(call: Call, app: FastAPI) -> None:
    bodies: list[bytes] = []
    front = Recording(lambda x: bodies.append(x.body))

    @app.post("/")
    async def order(order: Order) -> Order:
        return order

    before(app, front)
    with call(app) as client:
        assert client.post("/", content=b'{"item":"tea"}', headers={"content-type": "application/json"}).json() == {
            "item": "tea"
        }
    assert bodies == [b'{"item":"tea"}']


async def session() -> AsyncIterator[str]:
    yield "session"


def _waiting(app: FastAPI) -> None:
    @app.get("/")
    async def waiting(value: Annotated[str, Depends(session)]) -> str:
        return value


def _background(app: FastAPI) -> None:
    @app.get("/")
    async def background(tasks: BackgroundTasks) -> str:
        return "session"


@pytest.mark.parametrize("declare", [_waiting, _background])
def test_a_route_that_waits_for_its_answer_to_be_sent_is_seen_on_the_general_path(
    call: Call, app: FastAPI, declare: Callable[[FastAPI], None]
) -> None:
    declare(app)
    front = Recording()
    before(app, front)
    with call(app) as client:
        assert client.get("/").json() == "session"
    assert front.asked == [("GET", "/", b"", ()), "general"]
    assert front.seen == [b'"session"']


def dependency() -> str:
    return "own"


def test_routes_that_are_not_compiled_and_overridden_dependencies_have_it_on_the_general_path(
    call: Call, app: FastAPI
) -> None:
    front = Recording()

    @app.post("/form")
    async def form(name: Annotated[str, Form()]) -> str:
        return name

    before(app, front)

    @app.get("/overridden")
    async def overridden(value: Annotated[str, Depends(dependency)]) -> str:
        return value

    before(app, front)
    app.dependency_overrides[dependency] = lambda: "other"
    with call(app) as client:
        assert client.post("/form", data={"name": "ann"}).json() == "ann"
        assert client.get("/overridden").json() == "other"
    assert front.asked == ["general", "general"]
    assert front.seen == [b'"ann"', b'"other"']


def test_an_included_route_has_it_too_and_what_it_raises_is_handled(call: Call, app: FastAPI) -> None:
    class Refused(Exception):
        pass

    def refuse(x: Exchange) -> Answer:
        if x.query:
            raise Refused
        return None

    router = APIRouter()
    router.get("/{name}")(lambda name: name)
    front = Recording(refuse)
    route = router.routes[-1]
    assert isinstance(route, APIRoute)
    route.front = front
    app.include_router(router, prefix="/in")

    @app.exception_handler(Refused)
    async def refused(request: Request, error: Refused) -> Response:
        return PlainTextResponse("refused", 403)

    with call(app) as client:
        assert client.get("/in/x").json() == "x"
        assert client.get("/in/x?no").status_code == 403
    assert front.asked[0] == ("GET", "/in/x", b"", ("x",))


def test_what_would_break_the_message_is_refused() -> None:
    for field in ((b"x\r\ny", b"1"), (b"x", b"1\r\ny: 2"), (b"x y", b"1")):
        with pytest.raises(RuntimeError, match="Invalid HTTP header"):
            Head(200, [field])


# -- light forms


async def counted(request: Request, response: Response) -> None:
    response.headers["X-Form"] = f"full {request.url.path}"


async def counted_light(request: Exchange, response: Fields) -> None:
    response.append(field_lines([(b"x-form", f"light {request.path}".encode())]))


light(counted, counted_light)


def _plain(app: FastAPI) -> None:
    @app.get("/", dependencies=[Depends(counted)])
    async def plain() -> str:
        return "ok"


def _with_response(app: FastAPI) -> None:
    @app.get("/", dependencies=[Depends(counted)])
    async def with_response(response: Response) -> str:
        response.headers["X-Own"] = "1"
        return "ok"


def _without_body(app: FastAPI) -> None:
    @app.get("/", dependencies=[Depends(counted)], status_code=204)
    async def without_body() -> None:
        pass


def _by_class(app: FastAPI) -> None:
    @app.get("/", dependencies=[Depends(counted)], response_class=PlainTextResponse)
    async def by_class() -> str:
        return '"ok"'


def _with_session(app: FastAPI) -> None:
    @app.get("/", dependencies=[Depends(counted)])
    async def with_session(tasks: BackgroundTasks, value: Annotated[str, Depends(session)]) -> str:
        return "ok"


@pytest.mark.parametrize("declare", [_plain, _with_response, _without_body, _by_class, _with_session])
def test_the_straight_line_calls_the_light_form(call: Call, app: FastAPI, declare: Callable[[FastAPI], None]) -> None:
    declare(app)
    plan = app.routes[-1].plan  # type: ignore[attr-defined]
    assert "request=x, response=fields" in plan.source
    assert "x.request" not in plan.source
    with call(app) as client:
        answer = client.get("/")
        assert (answer.text, answer.headers["x-form"]) == ("" if declare is _without_body else '"ok"', "light /")
        assert answer.headers.get("x-own") == ("1" if declare is _with_response else None)
        app.dependency_overrides[session] = session
        assert client.get("/").headers["x-form"] == "full /", "the general path calls the dependency itself"


async def user(name: str) -> str:
    return name.upper()


async def known(request: Request, value: Annotated[str, Depends(user)], q: int = 1) -> str:
    return f"{value} {q} {request.method}"


async def known_light(request: Exchange, value: str, q: int) -> str:
    return f"{value} {q} {request.method} light"


light(known, known_light)


def test_a_light_form_takes_parameters_and_dependencies_like_the_full_one(call: Call, app: FastAPI) -> None:
    @app.get("/")
    async def home(result: Annotated[str, Depends(known)]) -> str:
        return result

    with call(app) as client:
        assert client.get("/?name=ann&q=2").json() == "ANN 2 GET light"
        assert client.get("/?name=ann&q=x").status_code == 422


def test_a_route_without_any_of_it_is_emitted_as_before(app: FastAPI) -> None:
    @app.get("/items/{n}")
    async def item(n: int) -> int:
        return n

    plan = app.routes[-1].plan  # type: ignore[attr-defined]
    assert plan.front is None
    assert "front" not in plan.source
    assert "fields" not in plan.source
    assert plan.run.__name__ == "serve_item"


def test_it_is_shown_by_explain(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    app.get("/")(lambda: None)
    before(app, Recording())
    monkeypatch.setattr(explain, "load", lambda _: ("app", app))
    explain.explain(explain.Explaining(target="x:app", method="GET", path="/"))
    lines = capsys.readouterr().out.splitlines()
    assert lines[lines.index("Asked first") + 1] == "  something that records"
