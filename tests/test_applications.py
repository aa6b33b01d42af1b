"""The application class: what it keeps, what it refuses, and its document."""

from __future__ import annotations

import warnings
from typing import Any

import fastapi
import pytest

from tests.doors import Call
from tests.doors import call as call
from vivace import APIRouter, FastAPI, Request
from vivace.exceptions import FastAPIDeprecationWarning
from vivace.responses import PlainTextResponse


def read() -> str:
    return "read"


def test_it_has_fastapi_s_attributes() -> None:
    theirs = {name for name in vars(fastapi.FastAPI()) if not name.startswith("_")}
    assert theirs <= set(vars(FastAPI()))


def test_root_path_is_deprecated_at_the_line_that_says_it() -> None:
    class Mine(FastAPI):
        def __init__(self) -> None:
            super().__init__(root_path="/api")

    for make in (lambda: FastAPI(root_path="/api"), Mine):
        with pytest.warns(FastAPIDeprecationWarning, match="vivace run --root-path") as caught:
            assert make().root_path == "/api"
        assert caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        FastAPI(root_path="")


def test_root_path_is_the_request_s(call: Call) -> None:
    app = FastAPI()
    app.root_path = "/api"

    @app.get("/")
    def root(request: Request) -> Any:
        return request.scope["root_path"], str(request.url_for("root"))

    assert call(app).get("/").json() == ["/api", "http://testserver/api/"]


@pytest.mark.parametrize("missing", ["title", "version"])
def test_a_document_needs_a_title_and_a_version(missing: str) -> None:
    with pytest.raises(AssertionError, match=f"A {missing} must be provided for OpenAPI"):
        FastAPI(**{missing: ""})  # type: ignore[arg-type]
    FastAPI(openapi_url=None, **{missing: ""})  # type: ignore[arg-type]


# -- the document


def test_it_is_made_once() -> None:
    app = FastAPI()
    app.get("/items")(read)
    document = app.openapi()
    assert app.openapi() is document
    FastAPI().get("/elsewhere")(read)
    assert app.openapi() is document


def test_it_is_made_again_when_routes_come() -> None:
    app, router = FastAPI(), APIRouter()
    app.include_router(router, prefix="/a")
    assert app.openapi()["paths"] == {}
    router.get("/items")(read)
    assert list(app.openapi()["paths"]) == ["/a/items"]
    app.webhooks.post("new-item")(read)
    assert list(app.openapi()["webhooks"]) == ["new-item"]


def test_one_that_was_put_there_stays() -> None:
    app = FastAPI()
    app.openapi()
    mine: dict[str, Any] = {"openapi": "3.1.0"}
    app.openapi_schema = mine
    app.get("/items")(read)
    assert app.openapi() is mine


def test_one_that_was_overridden_is_served(call: Call) -> None:
    app = FastAPI()
    app.openapi = lambda: {"mine": True}  # type: ignore[method-assign]
    assert call(app).get("/openapi.json").json() == {"mine": True}


# -- decorators of its own


def test_a_middleware_function_runs_around_a_request(call: Call) -> None:
    app = FastAPI()
    app.get("/items")(read)

    @app.middleware("http")
    async def mark(request: Request, call_next: Any) -> Any:
        response = await call_next(request)
        response.headers["x-path"] = request.url.path
        return response

    assert call(app).get("/items").headers["x-path"] == "/items"
    with pytest.raises(AssertionError, match="Currently only middleware"):
        app.middleware("websocket")


@pytest.mark.parametrize("key", [404, KeyError])
def test_an_exception_handler_answers(call: Call, key: Any) -> None:
    app = FastAPI()

    @app.exception_handler(key)
    async def answer(request: Request, error: Exception) -> PlainTextResponse:
        return PlainTextResponse(f"answered {type(error).__name__}", 418)

    @app.get("/error")
    def error() -> None:
        raise KeyError

    path = "/error" if key is KeyError else "/nowhere"
    assert call(app).get(path).text == ("answered KeyError" if key is KeyError else "answered HTTPException")


def test_subclasses_override_what_they_like(call: Call) -> None:
    class Mine(FastAPI):
        def setup(self) -> None:
            super().setup()
            self.add_api_route("/health", read)

        def openapi(self) -> dict[str, Any]:
            return super().openapi() | {"x-mine": True}

    app = Mine()
    assert call(app).get("/health").json() == "read"
    assert call(app).get("/openapi.json").json()["x-mine"] is True
