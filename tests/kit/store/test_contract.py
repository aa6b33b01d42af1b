"""What every backend has to keep."""

from __future__ import annotations

import anyio
import pytest

from vivace.kit.store import CounterError, Store, ValueTooLarge

pytestmark = pytest.mark.anyio

HOSTILE_KEYS = [
    "",
    "*",
    "?[a-z]\\*",
    "a b\tc\r\nd",
    "nul\x00and\x1b[31m",
    "日本語 🎼 \u202e right to left",
    "lone surrogate \ud800",
    "x" * 100_000,
    "x" * 100_001,
    "../../etc/passwd",
    "a:b/c!d#e%2F",
    "%s {0} ${x} $(x) '; DROP TABLE entries; --",
]


async def gone(store: Store, key: str) -> None:
    """Wait for an entry to end: the store's clock can't be set from here."""
    with anyio.fail_after(10):
        while await store.get(key) is not None:
            await anyio.sleep(0.01)


async def test_a_value_is_what_was_set(store: Store) -> None:
    assert await store.get("key") is None
    await store.set("key", b"one")
    await store.set("key", b"\x00\xff\r\n")
    assert await store.get("key") == b"\x00\xff\r\n"
    await store.set("key", b"")
    assert await store.get("key") == b""


async def test_deleting_says_whether_there_was_something(store: Store) -> None:
    await store.set("key", b"value")
    assert await store.delete("key") is True
    assert await store.delete("key") is False
    assert await store.get("key") is None


async def test_many_values_come_in_the_order_asked_for(store: Store) -> None:
    await store.set("a", b"1")
    await store.set("c", b"3")
    assert await store.get_many("c", "b", "a", "a") == [b"3", None, b"1", b"1"]
    assert await store.get_many() == []


@pytest.mark.parametrize("key", HOSTILE_KEYS, ids=lambda key: ascii(key[:20]))
async def test_any_string_is_a_key(store: Store, key: str) -> None:
    for number, other in enumerate(HOSTILE_KEYS):
        await store.set(other, b"%d" % number)
    assert await store.get(key) == b"%d" % HOSTILE_KEYS.index(key)
    await store.delete(key)
    left = await store.get_many(*HOSTILE_KEYS)
    assert [value is None for value in left] == [other == key for other in HOSTILE_KEYS]


@pytest.mark.parametrize("key", [b"bytes", 1, None])
async def test_a_key_that_is_no_string_is_refused(store: Store, key: object) -> None:
    with pytest.raises(TypeError, match="A key is a str, not"):
        await store.get(key)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["text", None, bytearray(b"x"), 1])
async def test_a_value_that_is_not_bytes_is_refused(store: Store, value: object) -> None:
    with pytest.raises(TypeError, match=r"A value is bytes, not \w+ \(for 'key'\)"):
        await store.set("key", value)  # type: ignore[arg-type]


async def test_a_value_over_the_limit_is_refused_and_changes_nothing(store_url: str, namespace: str) -> None:
    async with Store.from_url(store_url, namespace=namespace, max_value_bytes=10) as store:
        await store.set("key", b"0123456789")
        with pytest.raises(ValueTooLarge, match="has 11 bytes, more than max_value_bytes=10"):
            await store.set("key", b"01234567890")
        with pytest.raises(ValueTooLarge):
            await store.compare_and_set("key", b"0123456789", b"01234567890")
        assert await store.get("key") == b"0123456789"


async def test_a_mebibyte_is_taken(store: Store) -> None:
    value = bytes(range(256)) * 4096
    await store.set("key", value)
    assert await store.get("key") == value
    with pytest.raises(ValueTooLarge):
        await store.set("key", value + b"!")


# -- time to live


async def test_a_value_ends_with_its_time(store: Store) -> None:
    await store.set("short", b"1", ttl=0.05)
    await store.set("long", b"1", ttl=3600)
    await gone(store, "short")
    assert await store.delete("short") is False
    assert await store.get("long") == b"1"


async def test_setting_again_sets_the_time_again(store: Store) -> None:
    await store.set("key", b"1", ttl=0.05)
    await store.set("key", b"2")
    await store.set("other", b"1", ttl=0.05)
    await gone(store, "other")
    assert await store.get("key") == b"2"


@pytest.mark.parametrize("ttl", [0, -1, float("nan"), float("inf"), 1e12])
async def test_a_time_that_is_none_is_refused(store: Store, ttl: float) -> None:
    with pytest.raises(ValueError, match=r"ttl=.*seconds, more than 0"):
        await store.set("key", b"1", ttl=ttl)


async def test_the_shortest_and_the_longest_time_are_taken(store: Store) -> None:
    await store.set("key", b"1", ttl=1e-9)
    await gone(store, "key")
    await store.set("key", b"1", ttl=100 * 365 * 86400)
    assert await store.get("key") == b"1"


# -- compare and set


async def test_compare_and_set_changes_what_is_expected_only(store: Store) -> None:
    assert await store.compare_and_set("key", b"0", b"1") is False
    assert await store.get("key") is None
    assert await store.compare_and_set("key", None, b"1") is True
    assert await store.compare_and_set("key", None, b"2") is False
    assert await store.compare_and_set("key", b"0", b"2") is False
    assert await store.compare_and_set("key", b"1", b"2") is True
    assert await store.get("key") == b"2"


