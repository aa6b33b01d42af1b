"""Calls in threads: as anyio makes them, on either event loop."""

from __future__ import annotations

import asyncio
import gc
import threading
import traceback
import weakref
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from typing import Any

import anyio
import pytest
from anyio import from_thread, to_thread

from vivace import FastAPI, _anyio, threads
from vivace.threads import run_in_thread

uvloop = pytest.importorskip("uvloop", reason="uvloop is not for this platform")

Run = Callable[[Coroutine[Any, Any, Any]], Any]
WAIT = 20  # seconds after which a test fails that would wait forever
WHO: ContextVar[str] = ContextVar("who", default="nobody")


@pytest.fixture(params=[asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a coroutine to its end; whatever goes by anyio fails."""

    async def by_anyio(*_: Any, **__: Any) -> None:
        pytest.fail("has gone by anyio")

    monkeypatch.setattr(threads, "run_in_threadpool", by_anyio)
    runner: Run = request.param
    return runner


class Gate:
    """Holds calls in their threads until it is opened."""

    def __init__(self) -> None:
        self.opened = threading.Event()
        self.arrived: list[int] = []

    def pass_through(self, number: int = 0) -> int:
        self.arrived.append(number)
        assert self.opened.wait(WAIT)
        return number


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(WAIT):
        while not condition():
            await asyncio.sleep(0.001)


def worker_threads() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name == "AnyIO worker thread"}


def test_arguments_and_results_go_across(run: Run) -> None:
    def function(*args: int, **kwargs: int) -> Any:
        return args, kwargs, threading.get_ident()

    args, kwargs, thread = run(run_in_thread(function, 1, 2, function=3))
    assert (args, kwargs) == ((1, 2), {"function": 3})
    assert thread != threading.get_ident()


def test_the_context_goes_there_and_does_not_come_back(run: Run) -> None:
    def swap() -> str:
        before = WHO.get()
        WHO.set("the thread")
        return before

    async def main() -> list[str]:
        WHO.set("the task")
        return [await run_in_thread(swap), await run_in_thread(swap), WHO.get()]

    assert run(main()) == ["the task", "the task", "the task"]


def test_the_thread_reaches_its_event_loop(run: Run) -> None:
    async def loop() -> Any:
        await asyncio.sleep(0)
        return asyncio.get_running_loop()

    def function() -> Any:
        from_thread.check_cancelled()
        return from_thread.run(loop), from_thread.run_sync(asyncio.get_running_loop)

    async def main() -> None:
        assert await run_in_thread(function) == (asyncio.get_running_loop(),) * 2

    run(main())


def test_an_exception_brings_its_traceback(run: Run) -> None:
    def function() -> None:
        raise LookupError("lost")

    async def main() -> None:
        with pytest.raises(LookupError, match="lost") as raised:
            await run_in_thread(function)
        assert "function" in [frame.name for frame in traceback.extract_tb(raised.tb)]

    run(main())


def test_stop_iteration_comes_as_the_cause(run: Run) -> None:
    async def main() -> None:
        with pytest.raises(RuntimeError, match="coroutine raised StopIteration") as raised:
            await run_in_thread(next, iter(()))
        assert isinstance(raised.value.__cause__, StopIteration)

    run(main())


def test_calls_of_one_turn_run_at_once_where_they_wait(run: Run) -> None:
    """Each waits for all the others."""
    barrier = threading.Barrier(20)

    async def main() -> None:
        await asyncio.gather(*(run_in_thread(barrier.wait, WAIT) for _ in range(20)))

    run(main())
    assert not barrier.broken


def test_one_that_waits_holds_up_nobody(run: Run) -> None:
    async def main() -> None:
        gate = Gate()
        held = asyncio.create_task(run_in_thread(gate.pass_through, 1))
        assert await asyncio.gather(*(run_in_thread(str, number) for number in range(9))) == [*"012345678"]
        assert not held.done()
        gate.opened.set()
        assert await held == 1

    run(main())


def test_calls_one_after_another_have_the_same_thread(run: Run) -> None:
    async def main() -> None:
        gate = Gate()
        held = [asyncio.create_task(run_in_thread(gate.pass_through)) for _ in range(5)]
        await until(lambda: len(gate.arrived) == 5)
        gate.opened.set()
        await asyncio.gather(*held)
        assert len({await run_in_thread(threading.get_ident) for _ in range(20)}) == 1

    run(main())


def test_the_limit_is_that_of_anyio_and_waits_in_order(run: Run) -> None:
    async def main() -> None:
        gate, limiter = Gate(), to_thread.current_default_thread_limiter()
        limiter.total_tokens = 2
        first = asyncio.create_task(to_thread.run_sync(gate.pass_through, 0))
        await until(lambda: gate.arrived == [0])
        rest = [asyncio.create_task(run_in_thread(gate.pass_through, n)) for n in range(1, 5)]
        await until(lambda: limiter.statistics().tasks_waiting == 3)
        last = asyncio.create_task(to_thread.run_sync(gate.pass_through, 5))
        await until(lambda: limiter.statistics().tasks_waiting == 4 and len(gate.arrived) == 2)
        assert set(limiter.statistics().borrowers) == {first, rest[0]}
        limiter.total_tokens = 1  # now one after another
        gate.opened.set()
        assert await asyncio.gather(first, *rest, last) == [0, 1, 2, 3, 4, 5]
        assert gate.arrived == [0, 1, 2, 3, 4, 5]
        assert limiter.borrowed_tokens == 0

    run(main())


def test_a_cancelled_task_does_not_wait_for_its_thread(run: Run) -> None:
    """`Task.cancel()` interrupts what anyio shields from its own scopes only."""

    async def main() -> None:
        gate = Gate()
        task = asyncio.create_task(run_in_thread(gate.pass_through))
        await until(lambda: bool(gate.arrived))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert to_thread.current_default_thread_limiter().borrowed_tokens == 0
        gate.opened.set()
        assert await run_in_thread(int) == 0

    run(main())


def test_a_call_that_is_cancelled_at_once_is_not_made(run: Run) -> None:
    called: list[int] = []

    async def main() -> None:
        task = asyncio.create_task(run_in_thread(called.append, 1))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await run_in_thread(int)

    run(main())
    assert called == []


@pytest.mark.parametrize("runner", [asyncio.run, uvloop.run])
def test_a_task_that_is_being_cancelled_calls_nothing(runner: Run) -> None:
    called: list[int] = []

    async def main() -> None:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run_in_thread(called.append, 1)

    runner(main())
    assert called == []


@pytest.mark.parametrize("runner", [asyncio.run, uvloop.run])
def test_in_a_cancelled_scope_the_task_waits_for_its_thread(runner: Run) -> None:
    async def main() -> None:
        gate = Gate()
        with anyio.CancelScope() as scope:
            task = asyncio.current_task()
            opened = asyncio.create_task(until(lambda: bool(gate.arrived)))
            opened.add_done_callback(lambda _: (scope.cancel(), gate.opened.set()))
            assert await run_in_thread(gate.pass_through, 7) == 7
            assert task is not None
            await asyncio.sleep(0)
        assert scope.cancelled_caught

    runner(main())


def test_threads_end_with_their_loop(run: Run) -> None:
    before, during = worker_threads(), set[threading.Thread]()

    async def main() -> None:
        barrier = threading.Barrier(3)
        await asyncio.gather(*(run_in_thread(barrier.wait, WAIT) for _ in range(3)))
        during.update(worker_threads() - before)
        assert asyncio.get_running_loop() in threads._POOLS

    pools = dict(threads._POOLS)
    run(main())
    for thread in during:
        thread.join(WAIT)
    assert len(during) >= 3
    assert not any(thread.is_alive() for thread in during)
    assert pools == threads._POOLS


def test_a_loop_is_run_again(run: Run) -> None:
    loop = asyncio.new_event_loop() if run is asyncio.run else uvloop.new_event_loop()
    try:
        assert [loop.run_until_complete(run_in_thread(int, number)) for number in (1, 2)] == [1, 2]
    finally:
        loop.close()


def test_a_call_that_is_under_way_when_the_loop_closes_ends_in_peace(run: Run) -> None:
    gate, thread = Gate(), list[threading.Thread]()

    def function() -> None:
        thread.append(threading.current_thread())
        gate.pass_through()

    async def main() -> None:
        task = asyncio.create_task(run_in_thread(function))
        await until(lambda: bool(gate.arrived))
        task.cancel()

    run(main())
    gate.opened.set()
    thread[0].join(WAIT)
    assert not thread[0].is_alive()


def test_loops_do_not_mix(run: Run) -> None:
    gate, loops = Gate(), list[tuple[Any, Any]]()

    async def main() -> None:
        await run_in_thread(gate.pass_through)
        for _ in range(20):
            here = asyncio.get_running_loop()
            loops.append((here, await run_in_thread(from_thread.run_sync, asyncio.get_running_loop)))

    outer = [threading.Thread(target=run, args=(main(),)) for _ in range(2)]
    for thread in outer:
        thread.start()
    gate.opened.set()
    for thread in outer:
        thread.join(WAIT)
    assert len(loops) == 40
    assert len({here for here, _ in loops}) == 2
    assert all(here is there for here, there in loops)


def test_a_thread_that_rests_too_long_ends(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "MAX_IDLE", 0)

    async def main() -> None:
        for number in range(3):
            thread = await run_in_thread(threading.current_thread)
            await until(lambda thread=thread: not thread.is_alive())  # type: ignore[misc]
            assert await run_in_thread(int, number) == number

    run(main())


def test_a_resting_thread_keeps_nothing_alive(run: Run) -> None:
    class Thing:
        def method(self) -> Thing:
            return Thing()

        def fail(self) -> None:
            raise LookupError

    async def main() -> None:
        thing = Thing()
        result = await run_in_thread(thing.method)
        with pytest.raises(LookupError):
            await run_in_thread(thing.fail)
        references = weakref.ref(thing), weakref.ref(result)
        del thing, result
        await until(lambda: (gc.collect(), [reference() for reference in references])[1] == [None, None])

    run(main())


def test_where_no_thread_can_be_started_the_caller_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    class NoThread(threading.Thread):
        def start(self) -> None:
            raise RuntimeError("can't start new thread")

    async def main() -> None:
        with monkeypatch.context() as patched:
            patched.setattr(threads, "Thread", NoThread)
            for outcome in await asyncio.gather(run_in_thread(int), run_in_thread(int), return_exceptions=True):
                assert str(outcome) == "can't start new thread"
        assert await run_in_thread(int) == 0

    run(main())


@pytest.mark.anyio
async def test_under_any_library_calls_are_made() -> None:
    assert await run_in_thread(threading.get_ident) != threading.get_ident()


def test_without_anyio_s_private_names_anyio_makes_the_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_anyio, "_backend", None)
    monkeypatch.setattr(threads, "workers_can_be_made", _anyio.workers_can_be_made.__wrapped__)
    by_anyio: list[Any] = []

    async def run_in_threadpool(function: Any) -> Any:
        by_anyio.append(function)
        return await to_thread.run_sync(function)

    monkeypatch.setattr(threads, "run_in_threadpool", run_in_threadpool)
    assert asyncio.run(run_in_thread(int)) == 0
    assert len(by_anyio) == 1


def test_somebody_s_own_function_in_anyio_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run_sync(function: Any) -> str:
        return f"own {function()}"

    monkeypatch.setattr(to_thread, "run_sync", run_sync)
    assert asyncio.run(run_in_thread(int)) == "own 0"


def test_a_server_s_task_has_its_endpoint_called_here(run: Run) -> None:
    """Around what a server's task runs there is no cancel scope, as there is around a test client's."""
    app = FastAPI()

    @app.get("/")
    def endpoint() -> list[str]:
        return [WHO.get(), from_thread.run_sync(lambda: threading.current_thread().name)]

    async def main() -> bytes:
        WHO.set("the server")
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b"", "root_path": ""}
        await app(scope, asyncio.Event().wait, send)  # type: ignore[arg-type]
        return b"".join(message.get("body", b"") for message in sent)

    assert run(main()) == b'["the server","MainThread"]'
