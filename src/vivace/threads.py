"""Synchronous functions in threads, for tasks that wait for them: `anyio.to_thread.run_sync` at half its cost.

Theory of operation. Each event loop has a `Pool`: a queue of calls, and threads that take them from it.

    task    takes a token of anyio's default limiter, puts its call into the queue, and waits for a future
    loop    at the end of this turn, wakes one thread for all calls of the turn
    thread  takes a call; if more are there, wakes the next thread before it runs it; and so on until there are none
    thread  puts what came of it among the results; the first result since the loop has looked wakes the loop
    loop    gives all results to their futures

So while calls are short, one thread runs all that the loop has put there in a turn, and both wake each other once. A
call that takes its time holds nobody up, because the next thread is under way when it begins. A thread that finds
nothing to do goes to rest on a stack; who lay down last is woken first. A new one is started where none rests.

There are no locks. `looking` says that a thread is under way to the queue, and `announced` that the loop is to the
results: each side first puts something there and then looks at the flag, or first takes the flag down and then looks
whether something is there. One of the two sees the other; that both do costs a wake-up for nothing.

What is not done here is done by anyio: where a cancel scope is around the task, or the task is being cancelled, or the
loop is not asyncio's, or somebody has put a function of their own into anyio.

Measured with 64 connections (uvloop, one core), us of CPU per request of a sync `def` endpoint on Python 3.11: 90 by
anyio, 37 so, where Go's net/http takes 31. With one `queue.SimpleQueue` that all threads wait at: 51, and on Python
3.13, where each `put` wakes a thread, 78 in place of 43. Waking a thread at once and not at the end of the turn costs a
fifth more with 8 connections.
"""

from __future__ import annotations

import asyncio
import sys
from asyncio import AbstractEventLoop, Future
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context, ContextVar, copy_context
from functools import partial
from threading import Lock, Thread
from typing import Any, ParamSpec, TypeVar

from anyio import WouldBlock, to_thread
from starlette.concurrency import run_in_threadpool

from vivace._anyio import anyio_worker, in_cancel_scope, when_loop_ends, workers_can_be_made

try:
    from sniffio import current_async_library_cvar as _library
except ImportError:  # nobody asks it then
    _library = ContextVar("no_library", default=None)

P = ParamSpec("P")
T = TypeVar("T")
Call = tuple[Context, Callable[..., Any], tuple[Any, ...], dict[str, Any]]
Result = tuple["Future[Any]", Any, BaseException | None]

MAX_IDLE = 10  # seconds that a thread rests before it ends, as anyio has it
_OPTIONS: dict[str, Any] = {"context": Context()} if sys.version_info >= (3, 14) else {}  # not that of who starts it
_RUN_SYNC = to_thread.run_sync
_POOLS: dict[AbstractEventLoop, Pool] = {}