async def test_compare_and_set_removes(store: Store) -> None:
    assert await store.compare_and_set("key", None, None) is True
    await store.set("key", b"")
    assert await store.compare_and_set("key", None, None) is False
    assert await store.compare_and_set("key", b"", None) is True
    assert await store.get("key") is None


async def test_compare_and_set_sets_the_time(store: Store) -> None:
    await store.compare_and_set("key", None, b"1", ttl=0.05)
    await gone(store, "key")
    await store.set("key", b"1", ttl=1)
    await store.set("other", b"1", ttl=1)
    assert await store.compare_and_set("key", b"1", b"2")
    await gone(store, "other")
    assert await store.get("key") == b"2"


async def test_of_many_at_once_one_compare_and_set_wins(store: Store) -> None:
    won: list[int] = []

    async def attempt(number: int) -> None:
        if await store.compare_and_set("key", None, b"%d" % number):
            won.append(number)

    async with anyio.create_task_group() as group:
        for number in range(30):
            group.start_soon(attempt, number)
    assert [await store.get("key")] == [b"%d" % number for number in won]


# -- counters


async def test_a_counter_counts(store: Store) -> None:
    assert [await store.increment("n") for _ in range(3)] == [1, 2, 3]
    assert await store.increment("n", -5) == -2
    assert await store.increment("n", 0) == -2
    assert await store.get("n") == b"-2"


async def test_a_counter_ends_when_it_was_to_end_at_its_beginning(store: Store) -> None:
    await store.increment("n", ttl=1)
    await store.increment("n", ttl=3600)
    await gone(store, "n")
    assert await store.increment("n") == 1


async def test_a_counter_without_end_stays(store: Store) -> None:
    await store.increment("n")
    assert await store.increment("n", ttl=0.05) == 2
    await store.set("other", b"1", ttl=0.1)
    await gone(store, "other")
    assert await store.get("n") == b"2"


@pytest.mark.parametrize(
    "value", [b"", b"x", b"1.5", b" 1", b"+1", b"--1", b"1e3", b"0x10", b"9" * 17, b"1_0", b"\xb2"]
)
async def test_what_is_not_a_counter_is_left_alone(store: Store, value: bytes) -> None:
    await store.set("n", value)
    with pytest.raises(CounterError, match="'n' is not a counter"):
        await store.increment("n")
    assert await store.get("n") == value


@pytest.mark.parametrize("sign", [1, -1])
async def test_a_counter_stays_in_its_range(store: Store, sign: int) -> None:
    largest = 2**53 - 1
    assert await store.increment("n", sign * largest) == sign * largest
    for by in (1, largest, 2**70):
        with pytest.raises(CounterError):
            await store.increment("n", sign * by)
    assert await store.get("n") == b"%d" % (sign * largest)
    assert await store.increment("n", -sign) == sign * (largest - 1)


async def test_counting_at_once_loses_nothing(store: Store) -> None:
    async with anyio.create_task_group() as group:
        for _ in range(50):
            group.start_soon(store.increment, "n")
    assert await store.get("n") == b"50"


# -- namespaces


async def test_namespaces_do_not_meet(store: Store) -> None:
    spaces = [
        store,
        store.namespace("a"),
        store.namespace("b"),
        store.namespace("a").namespace("b"),
        store.namespace("a/b"),
        store.namespace("a:b"),
        store.namespace("a%2Fb"),
    ]
    keys = ["k", "b:k", "/b:k", "a:k", "a/b:k"]
    for number, space in enumerate(spaces):
        for key in keys:
            await space.set(key, b"%d %s" % (number, key.encode()))
    for number, space in enumerate(spaces):
        assert await space.get_many(*keys) == [b"%d %s" % (number, key.encode()) for key in keys]


async def test_clearing_a_namespace_leaves_the_others(store: Store) -> None:
    inner, like = store.namespace("a"), store.namespace("ab")
    for space in (store, inner, like, inner.namespace("deep"), store.namespace("*")):
        await space.set("key", b"1")
        await space.set("x" * 1000, b"1")
    await store.namespace("*").clear()
    assert await inner.get("key") == b"1"
    await inner.clear()
    for space, there in ((inner, None), (inner.namespace("deep"), None), (like, b"1"), (store, b"1")):
        assert await space.get_many("key", "x" * 1000) == [there, there]
    await store.clear()
    assert await like.get("key") is None


async def test_clearing_removes_more_than_a_batch(store: Store) -> None:
    async with anyio.create_task_group() as group:
        for number in range(1100):
            group.start_soon(store.set, str(number), b"1")
    await store.clear()
    assert await store.get_many(*map(str, range(1100))) == [None] * 1100


@pytest.mark.parametrize("name", ["", "x" * 300, "*" * 100])
async def test_a_namespace_has_a_name_of_some_length(store: Store, name: str) -> None:
    with pytest.raises(ValueError, match="A namespace takes 1 to 256 bytes"):
        store.namespace(name)


async def test_it_answers(store: Store) -> None:
    await store.ping()


async def test_it_can_be_used_again_after_closing(store: Store) -> None:
    await store.set("key", b"1")
    await store.aclose()
    assert await store.get("key") == b"1"
    assert await store.aclose() is None
