"""The shortcut past the layers: open where nothing stands between, closed where anything does."""

from functools import wraps
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.middleware.gzip import GZipMiddleware

from vivace import APIRouter, FastAPI, HTTPException
from vivace.testclient import TestClient


def application(**options: Any) -> FastAPI:
    app = FastAPI(**options)

    @app.get("/items/{n}")
    async def read(n: int) -> dict[str, int]:
        if n == 0:
            raise HTTPException(404, "no zero")
        if n < 0:
            raise ValueError(n)
        return {"n": n}

    return app


def test_it_is_open_before_and_after_the_layers_are_built() -> None:
    app = application()
    client = TestClient(app)
    assert app.shortcut.find("GET", "/items/1") is not None
    assert client.get("/nowhere").status_code == 404  # only the layers can say so
    assert app.middleware_stack is not None
    assert app.shortcut.find("GET", "/items/1") is not None


def test_middleware_closes_it() -> None:
    app = application()
    app.add_middleware(GZipMiddleware)
    assert app.shortcut.find("GET", "/items/1") is None
    assert application(middleware=[Middleware(GZipMiddleware)]).shortcut.find("GET", "/items/1") is None


def test_a_replaced_stack_closes_it() -> None:
    app = application()
    seen = []

    async def stack(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["path"])
        await app.router(scope, receive, send)

    app.middleware_stack = stack
    assert TestClient(app).get("/items/1").json() == {"n": 1}
    assert seen == ["/items/1"]


def test_a_patched_builder_closes_it() -> None:
    app = application()
    build = app.build_middleware_stack
    app.build_middleware_stack = lambda: build()  # type: ignore[method-assign]  # noqa: PLW0108
    assert app.shortcut.find("GET", "/items/1") is None


def test_a_subclass_with_a_way_of_its_own_closes_it() -> None:
    class Mine(FastAPI):
        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            await super().__call__(scope, receive, send)

    assert Mine().shortcut.open is False


@pytest.mark.parametrize("door", ["asgi", "wire"])
@pytest.mark.parametrize(
    ("cls", "method"),
    [
        (Starlette, "__call__"),
        (FastAPI, "__call__"),
        (ServerErrorMiddleware, "__call__"),
        (ExceptionMiddleware, "__call__"),
        (APIRouter, "__call__"),
        (APIRouter, "app"),
    ],
)
def test_a_patched_class_closes_it(monkeypatch: pytest.MonkeyPatch, cls: type, method: str, door: str) -> None:
    """As monitoring tools do it."""
    original, seen = getattr(cls, method), []

    @wraps(original)
    async def watched(self: Any, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            seen.append(scope["path"])
        await original(self, scope, receive, send)

    monkeypatch.setattr(cls, method, watched)
    app = application()
    for path in ("/items/1", "/items/0"):
        assert TestClient(app, door=door).get(path).status_code in (200, 404)
    assert seen == ["/items/1", "/items/0"]


@pytest.mark.parametrize("path", ["/items/1", "/items/0", "/items/x"])
@pytest.mark.parametrize("door", ["asgi", "wire"])
def test_it_answers_as_the_layers_do(path: str, door: str) -> None:
    short, long = application(), application(middleware=[Middleware(Untouched)])
    answers = [TestClient(app, door=door).get(path) for app in (short, long)]
    assert answers[0].status_code == answers[1].status_code
    assert answers[0].headers == answers[1].headers
    assert answers[0].content == answers[1].content


@pytest.mark.parametrize("door", ["asgi", "wire"])
def test_what_nobody_handles_is_raised_after_the_answer(door: str) -> None:
    app = application()

    @app.exception_handler(Exception)
    async def told(request: Any, error: Exception) -> Any:
        from vivace.responses import JSONResponse

        return JSONResponse({"error": type(error).__name__}, 500)

    assert TestClient(app, door=door, raise_server_exceptions=False).get("/items/-1").json() == {"error": "ValueError"}
    with pytest.raises(ValueError):  # noqa: PT011
        TestClient(app, door=door).get("/items/-1")


class Untouched:
    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)
