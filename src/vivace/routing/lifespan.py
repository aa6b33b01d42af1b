"""Start and stop: lifespan contexts of an application and of the routers in it, and the older start-up and shutdown handlers."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

from starlette.types import Lifespan

if TYPE_CHECKING:
    from vivace.routing.router import APIRouter


def lifespan_of(router: APIRouter, given: Any) -> Lifespan[Any]:
    """The context that start and stop run in: the given one, or the handlers of `on_event`."""
    if given is None:
        return _handlers(router)
    if inspect.isasyncgenfunction(given):
        return asynccontextmanager(given)
    if inspect.isgeneratorfunction(given):
        return _in_async(contextmanager(given))
    return given  # type: ignore[no-any-return]


def _handlers(router: APIRouter) -> Lifespan[Any]:
    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[None]:
        await router._startup()
        try:
            yield
        finally:
            await router._shutdown()

    return lifespan


def _in_async(manager: Callable[[Any], Any]) -> Lifespan[Any]:
    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[Any]:
        with manager(app) as state:
            yield state

    return lifespan


def merged(outer: Lifespan[Any], inner: Lifespan[Any]) -> Lifespan[Any]:
    """Both, the outer one around the inner; the inner's state is put over the outer's."""

    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[Mapping[str, Any] | None]:
        async with _entered(outer, app) as first, _entered(inner, app) as second:
            if first is None and second is None:
                yield None
            else:
                yield {**(first or {}), **(second or {})}

    return lifespan  # type: ignore[return-value]


def _entered(lifespan: Lifespan[Any], app: Any) -> AbstractAsyncContextManager[Mapping[str, Any] | None]:
    return lifespan(app)  # type: ignore[return-value]


async def run_handlers(handlers: list[Callable[[], Any]]) -> None:
    for handler in handlers:
        if inspect.iscoroutinefunction(handler):
            await handler()
        else:
            handler()


def warn_on_event() -> None:
    warnings.warn(
        "on_event is deprecated, use lifespan event handlers instead. "
        "Read more about it in the docs: https://fastapi.tiangolo.com/advanced/events/",
        DeprecationWarning,
        stacklevel=3,
    )


