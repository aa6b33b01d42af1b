"""What `vivace explain` and `vivace routes` print."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Project
from vivace.cli.explain import Explaining, explain
from vivace.cli.failure import Failure
from vivace.cli.options import Found
from vivace.cli.routes import routes

SHOP = """
from typing import Annotated
from pydantic import BaseModel
from starlette.responses import PlainTextResponse
from vivace import APIRouter, Depends, FastAPI, Header, WebSocket
from vivace.routing import APIRoute
from vivace.security import APIKeyQuery

class Item(BaseModel):
    name: str

def session():
    yield "session"

def transaction():
    yield "transaction"

async def user(db: Annotated[str, Depends(session)], x_token: Annotated[str, Header()]):
    return x_token

app = FastAPI()

@app.get("/items/{item_id}")
def read(item_id: int, u: Annotated[str, Depends(user)], key: Annotated[str, Depends(APIKeyQuery(name="key"))],
         t: Annotated[str, Depends(transaction, scope="function")], q: str | None = None) -> list[Item]:
    return []

@app.post("/items", status_code=201)
async def create(item: Item):
    return item

@app.get("/text", response_class=PlainTextResponse)
async def text() -> str:
    return ""

class Timed(APIRoute):
    def get_route_handler(self):
        return super().get_route_handler()

timed = APIRouter(route_class=Timed)

@timed.get("/timed")
async def clock(): ...

app.include_router(timed)

@app.websocket("/ws")
async def talk(session: WebSocket): ...

router = APIRouter()

@router.get("/{name}")
async def person(name: str): ...

app.include_router(router, prefix="/people")
inner = FastAPI(openapi_url=None)

@inner.get("/deep")
async def deep(): ...

app.mount("/inner", inner, name="inner")
"""


def explained(capsys: pytest.CaptureFixture[str], method: str, path: str) -> list[str]:
    explain(Explaining(target="shop.py", method=method, path=path))
    return capsys.readouterr().out.splitlines()


def cells(lines: list[str]) -> list[list[str]]:
    """The lines' columns, which stand two spaces or more apart."""
    return [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in lines]


@pytest.fixture(autouse=True)
def shop(project: Project) -> None:
    project({"shop.py": SHOP})


def test_the_plan_of_a_route(capsys: pytest.CaptureFixture[str]) -> None:
    lines = explained(capsys, "get", "/items/{item_id}")
    assert cells(lines[:1]) == [["GET /items/{item_id}", "read", "shop.py:23"]]
    assert lines[1] == "on the straight line"
    at = lines.index("Parameters")
    assert sorted(cells(lines[at + 1 : at + 4])) == [
        ["header", "x-token", "str", "required", "as params['user_0_x_token']"],
        ["path", "item_id", "int", "required", "as params['item_id']"],
        ["query", "q", "str | None", "= None", "as params['q']"],
    ]
    at = lines.index("Calls")
    assert cells(lines[at + 1 : at + 6]) == [
        ["1.", "session", "in a thread", "teardown after the response is sent", "shop.py:12"],
        ["2.", "user", "on the event loop", "shop.py:18"],
        ["3.", "APIKeyQuery", "security scheme", "vivace.security.api_key"],
        ["4.", "transaction", "in a thread", "teardown before the response is sent", "shop.py:15"],
        ["5.", "read", "in a thread", "shop.py:23"],
    ]
    assert lines[lines.index("Body") + 1] == "  not read"
    assert lines[lines.index("Answer") + 1] == (
        "  200, validated and filtered as list[shop.Item], JSON written by pydantic-core"
    )


def test_the_emitted_source(capsys: pytest.CaptureFixture[str]) -> None:
    lines = explained(capsys, "POST", "/items")
    source = "\n".join(lines[lines.index("Emitted source") + 2 :])
    assert source.startswith("async def serve_create(x):\n")
    compile(source, "emitted", "exec")
    assert lines[lines.index("Body") + 1] == "  item: Item   read whole before the call"
    assert lines[lines.index("Answer") + 1] == "  201, JSON of whatever is returned, by JSONResponse"


def test_the_reason_and_the_cost_where_it_is_not_on_the_straight_line(capsys: pytest.CaptureFixture[str]) -> None:
    lines = explained(capsys, "GET", "/timed")
    assert lines[1] == "on the general path: see below"
    assert "Emitted source" not in lines
    reason = lines[lines.index("Not on the straight line, because") + 1]
    assert reason.startswith("  - its class overrides `get_route_handler`  costs ")


@pytest.mark.parametrize(
    ("path", "endpoint"),
    [("/items/7", "read"), ("/people/ada", "person"), ("/people/{name}", "person"), ("/inner/deep", "deep")],
)
def test_a_path_may_be_declared_or_asked_for(capsys: pytest.CaptureFixture[str], path: str, endpoint: str) -> None:
    assert cells(explained(capsys, "GET", path))[0][1] == endpoint


def test_a_response_class_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert "  200, validated and filtered as str, rendered by PlainTextResponse" in explained(capsys, "GET", "/text")


def test_middleware_on_the_way_is_named(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    more = "\n@app.middleware('http')\nasync def timed(request, call_next): ...\n"
    project({"shop.py": SHOP + more})
    assert "On the way to it: BaseHTTPMiddleware" in explained(capsys, "GET", "/text")


@pytest.mark.parametrize(
    ("method", "path", "message"),
    [
        ("PUT", "/items", "/items is not declared for PUT but for POST"),
        ("GET", "/itemz/x/y", "No route has the path /itemz/x/y"),
        ("GET", "/docs", "/docs is served by Route"),
    ],
)
def test_a_route_that_is_not_there(method: str, path: str, message: str) -> None:
    with pytest.raises(Failure) as failure:
        explain(Explaining(target="shop.py", method=method, path=path))
    assert failure.value.message.startswith(message)


def test_what_is_alike_is_named() -> None:
    with pytest.raises(Failure) as failure:
        explain(Explaining(target="shop.py", method="GET", path="/item"))
    assert "/items" in (failure.value.mend or "")


def test_another_kind_of_application_has_no_plans(project: Project) -> None:
    project({"plain.py": "from starlette.applications import Starlette\napp = Starlette()\n"})
    with pytest.raises(Failure, match="plain:app is no FastAPI application but a Starlette"):
        explain(Explaining(target="plain:app", method="GET", path="/"))


def test_every_route_is_listed_with_how_it_is_served(capsys: pytest.CaptureFixture[str]) -> None:
    routes(Found(target="shop.py"))
    lines = cells(capsys.readouterr().out.splitlines())
    assert lines[0] == ["METHODS", "PATH", "NAME", "ENDPOINT", "SERVED"]
    assert ["GET", "/items/{item_id}", "read", "shop.read", "straight"] in lines
    assert ["GET", "/people/{name}", "person", "shop.person", "straight"] in lines
    assert ["WEBSOCKET", "/ws", "talk", "shop.talk", "as a session"] in lines
    assert ["MOUNT", "/inner", "inner", "vivace.applications.FastAPI", "by what is mounted"] in lines
    assert ["GET", "/inner/deep", "deep", "shop.deep", "straight"] in lines
    assert ["GET", "/timed", "clock", "shop.clock", "general: its class overrides `get_route_handler`"] in lines
    [docs] = [line for line in lines if "/docs" in line]
    assert (docs[0], docs[-1]) == ("GET,HEAD", "by Starlette")
