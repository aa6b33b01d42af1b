"""Context managers in threads, and limits on how many uses are live."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from typing import Any

import anyio
import anyio.from_thread
import anyio.to_thread
import pytest
from anyio import wait_all_tasks_blocked

from vivace import _anyio
from vivace.concurrency import (
    DependencyConcurrency,
    ShieldedExit,
    WithCapacity,
    cleanup_scope,
    contextmanager_in_threadpool,
    shielded,
    within_cancel_scope,
)

pytestmark = pytest.mark.anyio


class Recorder(AbstractContextManager[str]):
    """Remembers where and how it was entered and left."""

    def __init__(self, suppress: bool = False) -> None:
        self.suppress = suppress
        self.threads: list[int] = []
        self.left_with: list[BaseException | None] = []

    def __enter__(self) -> str:
        self.threads.append(threading.get_ident())
        return "value"

    def __exit__(self, *error: object) -> bool:
        self.threads.append(threading.get_ident())
        self.left_with.append(error[1])
        return self.suppress


async def test_both_ends_run_in_a_worker() -> None:
    recorder = Recorder()
    async with contextmanager_in_threadpool(recorder) as value:
        assert value == "value"
    assert len(recorder.threads) == 2
    assert threading.get_ident() not in recorder.threads
    assert recorder.left_with == [None]


@pytest.mark.parametrize("suppress", [False, True])
async def test_the_body_s_exception_reaches_the_exit(suppress: bool) -> None:
    recorder = Recorder(suppress)
    error = ValueError()
    raised = None
    try:
        async with contextmanager_in_threadpool(recorder):
            raise error
    except ValueError as reached:
        raised = reached
    assert recorder.left_with == [error]
    assert raised is (None if suppress else error)


async def test_what_was_not_entered_is_not_left() -> None:
    left = False

    class Refuses(AbstractContextManager[None]):
        def __enter__(self) -> None:
            raise ValueError("refused")

        def __exit__(self, *error: object) -> None:
            nonlocal left
            left = True

    with pytest.raises(ValueError, match="refused"):
        async with contextmanager_in_threadpool(Refuses()):
            pytest.fail("must not be entered")
    assert not left


async def test_a_cancelled_body_is_still_left() -> None:
    recorder = Recorder()
    with anyio.CancelScope() as scope:
        async with contextmanager_in_threadpool(recorder):
            scope.cancel()
            await anyio.sleep(0)
    assert scope.cancelled_caught
    assert isinstance(recorder.left_with[0], anyio.get_cancelled_exc_class())


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_cancelled_asyncio_task_still_leaves(anyio_backend: str) -> None:
    recorder, ready = Recorder(), anyio.Event()

    async def use() -> None:
        async with contextmanager_in_threadpool(recorder):
            ready.set()
            await anyio.sleep_forever()

    task = asyncio.create_task(use())
    await ready.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert isinstance(recorder.left_with[0], asyncio.CancelledError)


async def test_leaving_does_not_wait_for_a_free_worker() -> None:
    """With all workers taken by those who wait for this very exit, that would be a deadlock."""
    recorder = Recorder()
    workers = anyio.to_thread.current_default_thread_limiter()
    async with contextmanager_in_threadpool(recorder):
        taken = [object() for _ in range(int(workers.available_tokens))]
        for borrower in taken:
            workers.acquire_on_behalf_of_nowait(borrower)
    for borrower in taken:
        workers.release_on_behalf_of(borrower)
    assert recorder.left_with == [None]


@asynccontextmanager
async def noting(events: list[str]) -> Any:
    events.append("entered")
    try:
        yield "value"
    finally:
        await anyio.sleep(0)
        events.append("left")


async def test_capacity_is_held_until_after_the_exit() -> None:
    events: list[str] = []
    semaphore = anyio.Semaphore(1)
    async with WithCapacity(noting(events), semaphore) as value:
        assert (value, semaphore.value) == ("value", 0)
    assert (events, semaphore.value) == (["entered", "left"], 1)


async def test_capacity_is_given_back_when_the_entry_fails() -> None:
    @asynccontextmanager
    async def refusing() -> Any:
        raise ValueError("refused")
        yield

    semaphore = anyio.Semaphore(1)
    with pytest.raises(ValueError, match="refused"):
        async with WithCapacity(refusing(), semaphore):
            pytest.fail("must not be entered")
    assert semaphore.value == 1


async def test_waiting_for_capacity_can_be_cancelled() -> None:
    events: list[str] = []
    semaphore = anyio.Semaphore(0)
    with anyio.CancelScope() as scope:
        async with anyio.create_task_group() as group:
            group.start_soon(WithCapacity(noting(events), semaphore).__aenter__)
            await wait_all_tasks_blocked()
            scope.cancel()
    assert events == []
    assert semaphore.value == 0


async def test_a_shielded_exit_finishes_though_cancelled() -> None:
    events: list[str] = []
    with anyio.CancelScope() as request, anyio.CancelScope() as cleanup:
        async with ShieldedExit(noting(events), cleanup):
            request.cancel()
            await anyio.sleep(0)
    assert events == ["entered", "left"]
    assert request.cancelled_caught
    assert not cleanup.shield


async def test_a_shielded_exit_may_end_a_task_group() -> None:
    events: list[str] = []

    @asynccontextmanager
    async def with_tasks() -> Any:
        async with anyio.create_task_group() as group:
            group.start_soon(anyio.sleep_forever)
            try:
                yield
            finally:
                await anyio.sleep(0)
                group.cancel_scope.cancel()
        await anyio.sleep(0)
        events.append("ended")

    with anyio.CancelScope() as request, anyio.CancelScope() as cleanup:
        async with ShieldedExit(with_tasks(), cleanup):
            request.cancel()
    assert events == ["ended"]


@pytest.mark.parametrize("suppresses", [False, True])
async def test_a_cancellation_that_an_exit_has_not_seen_goes_on_after_it(suppresses: bool) -> None:
    @asynccontextmanager
    async def suppressing() -> Any:
        try:
            yield
        except ValueError:
            if not suppresses:
                raise

    reached: list[str] = []
    with anyio.CancelScope() as request, anyio.CancelScope() as cleanup:
        try:
            async with ShieldedExit(suppressing(), cleanup):
                request.cancel()
                raise ValueError
            reached.append("the end")
        except ValueError:
            reached.append("ValueError")
    assert reached == ([] if suppresses else ["ValueError"])
    assert request.cancelled_caught is suppresses


async def test_a_scope_is_around_what_runs_in_one() -> None:
    with anyio.CancelScope():
        assert within_cancel_scope()
        with cleanup_scope() as scope:
            assert isinstance(scope, anyio.CancelScope)
            assert isinstance(shielded(noting([]), scope), ShieldedExit)

    async def child() -> None:
        assert within_cancel_scope()

    async with anyio.create_task_group() as group:
        group.start_soon(child)


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_no_scope_is_around_a_task_of_asyncio_s_own(anyio_backend: str) -> None:
    cm = noting([])

    async def use() -> None:
        assert not within_cancel_scope()
        with anyio.CancelScope():
            assert within_cancel_scope()
        assert not within_cancel_scope()
        with cleanup_scope() as scope:
            assert shielded(cm, scope) is cm

    await asyncio.create_task(use())


async def test_without_anyio_s_own_knowledge_a_scope_is_supposed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_anyio, "_TASK_STATES", None)
    assert within_cancel_scope()


async def test_a_declaration_has_one_semaphore_per_event_loop() -> None:
    limit = DependencyConcurrency(2)
    assert limit.get_semaphore() is limit.get_semaphore()
    assert limit.get_semaphore() is not DependencyConcurrency(2).get_semaphore()
    assert limit.get_semaphore().value == 2

    async def elsewhere() -> anyio.Semaphore:
        return limit.get_semaphore()

    other = await anyio.to_thread.run_sync(anyio.run, elsewhere)
    assert other is not limit.get_semaphore()


async def test_a_semaphore_goes_with_its_declaration() -> None:
    limit = DependencyConcurrency(1)
    semaphore = weakref.ref(limit.get_semaphore())
    gc.collect()
    assert semaphore() is not None
    del limit
    gc.collect()
    assert semaphore() is None


async def test_a_generator_s_code_runs_in_a_worker() -> None:
    threads: list[int] = []

    @contextmanager
    def resource() -> Any:
        threads.append(threading.get_ident())
        yield anyio.from_thread.run_sync(threading.get_ident)
        threads.append(threading.get_ident())

    async with contextmanager_in_threadpool(resource()) as loop_thread:
        assert loop_thread == threading.get_ident()
    assert threading.get_ident() not in threads
