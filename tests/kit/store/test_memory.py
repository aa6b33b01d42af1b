"""What only the backend in memory does: it keeps within its bounds."""

from __future__ import annotations

from typing import Any

import pytest

from vivace.kit.store import Step, Store, Tally
from vivace.kit.store.memory import MemoryBackend

pytestmark = pytest.mark.anyio


class Clock:
    now = 1_000_000

    def __call__(self) -> int:
        return self.now


def bounded(clock: Clock | None = None, **bounds: Any) -> Store:
    return Store(MemoryBackend(clock=clock or Clock(), **bounds))


async def test_the_least_recently_used_goes_first() -> None:
    store = bounded(max_entries=3)
    for key in "abc":
        await store.set(key, b"1")
    await store.get("a")
    await store.increment("b")
    await store.set("d", b"1")
    assert await store.get_many(*"abcd") == [b"1", b"2", None, b"1"]


async def test_what_has_ended_goes_before_what_is_used() -> None:
    clock = Clock()
    store = bounded(clock, max_entries=3)
    await store.set("a", b"1")
    await store.set("b", b"1", ttl=1)
    await store.set("c", b"1", ttl=5)
    clock.now += 2_000_000
    await store.set("d", b"1")
    assert await store.get_many(*"abcd") == [b"1", None, b"1", b"1"]


async def test_bytes_are_bounded() -> None:
    store = bounded(max_bytes=10_000)
    for number in range(100):
        await store.set(str(number), bytes(1000))
    kept = [value for value in await store.get_many(*map(str, range(100))) if value is not None]
    assert len(kept) == 8
    await store.set("larger than all", bytes(20_000))
    assert await store.get_many("larger than all", "99") == [None, None]


async def test_replacing_and_removing_make_room() -> None:
    store = bounded(max_bytes=3000)
    for _ in range(50):
        await store.set("a", bytes(1000))
        await store.set("b", bytes(1000))
        await store.delete("b")
    assert await store.get("a") == bytes(1000)


class Seen(Tally):
    __slots__ = numbers = ("times",)
    times: int

    def change(self, now: int, by: int, ttl: int) -> int:
        self.times += by
        self.expires = now + ttl
        return self.times


SEEN = Step[int].of_tally(Seen, "")


async def test_a_tally_is_a_value_like_others() -> None:
    clock = Clock()
    store = bounded(clock, max_entries=2)
    assert [await store.run(SEEN, "a", 2, 1000) for _ in range(3)] == [2, 4, 6]
    assert await store.get("a") == b"6"
    assert await store.compare_and_set("a", b"6", b"7", ttl=1), "it can be changed by other steps"
    assert await store.run(SEEN, "a", 1, 1000) == 8, "and back"
    await store.set("b", b"1")
    await store.run(SEEN, "a", 1, 1000)
    await store.set("c", b"1")
    assert await store.get_many(*"abc") == [b"9", None, b"1"], "what is counted is used"
    clock.now += 1000
    assert await store.get("a") is None
    assert await store.run(SEEN, "a", 1, 1000) == 1


async def test_a_tally_with_nothing_to_keep_is_not_there() -> None:
    store = bounded()
    assert await store.run(SEEN, "a", 5, 0) == 5
    assert await store.get("a") is None


async def test_tallies_are_bounded() -> None:
    store = bounded(max_bytes=4000)
    for number in range(100):
        await store.run(SEEN, str(number), 1, 10**6)
    kept = [value for value in await store.get_many(*map(str, range(100))) if value is not None]
    assert len(kept) == 11


async def test_setting_the_same_key_again_and_again_takes_no_memory() -> None:
    backend = MemoryBackend(clock=Clock())
    store = Store(backend)
    for _ in range(1000):
        await store.set("key", b"1", ttl=100)
    assert len(backend._ends) < 100


async def test_an_end_that_was_moved_holds() -> None:
    clock = Clock()
    store = bounded(clock, max_entries=1)
    await store.set("a", b"1", ttl=1)
    await store.set("a", b"1", ttl=10)
    clock.now += 2_000_000
    assert await store.get("a") == b"1"
    clock.now += 8_000_000
    assert await store.get("a") is None
