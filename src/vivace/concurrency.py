"""Crossing between the event loop and threads, and limits on how many may be inside at once.

This module knows nothing of requests or routes.
"""

# ruff: noqa: PYI036  # what `__aexit__` gets is passed on as it came

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager, AbstractContextManager, nullcontext
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import anyio.to_thread
from anyio import CancelScope, CapacityLimiter, Semaphore
from anyio.lowlevel import RunVar, checkpoint_if_cancelled
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool, run_until_first_complete

from vivace._anyio import in_cancel_scope
from vivace.threads import run_in_thread, running_pool

__all__ = [
    "DependencyConcurrency",
    "ShieldedExit",
    "WithCapacity",
    "cleanup_scope",
    "contextmanager_in_threadpool",
    "iterate_in_threadpool",
    "positive_or_none",
    "run_in_threadpool",
    "run_until_first_complete",
    "shielded",
    "within_cancel_scope",
]

T = TypeVar("T")


class _ThreadedContextManager(AbstractAsyncContextManager[T, bool | None]):
    """Enters and exits a synchronous context manager in worker threads.

    Exit is shielded from cancellation and has a thread token of its own: it must not wait for the default ones,
    because those may all be held by requests that are waiting for what this exit will free.
    """

    def __init__(self, cm: AbstractContextManager[T]) -> None:
        self._cm = cm

    async def __aenter__(self) -> T:
        return await run_in_thread(self._cm.__enter__)

    async def __aexit__(self, *error: Any) -> bool | None:
        suppress: bool | None = None
        pool = running_pool()
        if pool is not None:  # there is nothing to be shielded from
            suppress = await pool.put(self._cm.__exit__, error, {})
        else:
            with CancelScope(shield=True):
                suppress = await anyio.to_thread.run_sync(self._cm.__exit__, *error, limiter=CapacityLimiter(1))
        return suppress


def contextmanager_in_threadpool(cm: AbstractContextManager[T]) -> AbstractAsyncContextManager[T]:
    """The asynchronous form of a synchronous context manager: both ends run in a worker thread."""
    return _ThreadedContextManager(cm)


class WithCapacity(AbstractAsyncContextManager[T, bool | None]):
    """Holds one of a semaphore's places from before `cm` is entered until after it has been left."""

    def __init__(self, cm: AbstractAsyncContextManager[T], semaphore: Semaphore) -> None:
        self._cm = cm
        self._semaphore = semaphore

    async def __aenter__(self) -> T:
        await self._semaphore.acquire()
        try:
            return await self._cm.__aenter__()
        except BaseException:
            self._semaphore.release()
            raise

    async def __aexit__(self, *error: Any) -> bool | None:
        try:
            return await self._cm.__aexit__(*error)
        finally:
            self._semaphore.release()


class ShieldedExit(AbstractAsyncContextManager[T, bool | None]):
    """Lets a cancelled task leave `cm` in peace.

    `cleanup_scope` is a scope that was entered *before* `cm` and is only shielded here. A new scope around the exit
    would not do: scopes must be left in the reverse order of entry, and `cm` may hold one open (a task group).

    A cancellation that `cm` has seen nothing of, or has swallowed, goes on right after the exit.
    """

    def __init__(self, cm: AbstractAsyncContextManager[T], cleanup_scope: CancelScope) -> None:
        self._cm = cm
        self._scope = cleanup_scope

    async def __aenter__(self) -> T:
        return await self._cm.__aenter__()

    async def __aexit__(self, *error: Any) -> bool | None:
        shielded_before = self._scope.shield
        self._scope.shield = True
        try:
            suppressed = await self._cm.__aexit__(*error)
        finally:
            self._scope.shield = shielded_before
        if suppressed or error[0] is None:
            await checkpoint_if_cancelled()
        return suppressed


def cleanup_scope() -> AbstractContextManager[CancelScope | None]:
    """What is to be entered before all that `shielded` shall protect; None comes where nothing has to be protected."""
    return CancelScope() if within_cancel_scope() else nullcontext()


def shielded(
    cm: AbstractAsyncContextManager[T], scope: CancelScope | None
) -> AbstractAsyncContextManager[T, bool | None]:
    """`cm` with an exit that runs to its end, though the scopes around `scope` are cancelled."""
    return cm if scope is None else ShieldedExit(cm, scope)


def within_cancel_scope() -> bool:
    """Whether somebody has opened a cancel scope around the running task's code, as far as can be told.

    Only such a scope cancels again and again, and so would interrupt a cleanup. `Task.cancel()` does so once: the
    cleanup is what it starts. A server's task has no scope around it, and to ask costs a tenth of opening one (0.7 us,
    6 us).
    """
    try:
        task = asyncio.current_task()
    except RuntimeError:  # this is trio, where all tasks are in scopes
        return True
    return task is None or in_cancel_scope(task)


class DependencyConcurrency:
    """How many uses of one `Depends(..., max_concurrency=N)` declaration may be live at once.

    The limit belongs to the declaration, so every route and app that shares the declaration shares it. Each event
    loop has its own semaphore, made when first asked for and dropped with the declaration.
    """

    def __init__(self, max_concurrency: int) -> None:
        self.max_concurrency = max_concurrency

    def get_semaphore(self) -> Semaphore:
        """This event loop's semaphore. Call it where an event loop runs."""
        semaphores = _semaphores.get(None)
        if semaphores is None:
            semaphores = WeakKeyDictionary()
            _semaphores.set(semaphores)
        semaphore = semaphores.get(self)
        if semaphore is None:
            semaphore = semaphores[self] = Semaphore(self.max_concurrency)
        return semaphore


_DependencyConcurrency = DependencyConcurrency  # the name by which third parties know it

_semaphores: RunVar[WeakKeyDictionary[DependencyConcurrency, Semaphore] | None] = RunVar("vivace_semaphores")


def positive_or_none(limit: object) -> bool:
    """Whether `limit` can be a `max_concurrency`: an int above zero (True is not one), or None."""
    return limit is None or (type(limit) is int and limit > 0)
