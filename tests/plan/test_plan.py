"""What a plan says of itself: its source, its reasons, and when it is made."""

import inspect
import linecache
from typing import Annotated, Any

import pytest

from tests.plan.conftest import plans
from vivace import Depends, FastAPI, Form, Query, Request
from vivace.testclient import TestClient


def test_a_route_is_compiled_when_it_is_first_asked_for() -> None:
    app = FastAPI(openapi_url=None)

    @app.get("/")
    def home() -> None: ...

    (route,) = app.routes
    assert route._plan is None  # type: ignore[attr-defined]
    TestClient(app).get("/")
    assert route._plan is not None  # type: ignore[attr-defined]


def test_only_what_a_route_asks_for_is_in_its_source() -> None:
    app = FastAPI(openapi_url=None)

    @app.get("/")
    async def home():  # type: ignore[no-untyped-def]  # an annotation would be a response model
        return {}

    assert plans(app)["/"].source == (
        "async def serve_home(x):\n"
        "    result = await home()\n"
        "    if isinstance(result, Response):\n"
        "        return result\n"
        "    return render_json(result)\n"
    )


def test_the_source_is_known_to_tracebacks() -> None:
    app = FastAPI(openapi_url=None)

    @app.get("/boom")
    async def boom() -> Any:
        raise RuntimeError("boom")

    with pytest.raises(RuntimeError) as caught:
        TestClient(app).get("/boom")
    frames = [frame for frame in inspect.getinnerframes(caught.value.__traceback__) if frame.function == "serve_boom"]
    assert [linecache.getline(f.filename, f.lineno).strip() for f in frames] == ["result = await boom()"]


def endpoint_that_yields() -> Any:
    yield 1


def endpoint_with_form(a: Annotated[str, Form()]) -> None: ...


def endpoint_with_group(a: Annotated[Any, Query(validate_default=True)] = 1) -> None: ...


def limited() -> None: ...


def endpoint_with_limit(a: Annotated[None, Depends(limited, max_concurrency=1)]) -> None: ...


@pytest.mark.parametrize(
    ("endpoint", "reason"),
    [
        (endpoint_that_yields, "yields"),
        (endpoint_with_form, "form parameter 'a'"),
        (endpoint_with_group, "'a' validates its default"),
        (endpoint_with_limit, "dependency limited has a max_concurrency"),
    ],
)
def test_what_is_not_on_the_straight_line_says_why(endpoint: Any, reason: str) -> None:
    app = FastAPI(openapi_url=None)
    app.add_api_route("/", endpoint)
    plan = plans(app)["/"]
    assert plan.source is None
    assert any(reason in found.what for found in plan.reasons)


def test_a_body_is_read_only_where_a_parameter_wants_one() -> None:
    app = FastAPI(openapi_url=None)

    @app.post("/none")
    async def none(request: Request) -> None: ...

    @app.post("/some")
    async def some(body: dict[str, int]) -> None: ...

    assert (plans(app)["/none"].reads_body, plans(app)["/some"].reads_body) == (False, True)


@pytest.mark.parametrize("door", ["asgi", "wire"])
def test_overrides_count_from_the_next_request_on(door: str) -> None:
    app = FastAPI()

    def real() -> str:
        return "real"

    @app.get("/")
    def read(value: Annotated[str, Depends(real)]) -> str:
        return value

    client = TestClient(app, door=door)
    assert client.get("/").json() == "real"
    app.dependency_overrides[real] = lambda: "other"
    assert client.get("/").json() == "other"
    app.dependency_overrides = {}
    assert client.get("/").json() == "real"
