"""The compiled path held against the general one: the same request, the same answer, the same order of events."""

from collections.abc import AsyncIterator, Callable, Iterator
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from vivace import (
    BackgroundTasks,
    Body,
    Cookie,
    Depends,
    FastAPI,
    Header,
    HTTPException,
    Query,
    Request,
    Response,
    Security,
)
from vivace.responses import JSONResponse, PlainTextResponse
from vivace.security import APIKeyHeader, HTTPBearer, SecurityScopes

Pair = Callable[[Callable[[], FastAPI]], tuple[Any, Any]]


class Colour(str, Enum):  # noqa: UP042  # the older way is what must work too
    red = "red"
    blue = "blue"


class Item(BaseModel):
    name: str
    price: float = Field(gt=0)
    tags: list[str] = []
    colour: Colour | None = None
    cost: Decimal | None = None


class Private(Item):
    secret: str = "hidden"


def build() -> FastAPI:
    app = FastAPI()
    app.state.events = []
    note = app.state.events.append

    async def opened() -> AsyncIterator[str]:
        note("opened in")
        try:
            yield "opened"
        except ValueError:
            note("opened saw ValueError")
            raise
        finally:
            note("opened out")

    def early(q: str = "") -> Iterator[str]:
        note("early in")
        yield "early" + q
        note("early out")

    async def shared(value: Annotated[str, Depends(opened)]) -> str:
        note("shared")
        return value + "!"

    async def scoped(scopes: SecurityScopes, token: Annotated[Any, Security(HTTPBearer())]) -> list[str]:
        return [*scopes.scopes, token.credentials]

    @app.get("/items/{item_id}")
    async def read(
        item_id: int, q: str | None = None, limit: Annotated[int, Query(ge=1, le=100)] = 10
    ) -> dict[str, Any]:
        return {"item_id": item_id, "q": q, "limit": limit}

    @app.get("/lists")
    async def lists(
        n: Annotated[list[int], Query()] = [1],  # noqa: B006
        s: Annotated[set[str] | None, Query()] = None,
        c: Colour = Colour.red,
        one: Literal["a", "b"] = "a",
    ) -> Any:
        return [n, sorted(s or []), c, one]

    @app.get("/heads")
    async def heads(
        x_token: Annotated[str, Header()],
        x_many: Annotated[list[str], Header()] = [],  # noqa: B006
        session: Annotated[int | None, Cookie()] = None,
    ) -> Any:
        return [x_token, x_many, session]

    @app.post("/items", status_code=201)
    async def create(item: Item) -> Item:
        return Private(**item.model_dump())

    @app.post("/maybe")
    async def maybe(item: Item | None = None) -> Any:
        return {"got": item}

    @app.post("/two/{n}")
    async def two(n: int, item: Item, weight: Annotated[float, Body(ge=0)] = 1.0) -> Any:
        return {"n": n, "item": item, "weight": weight}

    @app.get("/deps")
    async def deps(
        tasks: BackgroundTasks,
        a: Annotated[str, Depends(shared)],
        b: Annotated[str, Depends(opened)],
        e: Annotated[str, Depends(early, scope="function")],
        fail: str = "",
    ) -> Any:
        tasks.add_task(note, "task")
        if fail == "http":
            raise HTTPException(418, "short", headers={"x-kind": "tea"})
        if fail == "value":
            raise ValueError(fail)
        return [a, b, e]

    @app.get("/scoped")
    async def scoped_route(found: Annotated[list[str], Security(scoped, scopes=["read"])]) -> Any:
        return found

    @app.get("/keyed")
    def keyed(key: Annotated[str | None, Security(APIKeyHeader(name="x-key", auto_error=False))]) -> Any:
        return {"key": key}

    @app.get("/injected")
    async def injected(response: Response, status: int = 200) -> Any:
        response.status_code = status
        response.headers["x-set"] = "yes"
        response.set_cookie("seen", "1")
        return {"status": status}

    @app.get("/asked")
    async def asked(request: Request) -> Any:
        return {"url": str(request.url), "query": request.query_params.multi_items(), "path": request.path_params}

    @app.get("/own")
    async def own(kind: str = "json") -> Response:
        return JSONResponse({"own": 1}, 202) if kind == "json" else PlainTextResponse("own")

    @app.get("/text", response_class=PlainTextResponse)
    async def text() -> Any:
        return "text"

    @app.get("/nothing", status_code=204)
    async def nothing() -> None: ...

    @app.get("/wrong")
    async def wrong() -> Item:
        return {"name": 1}  # type: ignore[return-value]

    @app.get("/filtered", response_model=Item, response_model_exclude_unset=True)
    def filtered() -> Any:
        return Private(name="a", price=1)

    return app


