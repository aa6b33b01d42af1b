"""How an application's middleware is put together, and that third parties find in it what they look for."""

from __future__ import annotations

import types
from functools import partial, wraps
from typing import Any

import pytest
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from vivace import FastAPI, HTTPException
from vivace.middleware.http import HTTPMiddleware
from vivace.middleware.stack import quicker
from vivace.testclient import TestClient


class Own(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next: Any) -> Response:
        response: Response = await call_next(request)
        response.headers["x-own"] = "yes"
        return response


class Skipping(Own):
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (self.app if scope.get("path") == "/skipped" else super().__call__)(scope, receive, send)


def layers(app: FastAPI) -> list[Any]:
    found: list[Any] = [app.build_middleware_stack()]
    while found[-1] is not app.router:
        found.append(found[-1].app)
    return found


def test_layers_are_starlettes_classes_in_starlettes_order() -> None:
    app = FastAPI()
    for cls in (Own, CORSMiddleware, GZipMiddleware, TrustedHostMiddleware):
        app.add_middleware(cls)
    app.max_body_size = 10
    expected = [
        ServerErrorMiddleware,
        RequestBodyLimitMiddleware,
        TrustedHostMiddleware,
        GZipMiddleware,
        CORSMiddleware,
        Own,
        ExceptionMiddleware,
    ]
    *found, router = layers(app)
    assert router is app.router
    for layer, cls in zip(found, expected, strict=True):
        assert isinstance(layer, cls)


def test_the_classes_that_were_declared_stay_in_the_declaration() -> None:
    app = FastAPI(middleware=[Middleware(CORSMiddleware)])
    app.add_middleware(Own)
    app.middleware("http")(Own.dispatch)
    app.build_middleware_stack()
    assert [declared.cls for declared in app.user_middleware] == [BaseHTTPMiddleware, Own, CORSMiddleware]


@pytest.mark.parametrize("cls", [BaseHTTPMiddleware, Own, Skipping])
def test_every_kind_of_http_middleware_runs_the_quick_way(cls: type) -> None:
    assert issubclass(quicker(cls), (cls, HTTPMiddleware))
    assert issubclass(quicker(cls), HTTPMiddleware)
    assert quicker(quicker(cls)) is quicker(cls) or issubclass(quicker(quicker(cls)), cls)


def test_a_subclass_keeps_its_name() -> None:
    made = quicker(Own)
    assert (made.__name__, made.__qualname__, made.__module__) == ("Own", "Own", Own.__module__)


def test_a_class_that_can_not_be_derived_from_is_taken_as_it_is() -> None:
    class Picky(Own):
        def __init_subclass__(cls, *, needed: int) -> None:
            assert needed

    assert quicker(Picky) is Picky


def test_what_is_no_class_or_another_one_is_taken_as_it_is() -> None:
    def factory(app: ASGIApp) -> ASGIApp:
        return app

    class Pure:
        def __init__(self, app: ASGIApp) -> None:
            self.app = app

    class Changed(CORSMiddleware):
        """May have changed anything."""

    assert [quicker(each) for each in (factory, Pure, Changed)] == [factory, Pure, Changed]


class Theirs(Own):
    """Written elsewhere than the function that patches it."""

    __module__ = "elsewhere"


@pytest.mark.parametrize(
    "cls", [ServerErrorMiddleware, ExceptionMiddleware, CORSMiddleware, GZipMiddleware, TrustedHostMiddleware, Theirs]
)
def test_a_patched_class_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch, cls: type) -> None:
    original = cls.__call__  # type: ignore[operator]

    @wraps(original)
    async def watched(*args: Any) -> None:
        await original(*args)

    monkeypatch.setattr(cls, "__call__", watched)
    assert quicker(cls) is cls


def test_a_patched_base_is_reached_by_its_subclasses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BaseHTTPMiddleware, "__call__", lambda *args: None)
    assert [quicker(cls) for cls in (BaseHTTPMiddleware, Own, Skipping)] == [BaseHTTPMiddleware, Own, Skipping]


@pytest.mark.parametrize("door", ["asgi", "wire"])
def test_a_layer_is_told_of_where_it_is_declared(monkeypatch: pytest.MonkeyPatch, door: Any) -> None:
    """As Sentry patches the exception middleware: when one is declared, and to wrap the handlers that it is given."""
    declare, make, seen = Middleware.__init__, ExceptionMiddleware.__init__, []

    def making(self: Any, *args: Any, **options: Any) -> None:
        make(self, *args, **options)
        for key, handler in self._exception_handlers.items():
            self._exception_handlers[key] = partial(handling, handler)

    async def handling(handler: Any, request: Request, error: Exception) -> Any:
        seen.append(type(error))
        return await handler(request, error)

    def declaring(self: Any, cls: Any, *args: Any, **options: Any) -> None:
        declare(self, cls, *args, **options)
        if cls is ExceptionMiddleware:
            monkeypatch.setattr(ExceptionMiddleware, "__init__", making)

    monkeypatch.setattr(Middleware, "__init__", declaring)
    app = FastAPI()
    app.add_middleware(Own)

    @app.get("/")
    async def fail() -> None:
        raise HTTPException(503)

    assert TestClient(app, door=door).get("/").status_code == 503
    assert seen == [HTTPException]


@pytest.mark.parametrize("door", ["asgi", "wire"])
def test_an_overridden_call_keeps_its_place(door: Any) -> None:
    app = FastAPI()
    app.add_middleware(Skipping)
    app.get("/skipped")(lambda: 1)
    app.get("/")(lambda: 2)
    client = TestClient(app, door=door)
    assert "x-own" not in client.get("/skipped").headers
    assert client.get("/").headers["x-own"] == "yes"


@pytest.mark.parametrize("door", ["asgi", "wire"])
def test_a_stack_that_is_built_by_somebody_else_is_the_one_that_runs(door: Any) -> None:
    """As instrumentation does it: patched on the instance, a layer put between the outermost and the rest."""
    app = FastAPI()
    app.get("/")(lambda: 1)
    original = app.build_middleware_stack

    class Marking:
        def __init__(self, app: ASGIApp) -> None:
            self.app = app

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            await PlainTextResponse("marked")(scope, receive, send)

    def build(self: FastAPI) -> ASGIApp:
        outer = original()
        assert isinstance(outer, ServerErrorMiddleware)
        return ServerErrorMiddleware(Marking(outer.app))

    app.build_middleware_stack = types.MethodType(build, app)  # type: ignore[method-assign]
    assert TestClient(app, door=door).get("/").text == "marked"
