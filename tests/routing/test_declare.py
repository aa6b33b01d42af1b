"""The decorators and the methods behind them: what they hand on, what they refuse, and what they show of themselves."""

from __future__ import annotations

import inspect
from typing import Any

import fastapi
import pytest

import vivace
from tests.oracle import LATER
from vivace import APIRouter, FastAPI
from vivace.routing import APIRoute

VERBS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"]


def read() -> None: ...


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("make", [APIRouter, FastAPI])
def test_a_decorator_declares_its_method(make: Any, verb: str) -> None:
    owner = make()
    assert getattr(owner, verb)("/items", tags=["t"], name="n")(read) is read
    route = owner.routes[-1]
    assert (route.path, route.methods, route.tags, route.name) == ("/items", {verb.upper()}, ["t"], "n")


def test_a_subclass_finds_every_option() -> None:
    seen: list[tuple[str, dict[str, Any]]] = []

    class Router(APIRouter):
        def api_route(self, path: str, **options: Any) -> Any:
            seen.append(("api_route", options))
            return super().api_route(path, **options)

        def add_api_route(self, path: str, endpoint: Any, **options: Any) -> None:
            seen.append(("add_api_route", options))
            super().add_api_route(path, endpoint, **options)

    app = FastAPI()
    app.router = Router()
    app.get("/items", tags=["t"])(read)
    assert [name for name, _ in seen] == ["api_route", "add_api_route"]
    for _, options in seen:
        assert options["methods"] == ["GET"]
        assert options["tags"] == ["t"]
        assert options["response_model_by_alias"] is True
        assert {"response_model", "dependencies", "openapi_extra", "generate_unique_id_function"} <= set(options)


def test_the_class_of_a_route_is_chosen_by_the_router_or_by_the_call() -> None:
    class One(APIRoute): ...

    class Other(APIRoute): ...

    router = APIRouter(route_class=One)
    router.add_api_route("/one", read)
    router.add_api_route("/other", read, route_class_override=Other)
    assert [type(route) for route in router.routes] == [One, Other]


def test_the_prefix_is_for_operations_and_websockets() -> None:
    router = APIRouter(prefix="/p")
    router.get("/a")(read)
    router.websocket("/b")(read)
    router.add_api_websocket_route("/c", read)
    router.route("/d")(read)
    router.add_route("/e", read)
    router.websocket_route("/f")(read)
    router.add_websocket_route("/g", read)
    paths = [route.path for route in router.routes]  # type: ignore[attr-defined]
    assert paths == ["/p/a", "/p/b", "/p/c", "/d", "/e", "/f", "/g"]


@pytest.mark.parametrize(
    "declare",
    [
        lambda app: app.get("/", respons_model=int),
        lambda app: app.router.get("/", methods=["GET"]),
        lambda app: app.api_route("/", strict_content_type=True),
        lambda app: app.add_api_route("/", read, path="/"),
        lambda app: app.include_router(APIRouter(), prefx="/p"),
        lambda app: app.frontend("/", directory=".", fall_back=None),
        lambda app: APIRoute("/", read, bogus=1),
        lambda app: FastAPI(openapi_prefix="/api"),
    ],
)
def test_an_option_that_is_not_known_is_refused(declare: Any) -> None:
    with pytest.raises(TypeError, match=r"unexpected keyword argument|multiple values for argument"):
        declare(FastAPI())


def shape(function: Any) -> dict[str, tuple[Any, Any]]:
    """Kind and default of each parameter. The order of keywords says nothing."""
    parameters = inspect.signature(function).parameters.values()
    return {p.name: (p.kind, getattr(p.default, "value", p.default).__class__) for p in parameters}


METHODS = [*VERBS, "api_route", "add_api_route", "include_router", "frontend", "websocket", "on_event"]


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("owner", ["FastAPI", "APIRouter"])
def test_signatures_are_fastapi_s(owner: str, name: str) -> None:
    theirs, ours = (shape(getattr(getattr(package, owner), name)) for package in (fastapi, vivace))
    assert theirs.items() <= ours.items()
    assert ours.keys() - theirs.keys() <= {"callbacks", *LATER}  # theirs have forgotten the first in two of them


@pytest.mark.parametrize("name", ["FastAPI", "APIRouter"])
def test_constructors_are_fastapi_s(name: str) -> None:
    assert shape(getattr(vivace, name)).keys() == shape(getattr(fastapi, name)).keys() | LATER


def test_a_route_shows_its_options() -> None:
    assert shape(APIRoute).keys() == shape(fastapi.routing.APIRoute).keys() | LATER