GETS = [
    "/items/3",
    "/items/x",
    "/items/3?q=a+b%20c&limit=5",
    "/items/3?limit=0",
    "/items/3?limit=5&limit=200",
    "/items/3?q=%FF&&=&q",
    "/lists",
    "/lists?n=1&n=2&s=b&s=a&c=blue&one=b",
    "/lists?n=x&c=green&one=c",
    "/heads",
    "/deps",
    "/deps?q=!",
    "/deps?fail=http",
    "/deps?fail=value",
    "/scoped",
    "/keyed",
    "/injected",
    "/injected?status=404",
    "/injected?status=204",
    "/asked?a=1&a=2",
    "/own",
    "/own?kind=text",
    "/text",
    "/nothing",
    "/wrong",
    "/filtered",
    "/missing",
    "/text/",
]
HEADERS: list[dict[str, str | bytes]] = [
    {},
    {"x-token": "t", "authorization": "Bearer abc", "x-key": "k", "cookie": "session=5; other=1"},
    {"x-token": "é".encode(), "authorization": "Basic abc", "cookie": "session=x"},
]
BODIES = [
    b"",
    b"null",
    b"{}",
    b"[]",
    b'{"name": "a", "price": 1}',
    b'{"name": "a", "price": "2.5", "tags": ["x"], "colour": "red", "cost": 1.10}',
    b'{"name": "a", "price": 0}',
    b'{"name": 1, "price": 1, "colour": "green"}',
    b'{"name": "a", "name": "b", "price": 1e400}',
    b'{"item": {"name": "a", "price": 1}}',
    b'{"item": {"name": "a", "price": 1}, "weight": -1}',
    b'{"item": null, "weight": null}',
    b'{"name": "\\ud800", "price": 1}',
    b'{"name": "a", "price": NaN}',
    b'\xef\xbb\xbf{"name": "a", "price": 1}',
    '{"name": "a", "price": 1}'.encode("utf-16"),
    b'{"name": "a", "price": 1',
]


def same(compiled: Any, general: Any, method: str, url: str, **options: Any) -> None:
    answers = []
    for client in (compiled, general):
        client.cookies.clear()
        client.app.state.events.clear()
        response = client.request(method, url, follow_redirects=False, **options)
        answers.append(
            (response.status_code, response.headers.multi_items(), response.content, list(client.app.state.events))
        )
    assert answers[0] == answers[1]


@pytest.fixture(scope="module")
def both(pair: Pair) -> tuple[Any, Any]:
    return pair(build)


@pytest.mark.parametrize("headers", HEADERS)
@pytest.mark.parametrize("url", GETS)
def test_get(both: tuple[Any, Any], url: str, headers: dict[str, str | bytes]) -> None:
    same(*both, "GET", url, headers=headers)


@pytest.mark.parametrize(
    "content_type", ["application/json", "application/vnd.x+json; charset=utf-8", "text/plain", ""]
)
@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("url", ["/items", "/maybe", "/two/1", "/two/x"])
def test_post(both: tuple[Any, Any], url: str, body: bytes, content_type: str) -> None:
    same(*both, "POST", url, content=body, headers={"content-type": content_type} if content_type else {})


@given(
    st.lists(st.tuples(st.sampled_from(["n", "s", "c", "one", "q", "limit"]), st.text(max_size=5)), max_size=6),
    st.sampled_from(["/lists", "/items/1"]),
)
def test_drawn_queries(both: tuple[Any, Any], pairs: list[tuple[str, str]], url: str) -> None:
    same(*both, "GET", url, params=pairs)
