"""Dependencies with `yield` on the straight line."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import anyio
import pytest

from tests.plan.conftest import plans
from vivace import Depends, FastAPI
from vivace.concurrency import ShieldedExit, cleanup_scope
from vivace.exchange import ASGIExchange, Exchange


async def session() -> AsyncIterator[str]:
    yield "session"


def connection() -> Iterator[str]:
    yield "connection"


def compiled(dependency: Any) -> Any:
    app = FastAPI()

    @app.get("/")
    async def endpoint(value: Annotated[str, Depends(dependency)]) -> str:
        return value

    return plans(app)["/"]


def test_the_door_is_asked_about_asynchronous_teardowns_alone() -> None:
    asynchronous, threaded = compiled(session), compiled(connection)
    assert (asynchronous.cleans_up, threaded.cleans_up) == (True, False)
    assert "await x.finish(session_0_steps)" in asynchronous.source
    assert "async with connection() as connection_0:" in threaded.source


def manager() -> Any:
    return asynccontextmanager(session)()


async def never() -> Any:
    raise AssertionError("nothing is received")


async def unsent(_: Any) -> None:
    raise AssertionError("nothing is sent")


def test_where_nothing_is_around_a_request_a_dependency_stays_as_it_is() -> None:
    dependency = manager()
    assert Exchange().shielded(dependency) is dependency


@pytest.mark.anyio
async def test_the_asgi_door_shields_where_a_scope_is_around_it() -> None:
    x = ASGIExchange({"type": "http"}, never, unsent, ())
    with anyio.CancelScope(), cleanup_scope() as x.cleanup_scope:
        assert type(x.shielded(manager())) is ShieldedExit


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
@pytest.mark.anyio
async def test_the_asgi_door_opens_no_scope_in_a_task_of_a_server(anyio_backend: str) -> None:
    async def served() -> None:
        x = ASGIExchange({"type": "http"}, never, unsent, ())
        dependency = manager()
        with cleanup_scope() as x.cleanup_scope:
            assert x.cleanup_scope is None
            assert x.shielded(dependency) is dependency

    await asyncio.create_task(served())


class Silent(Exchange):
    """The exchange of a door that makes the request's task."""

    __slots__ = ()


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
@pytest.mark.anyio
async def test_a_cancelled_task_tears_down_what_it_has_set_up(anyio_backend: str) -> None:
    """As on the wire, where a server that goes down cancels the tasks of its requests."""
    events: list[str] = []
    waiting = anyio.Event()
    app = FastAPI()

    async def outer() -> AsyncIterator[None]:
        try:
            yield
        finally:
            await anyio.sleep(0)
            events.append("outer")

    async def inner(_: Annotated[None, Depends(outer)]) -> AsyncIterator[None]:
        try:
            yield
        finally:
            await anyio.sleep(0)
            events.append("inner")

    @app.get("/")
    async def endpoint(_: Annotated[None, Depends(inner)]) -> None:
        waiting.set()
        await anyio.sleep_forever()

    task = asyncio.create_task(plans(app)["/"].run(Silent()))
    await waiting.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert events == ["inner", "outer"]
