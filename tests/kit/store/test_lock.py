"""Locks, on every backend."""

from __future__ import annotations

import anyio
import pytest

from vivace.kit.store import LockLost, LockTimeout, Store

pytestmark = pytest.mark.anyio


async def test_one_holds_it_at_a_time(store: Store) -> None:
    inside, most = 0, 0

    async def work() -> None:
        nonlocal inside, most
        async with store.lock("job", wait=30):
            inside += 1
            most = max(most, inside)
            await anyio.lowlevel.checkpoint()
            inside -= 1

    async with anyio.create_task_group() as group:
        for _ in range(5):
            group.start_soon(work)
    assert (inside, most) == (0, 1)


async def test_it_is_free_after_the_block_even_if_the_block_fails(store: Store) -> None:
    with pytest.raises(RuntimeError, match="of the block"):
        async with store.lock("job"):
            raise RuntimeError("of the block")
    assert await store.lock("job").try_acquire()


async def test_who_waits_in_vain_is_told(store: Store) -> None:
    async with store.lock("job"):
        with pytest.raises(LockTimeout, match="'job' was not free within 0"):
            await store.lock("job", wait=0).acquire()
        with pytest.raises(TimeoutError):
            async with store.lock("job", wait=0.02):
                pass


async def test_locks_are_no_values_and_namespaces_have_their_own(store: Store) -> None:
    await store.set("job", b"value")
    async with store.lock("job"), store.lock("x" * 1000), store.namespace("other").lock("job"):
        assert await store.get("job") == b"value"
        assert await store.get("x" * 1000) is None


async def test_a_lock_whose_holder_died_ends(store: Store) -> None:
    assert await store.lock("job", ttl=0.05).try_acquire()
    async with store.lock("job", wait=10):
        pass


async def test_who_held_it_too_long_is_told(store: Store) -> None:
    with pytest.raises(LockLost, match=r"'job' ran out within 0\.05 s"):
        async with store.lock("job", ttl=0.05):
            await store.lock("job", ttl=30, wait=10).acquire()
    assert not await store.lock("job").try_acquire(), "the loser leaves the lock of the next holder alone"


async def test_it_can_be_held_longer(store: Store) -> None:
    async with store.lock("job", ttl=1) as lock:
        await lock.extend(30)
        await store.set("other", b"1", ttl=1.1)
        with anyio.fail_after(10):
            while await store.get("other"):
                await anyio.sleep(0.01)
        assert not await store.lock("job").try_acquire()
    with pytest.raises(LockLost, match="is not held"):
        await lock.extend()


async def test_it_is_not_reentrant(store: Store) -> None:
    lock = store.lock("job")
    async with lock:
        with pytest.raises(RuntimeError, match="held by this very object"):
            await lock.try_acquire()
    async with lock:
        pass


async def test_a_cancelled_holder_gives_it_back(store: Store) -> None:
    holds = anyio.Event()

    async def hold() -> None:
        async with store.lock("job"):
            holds.set()
            await anyio.sleep_forever()

    async with anyio.create_task_group() as group:
        group.start_soon(hold)
        await holds.wait()
        group.cancel_scope.cancel()
    assert await store.lock("job").try_acquire()


async def test_releasing_says_whether_it_was_held(store: Store) -> None:
    lock = store.lock("job")
    assert await lock.release() is False
    await lock.acquire()
    assert await lock.release() is True
