"""The general path through a graph: overrides, limits, and teardowns that are not interrupted."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Annotated, Any

import anyio
import pytest

from tests.doors import Call
from vivace import Depends, FastAPI, Request
from vivace.dependencies.solve import CLEANUP_SCOPE
from vivace.dependencies.utils import get_dependant, solve_dependencies


def test_an_override_set_by_a_dependency_counts_for_those_after_it(call: Call) -> None:
    app = FastAPI()

    async def original() -> str:
        return "original"

    async def configure() -> None:
        app.dependency_overrides[original] = lambda: "override"

    @app.get("/")
    async def endpoint(
        _: Annotated[None, Depends(configure)], value: Annotated[str, Depends(original, max_concurrency=1)]
    ) -> str:
        return value

    assert call(app).get("/").json() == "override"


def test_an_override_that_yields_is_torn_down(call: Call) -> None:
    app = FastAPI()
    events: list[str] = []

    def original() -> str:
        return "original"

    async def override() -> AsyncIterator[str]:
        yield "override"
        events.append("torn down")

    @app.get("/")
    async def endpoint(value: Annotated[str, Depends(original)]) -> str:
        return value

    app.dependency_overrides[original] = override
    assert call(app).get("/").json() == "override"
    assert events == ["torn down"]


@pytest.mark.parametrize("use_cache", [True, False])
def test_a_limit_is_held_once_for_each_value_that_is_in_use(call: Call, use_cache: bool) -> None:
    app = FastAPI()
    free = []

    async def dependency() -> AsyncIterator[None]:
        yield

    limited: Any = Depends(dependency, max_concurrency=3, use_cache=use_cache)

    @app.get("/")
    async def endpoint(a: None = limited, b: None = limited) -> None:
        free.append(limited._concurrency.get_semaphore().value)

    assert call(app).get("/").status_code == 200
    assert free == [2 if use_cache else 1]


@pytest.mark.anyio
async def test_a_graph_solved_by_hand_is_torn_down_in_peace_too() -> None:
    """By a package that has no frame of ours around it, only a stack of its own."""
    events: list[str] = []

    async def dependency() -> AsyncIterator[str]:
        try:
            yield "value"
        finally:
            await anyio.sleep(0)
            events.append("torn down")

    async def root(value: Annotated[str, Depends(dependency)]) -> None: ...

    request = Request({"type": "http", "headers": [], "query_string": b"", "path_params": {}})
    with anyio.CancelScope() as cancelled:
        async with AsyncExitStack() as stack:
            solved = await solve_dependencies(
                request=request,
                dependant=get_dependant(path="/", call=root),
                async_exit_stack=stack,
                embed_body_fields=False,
            )
            cancelled.cancel()
            await anyio.sleep(0)
    assert solved.values == {"value": "value"}
    assert events == ["torn down"]
    assert cancelled.cancelled_caught
    assert CLEANUP_SCOPE not in request.scope
