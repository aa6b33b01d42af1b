"""Start and stop: lifespans of an application and of the routers in it, and the older handlers of both events."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import Any, TypeVar

from starlette._utils import is_async_callable
from starlette.routing import Router
from starlette.types import Lifespan
from typing_extensions import deprecated

F = TypeVar("F", bound=Callable[..., Any])
Handlers = Sequence[Callable[[], Any]]

ON_EVENT_IS_DEPRECATED = (
    "on_event is deprecated, use lifespan event handlers instead. "
    "Read more about it in the docs: https://fastapi.tiangolo.com/advanced/events/"
)


class WithLifespan(Router):
    """A router that starts and stops: by its lifespan, or, where it was given none, by its handlers."""

    on_startup: list[Callable[[], Any]]
    on_shutdown: list[Callable[[], Any]]
    lifespan_given: bool

    def add_event_handler(self, event_type: str, func: Callable[[], Any]) -> None:
        """Have `func` called at "startup" or "shutdown"."""
        assert event_type in ("startup", "shutdown")
        (self.on_startup if event_type == "startup" else self.on_shutdown).append(func)

    @deprecated(ON_EVENT_IS_DEPRECATED)
    def on_event(self, event_type: str) -> Callable[[F], F]:
        """Deprecated: use `lifespan`."""
        return self._event_decorator(event_type)

    def _event_decorator(self, event_type: str) -> Callable[[F], F]:
        def decorator(func: F) -> F:
            self.add_event_handler(event_type, func)
            return func

        return decorator

    async def _startup(self) -> None:
        await _call(self.on_startup)

    async def _shutdown(self) -> None:
        await _call(self.on_shutdown)

    def _start_with(self, router: WithLifespan) -> None:
        """Start and stop an included router inside this one. A handler runs once, by whichever way it is reached."""
        if router.lifespan_given:  # so that its own handlers are not called by it
            self.on_startup.extend(router.on_startup)
            self.on_shutdown.extend(router.on_shutdown)
        self.lifespan_context = merged(self.lifespan_context, router.lifespan_context)


class HandlersLifespan:
    """The lifespan of a router that was given none: its handlers."""

    def __init__(self, router: WithLifespan) -> None:
        self._router = router

    def __call__(self, app: object) -> HandlersLifespan:  # noqa: ARG002  # lifespans are called with it
        return self

    async def __aenter__(self) -> None:
        await self._router._startup()

    async def __aexit__(self, *error: object) -> None:
        await self._router._shutdown()


async def _call(handlers: Handlers) -> None:
    for handler in handlers:
        if is_async_callable(handler):
            await handler()
        else:
            handler()


def lifespan_of(router: WithLifespan, given: Any) -> Lifespan[Any]:
    """The context that start and stop run in; generators are accepted as they are."""
    if given is None:
        return HandlersLifespan(router)
    if inspect.isasyncgenfunction(given):
        return asynccontextmanager(given)
    if inspect.isgeneratorfunction(given):
        return _in_async(contextmanager(given))
    return given  # type: ignore[no-any-return]


def _in_async(manager: Callable[[Any], Any]) -> Lifespan[Any]:
    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[Any]:
        with manager(app) as state:
            yield state

    return lifespan


def merged(outer: Lifespan[Any], inner: Lifespan[Any]) -> Lifespan[Any]:
    """Both, the outer one around the inner; of state that both give, the outer's counts."""

    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[Mapping[str, Any] | None]:
        async with _entered(outer, app) as first, _entered(inner, app) as second:
            yield None if first is None and second is None else {**(second or {}), **(first or {})}

    return lifespan  # type: ignore[return-value]


def _entered(lifespan: Lifespan[Any], app: Any) -> AbstractAsyncContextManager[Mapping[str, Any] | None]:
    return lifespan(app)
