"""Start and stop, of an application with routers in it."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import fastapi
import fastapi.testclient
import pytest

import vivace
import vivace.testclient
from vivace import APIRouter, FastAPI
from vivace.testclient import TestClient

Log = list[Any]


def lifespan(log: Log, name: str, *, state: bool = True) -> Any:
    @asynccontextmanager
    async def span(app: Any) -> AsyncIterator[Any]:
        log.append(f"{name} opened for {type(app).__name__}")
        yield {name: True, "whose": name} if state else None
        log.append(f"{name} closed")

    return span


def handlers(log: Log, name: str) -> dict[str, Any]:
    return {
        "on_startup": [partial(log.append, f"{name} up")],
        "on_shutdown": [partial(log.append, f"{name} down")],
    }


def run(client: Any, log: Log) -> Log:
    with client as running:
        log.append(dict(running.app_state))
    return log


# Which of the application, a router in it, and a router in that has a lifespan, handlers, or both.
KINDS = ["lifespan", "stateless", "handlers", "both", "neither"]


def program(package: Any, kinds: tuple[str, ...]) -> Log:
    log: Log = []
    owners: list[Any] = []
    for name, kind in zip(["app", "router", "inner"], kinds, strict=True):
        options: dict[str, Any] = handlers(log, name) if kind in ("handlers", "both") else {}
        if kind in ("lifespan", "both", "stateless"):
            options["lifespan"] = lifespan(log, name, state=kind != "stateless")
        owners.append((package.APIRouter if owners else package.FastAPI)(**options))
    app, router, inner = owners
    router.include_router(inner)
    app.include_router(router)
    return run(package.testclient.TestClient(app), log)


def once(log: Log) -> Log:
    """Without what FastAPI calls twice: handlers of an included router."""
    return list(dict.fromkeys(str(entry) for entry in log))


@pytest.mark.parametrize("kinds", list(itertools.product(KINDS, repeat=3)))
def test_the_same_runs_as_in_fastapi(kinds: tuple[str, ...]) -> None:
    ours = program(vivace, kinds)
    assert len(once(ours)) == len(ours)
    assert sorted(once(ours)) == sorted(once(program(fastapi, kinds)))


def test_the_outer_one_is_around_the_inner() -> None:
    assert program(vivace, ("lifespan", "lifespan", "handlers")) == [
        "app opened for FastAPI",
        "router opened for FastAPI",
        "inner up",
        {"app": True, "router": True, "whose": "app"},
        "inner down",
        "router closed",
        "app closed",
    ]


def test_a_handler_that_comes_late_is_called() -> None:
    log: Log = []
    app, router = FastAPI(), APIRouter()
    app.include_router(router)
    router.add_event_handler("startup", partial(log.append, "router"))
    app.router.on_startup.append(partial(log.append, "app"))
    assert run(TestClient(app), log) == ["app", "router", {}]


def test_handlers_of_every_kind() -> None:
    log: Log = []

    async def function() -> None:
        log.append("function")

    class Thing:
        async def __call__(self) -> None:
            log.append("object")

    run(TestClient(FastAPI(on_startup=[function, Thing(), partial(function)])), log)
    assert log == ["function", "object", "function", {}]


def test_what_fails_at_the_start_stops_the_start() -> None:
    log: Log = []

    def fail() -> None:
        raise ValueError("no database")

    app = FastAPI(on_startup=[fail, partial(log.append, "next")], on_shutdown=[partial(log.append, "down")])
    with pytest.raises(ValueError, match="no database"):
        run(TestClient(app), log)
    assert log == []


def generator(app: Any) -> Iterator[Any]:
    yield {"kind": "generator"}


async def async_generator(app: Any) -> AsyncIterator[Any]:
    yield {"kind": "async generator"}


class Manager:
    def __init__(self, app: Any) -> None: ...

    async def __aenter__(self) -> dict[str, str]:
        return {"kind": "manager"}

    async def __aexit__(self, *error: object) -> None: ...


@pytest.mark.parametrize(
    ("given", "kind"), [(generator, "generator"), (async_generator, "async generator"), (Manager, "manager")]
)
def test_lifespans_of_every_kind(given: Callable[..., Any], kind: str) -> None:
    assert run(TestClient(FastAPI(lifespan=given)), []) == [{"kind": kind}]


@pytest.mark.parametrize("make", [FastAPI, APIRouter])
def test_on_event_is_deprecated_at_the_line_that_uses_it(make: Any) -> None:
    log: Log = []
    owner = make()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        owner.on_event("startup")(partial(log.append, "up"))
        owner.on_event("shutdown")(partial(log.append, "down"))
    assert [(warning.category, warning.filename) for warning in caught] == [(DeprecationWarning, __file__)] * 2
    assert run(TestClient(owner), log) == ["up", {}, "down"]
    with pytest.raises(AssertionError), pytest.warns(DeprecationWarning, match="on_event"):
        owner.on_event("strtup")(read)


def read() -> None: ...


def test_the_state_of_a_lifespan_is_every_request_s() -> None:
    app = FastAPI(lifespan=generator)

    @app.get("/")
    def kind(request: vivace.Request) -> Any:
        return request.state.kind

    with TestClient(app) as client:
        assert client.get("/").json() == "generator"
