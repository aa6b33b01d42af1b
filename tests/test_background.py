"""Background tasks."""

from __future__ import annotations

import threading

import pytest
from starlette.background import BackgroundTask
from starlette.background import BackgroundTasks as StarletteBackgroundTasks

from vivace.background import BackgroundTasks

pytestmark = pytest.mark.anyio


async def test_tasks_run_in_order_and_plain_functions_in_a_worker() -> None:
    ran: list[tuple[str, bool]] = []
    loop_thread = threading.get_ident()

    def plain(name: str) -> None:
        ran.append((name, threading.get_ident() == loop_thread))

    async def coroutine(*, name: str) -> None:
        plain(name)

    tasks = BackgroundTasks([BackgroundTask(plain, "first")])
    tasks.add_task(coroutine, name="second")
    tasks.add_task(plain, "third")
    await tasks()
    assert ran == [("first", False), ("second", True), ("third", False)]


async def test_the_first_failure_ends_the_series() -> None:
    ran: list[int] = []

    def fail() -> None:
        raise ValueError("failed")

    tasks = BackgroundTasks()
    tasks.add_task(fail)
    tasks.add_task(ran.append, 1)
    with pytest.raises(ValueError, match="failed"):
        await tasks()
    assert ran == []


def test_starlette_takes_them_as_its_own() -> None:
    assert isinstance(BackgroundTasks(), StarletteBackgroundTasks)
