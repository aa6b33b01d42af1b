"""What one process of all does, and another one goes on with."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from examples.food_delivery import background
from examples.food_delivery.background import alone
from vivace.kit.sql import DatabaseUnavailable
from vivace.kit.store import Store, StoreUnavailable

pytestmark = pytest.mark.anyio


async def test_of_two_one_does_the_work_until_it_ends_and_then_the_other() -> None:
    store = Store.from_url("memory://")
    done: asyncio.Queue[int] = asyncio.Queue()
    tasks = [asyncio.create_task(alone(store, "work", partial(done.put, number), every=0)) for number in range(2)]
    first = await done.get()
    assert {await done.get() for _ in range(20)} == {first}
    tasks[first].cancel()
    await asyncio.wait([tasks[first]])
    while await done.get() == first:
        pass
    tasks[1 - first].cancel()
    await asyncio.wait(tasks)


async def test_work_goes_on_after_the_database_was_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "_PAUSE", 0)
    tried = asyncio.Event()

    async def work() -> None:
        if not tries:
            tries.append(1)
            raise DatabaseUnavailable("away")
        tried.set()

    tries: list[int] = []
    task = asyncio.create_task(alone(Store.from_url("memory://"), "work", work, every=0))
    await tried.wait()
    task.cancel()
    await asyncio.wait([task])


async def test_who_does_the_work_keeps_it_while_the_store_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "_PAUSE", 0)
    store, done, failed = Store.from_url("memory://"), asyncio.Queue[int](), set[int]()

    async def work(number: int) -> None:
        await done.put(number)
        if number not in failed:
            failed.add(number)
            raise StoreUnavailable("away")

    tasks = [asyncio.create_task(alone(store, "work", partial(work, number), every=0)) for number in range(2)]
    assert len({await done.get() for _ in range(20)}) == 1
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
