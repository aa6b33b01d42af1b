"""Exact between processes, where a backend is shared by them."""

from __future__ import annotations

import anyio
import pytest

from tests.kit.hammer import hammer
from vivace.kit.store import Store

HERE = "tests.kit.store.test_processes"
TIMES = 100


@pytest.fixture(params=["sqlite", "redis"])
def backend(request: pytest.FixtureRequest) -> str:
    return request.param


async def count(store: Store) -> None:
    """With more than one request under way at a time in each process."""
    async with anyio.create_task_group() as group:
        for _ in range(4):
            group.start_soon(_count, store, TIMES // 4)


async def _count(store: Store, times: int) -> None:
    for _ in range(times):
        await store.increment("counter")


async def swap(store: Store) -> int:
    """Add to a number by compare-and-set; how often somebody else was quicker."""
    lost = done = 0
    while done < TIMES:
        before = await store.get("number")
        after = b"%d" % (int(before or b"0") + 1)
        if await store.compare_and_set("number", before, after):
            done += 1
        else:
            lost += 1
    return lost


async def add_under_lock(store: Store) -> None:
    for _ in range(20):
        async with store.lock("number", wait=40):
            before = await store.get("number")
            await store.set("number", b"%d" % (int(before or b"0") + 1))


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("function", "key", "total"),
    [("count", "counter", 2 * TIMES), ("swap", "number", 2 * TIMES), ("add_under_lock", "number", 40)],
)
async def test_nothing_is_lost(
    store: Store, store_url: str, namespace: str, function: str, key: str, total: int
) -> None:
    hammer(store_url, namespace, f"{HERE}:{function}")
    assert await store.get(key) == b"%d" % total


async def leave(store: Store) -> None:
    await store.set("left", b"behind")


@pytest.mark.anyio
async def test_what_a_process_leaves_survives_it(store: Store, store_url: str, namespace: str) -> None:
    hammer(store_url, namespace, f"{HERE}:leave", processes=1)
    assert await store.get("left") == b"behind"