async def run_in_thread(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Call `function` in a thread, as `run_in_threadpool` does: no more at once than anyio's default limiter lets."""
    pool = running_pool()
    if pool is None:
        return await run_in_threadpool(partial(function, *args, **kwargs))
    task, limiter = asyncio.current_task(), pool.limiter
    try:
        limiter.acquire_on_behalf_of_nowait(task)
    except WouldBlock:
        await limiter.acquire_on_behalf_of(task)
    try:
        result: T = await pool.put(function, args, kwargs)
        return result
    finally:
        limiter.release_on_behalf_of(task)


def running_pool() -> Pool | None:
    """The pool of the running loop; None where the running task's calls have to go by anyio."""
    try:
        task = asyncio.current_task()
    except RuntimeError:  # this is trio
        return None
    if task is None or in_cancel_scope(task) or task.cancelling() or to_thread.run_sync is not _RUN_SYNC:
        return None
    loop = task.get_loop()
    return _POOLS.get(loop) or _new_pool(loop)


def _new_pool(loop: AbstractEventLoop) -> Pool | None:
    if not workers_can_be_made():
        return None
    pool = Pool(loop)
    when_loop_ends(pool.stop)
    _POOLS[loop] = pool
    return pool


class Pool:
    """The calls of one event loop, and the threads that run them."""

    def __init__(self, loop: AbstractEventLoop) -> None:
        self.limiter = to_thread.current_default_thread_limiter()  # which to ask for costs 7 us
        self.loop = loop
        self.stopping = False
        self._calls: deque[tuple[Future[Any], Call]] = deque()
        self._resting: list[Lock] = []  # each is released to wake the thread that waits for it
        self._due = False  # the loop will look for calls at the end of its turn
        self._looking = False  # a thread is under way to the calls
        self._results: deque[Result] = deque()
        self._announced = False  # the loop is under way to the results

    # -- in the event loop

    def put(self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Future[Any]:
        """Have `function` called in a copy of this context."""
        future: Future[Any] = self.loop.create_future()
        context = copy_context()
        if _library.get() is not None:
            context.run(_library.set, None)  # there is no event loop in the thread
        self._calls.append((future, (context, function, args, kwargs)))
        if not self._due:
            self._due = True
            self.loop.call_soon(self._begin)
        return future

    def _begin(self) -> None:
        self._due = False
        try:
            self._see_to_calls()
        except RuntimeError as error:
            while self._calls:
                future = self._calls.popleft()[0]
                if not future.done():
                    future.set_exception(RuntimeError(*error.args))

    def _deliver(self) -> None:
        self._announced = False
        while self._results:
            future, result, error = self._results.popleft()
            if future.done():  # cancelled
                continue
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)

    def stop(self, _: object = None) -> None:
        """Let the threads end when they have run what is there."""
        self.stopping = True
        if _POOLS.get(self.loop) is self:
            del _POOLS[self.loop]
        while self._resting:
            self._resting.pop().release()

    # -- in both

    def _see_to_calls(self) -> None:
        """Let a thread be under way if there are calls."""
        if self._calls and not self._looking:
            self._looking = True
            try:
                resting = self._resting.pop()
            except IndexError:
                self._start_thread()
            else:
                resting.release()

    def _start_thread(self) -> None:
        try:
            Thread(target=self._thread, name="AnyIO worker thread", **_OPTIONS).start()
        except RuntimeError:  # the system has no more
            self._looking = False
            raise

    # -- in a thread

    def _thread(self) -> None:
        resting = Lock()
        resting.acquire()
        with anyio_worker(self.loop):
            while True:
                under_way = self._run_calls()
                if not self._rest(resting, under_way):
                    return

    def _run_calls(self) -> bool:
        """Run calls until there are none. Whether this thread is the one under way to those that may come."""
        under_way = True
        while True:
            try:
                future, call = self._calls.popleft()
            except IndexError:
                return under_way
            if under_way:
                self._looking = False
            with suppress(RuntimeError):  # no more threads can be started: those that there are will come by
                self._see_to_calls()
            result, error = (None, None) if future.cancelled() else _outcome(*call)
            self._results.append((future, result, error))
            del future, call, result, error  # and all that they hold, before this thread rests
            under_way = not self._looking
            if under_way:  # before the loop hears of it: so the next call is this thread's, and wakes no other
                self._looking = True
            self._announce()

    def _announce(self) -> None:
        if not self._announced:
            self._announced = True
            try:
                self.loop.call_soon_threadsafe(self._deliver)
            except RuntimeError:
                if not self.loop.is_closed():
                    raise

    def _rest(self, resting: Lock, under_way: bool) -> bool:
        """Wait to be woken. False: this thread is not needed any more."""
        self._resting.append(resting)
        if under_way:
            self._looking = False
        if not self._calls and not self.stopping and resting.acquire(timeout=MAX_IDLE):
            return True
        try:
            self._resting.remove(resting)
        except ValueError:  # somebody has taken it just now, and counts on this thread
            return resting.acquire()
        return bool(self._calls)


def _outcome(
    context: Context, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[Any, BaseException | None]:
    """What a call returns, and what it raises. The future is not here: an exception holds this frame."""
    try:
        return context.run(function, *args, **kwargs), None
    except StopIteration as raised:  # which a future does not take
        raised_instead = RuntimeError("coroutine raised StopIteration")
        raised_instead.__cause__ = raised
        return None, raised_instead
    except BaseException as raised:  # noqa: BLE001  # raised where the call is waited for
        return None, raised
