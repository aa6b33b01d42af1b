"""Cached functions, on every store."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel, Field, computed_field

from vivace.kit.cache import Cache, CacheUnavailable
from vivace.kit.store import Store

pytestmark = pytest.mark.anyio


class Item(BaseModel):
    number: int = Field(alias="itemNumber")
    at: datetime

    @computed_field
    def double(self) -> int:
        return self.number * 2


@dataclass
class Point:
    x: Decimal
    tags: frozenset[str]


@pytest.fixture
def cache(store: Store) -> Cache:
    return Cache(store)


@pytest.fixture
def ran() -> Counter[str]:
    return Counter()


async def test_a_result_comes_back_as_it_was(cache: Cache, ran: Counter[str]) -> None:
    @cache(ttl=60)
    async def items(count: int) -> dict[int, list[Item | Point | None]]:
        ran["items"] += 1
        return {count: [Item(itemNumber=1, at=datetime.now(UTC)), Point(Decimal("1.50"), frozenset({"a"})), None]}

    first = await items(3)
    assert await items(3) == first == await items(count=3)
    assert isinstance((await items(3))[3][0], Item)
    assert ran["items"] == 1


async def test_none_is_a_result(cache: Cache, ran: Counter[str]) -> None:
    @cache(ttl=60)
    async def nothing() -> None:
        ran["nothing"] += 1

    assert [await nothing(), await nothing()] == [None, None]  # type: ignore[func-returns-value]
    assert ran["nothing"] == 1


async def test_a_def_function_is_awaited_and_runs_in_a_thread(cache: Cache, ran: Counter[str]) -> None:
    @cache(ttl=60)
    def square(number: int) -> int:
        with pytest.raises(RuntimeError):
            asyncio.get_running_loop()
        ran["square"] += 1
        return number**2

    assert [await square(3), await square(3), await square(4)] == [9, 9, 16]
    assert ran["square"] == 2


@pytest.mark.parametrize("value", [1, "é", [1, {"a": None}], {"a": [1.5, True]}])
async def test_without_an_annotation_what_json_can_say_comes_back(cache: Cache, value: Any) -> None:
    @cache(ttl=60)
    async def function():  # type: ignore[no-untyped-def]
        return value

    assert [await function(), await function()] == [value, value]


@pytest.mark.parametrize("value", [(1, 2), {1: 2}, b"\xff", {"x"}, object()], ids=lambda value: type(value).__name__)
async def test_what_would_come_back_otherwise_is_refused(cache: Cache, value: Any) -> None:
    @cache(ttl=60)
    async def function():  # type: ignore[no-untyped-def]
        return value

    with pytest.raises(TypeError, match="annotate the function's return type"):
        await function()


async def test_arguments_tell_calls_apart_by_value_and_type(cache: Cache) -> None:
    @cache(ttl=60)
    async def told(value: Any, *rest: Any, option: Any = None, **more: Any) -> str:
        return repr((value, rest, option, more))

    calls: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
        ((1,), {}),
        (("1",), {}),
        ((True,), {}),
        ((1.0,), {}),
        (([1],), {}),
        ((1, 2), {}),
        ((1,), {"option": 2}),
        ((1,), {"other": 2}),
        ((None,), {}),
        (("null",), {}),
    ]
    for _ in range(2):
        for args, kwargs in calls:
            seen = await told(*args, **kwargs)
            assert seen == repr(
                (args[0], args[1:], kwargs.get("option"), {k: v for k, v in kwargs.items() if k == "other"})
            )


async def test_functions_do_not_meet(cache: Cache) -> None:
    @cache(ttl=60)
    async def one(x: int) -> str:
        return "one"

    @cache(ttl=60)
    async def two(x: int) -> str:
        return "two"

    assert [await one(1), await two(1), await one(1)] == ["one", "two", "one"]


async def test_an_argument_that_makes_no_key_is_named(cache: Cache, ran: Counter[str]) -> None:
    @cache(ttl=60)
    async def load(session: object, number: int) -> int:
        return number

    with pytest.raises(TypeError, match=r"no key can be made of 'session'.*key=lambda"):
        await load(object(), 1)

    @cache(ttl=60, key=lambda session, number: str(number))
    async def load_by_number(session: object, number: int) -> int:
        ran["load"] += 1
        return number

    assert [await load_by_number(object(), number) for number in (1, 1, 2)] == [1, 1, 2]
    assert ran["load"] == 2


async def test_what_is_tagged_goes_with_its_tag(cache: Cache, ran: Counter[str]) -> None:
    @cache(ttl=60, tags=["user:{number}"])
    async def user(number: int) -> int:
        ran["user"] += 1
        return ran["user"]

    assert [await user(1), await user(2), await user(1)] == [1, 2, 1]
    await cache.invalidate("user:1")
    assert [await user(1), await user(2), await user(1)] == [3, 2, 3]


async def test_of_many_at_once_one_computes(cache: Cache, ran: Counter[str]) -> None:
    go = asyncio.Event()

    @cache(ttl=60)
    async def slow() -> int:
        ran["slow"] += 1
        await go.wait()
        return ran["slow"]

    tasks = [asyncio.create_task(slow()) for _ in range(50)]
    while not ran:
        await asyncio.sleep(0)
    go.set()
    assert await asyncio.gather(*tasks) == [1] * 50


async def test_when_the_one_is_cancelled_another_computes(cache: Cache, ran: Counter[str]) -> None:
    go = asyncio.Event()

    @cache(ttl=60)
    async def slow() -> int:
        ran["slow"] += 1
        await go.wait()
        return ran["slow"]

    first = asyncio.create_task(slow())
    while not ran:
        await asyncio.sleep(0)
    others = [asyncio.create_task(slow()) for _ in range(3)]
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    go.set()
    assert all(number > 1 for number in await asyncio.gather(*others))


async def test_an_error_is_not_kept(cache: Cache, ran: Counter[str]) -> None:
    @cache(ttl=60)
    async def fails() -> int:
        ran["fails"] += 1
        raise LookupError(ran["fails"])

    for number in (1, 2):
        with pytest.raises(LookupError, match=str(number)):
            await fails()


async def test_it_ends_with_its_time(cache: Cache, ran: Counter[str]) -> None:
    @cache(ttl=0.05)
    async def count() -> int:
        ran["count"] += 1
        return ran["count"]

    assert await count() == 1
    async with asyncio.timeout(10):
        while await count() == 1:
            await asyncio.sleep(0.01)


async def test_what_another_version_of_the_program_has_kept_is_computed_anew(cache: Cache) -> None:
    def of_version(annotation: Any, value: Any) -> Any:
        async def function() -> Any:
            return value

        function.__annotations__["return"] = annotation
        return cache(ttl=60)(function)

    before, after = of_version(str, "text"), of_version(int, 5)
    assert await before() == "text"
    assert [await after(), await after()] == [5, 5]


async def test_without_the_store(down: Store, ran: Counter[str]) -> None:
    @Cache(down)(ttl=60)
    async def open_() -> int:
        ran["open"] += 1
        return ran["open"]

    @Cache(down, on_store_down="closed")(ttl=60)
    async def closed() -> None:
        ran["closed"] += 1

    assert [await open_(), await open_()] == [1, 2]
    for _ in range(2):
        with pytest.raises(CacheUnavailable):
            await closed()
    assert ran == {"open": 2}
    await down.aclose()


async def test_what_is_about_requests_is_refused_of_a_function(cache: Cache) -> None:
    @cache(ttl=60, vary=["Accept"])
    async def function() -> int:
        return 1

    with pytest.raises(TypeError, match="route_class=KitRoute"):
        await function()


def test_a_generator_is_refused() -> None:
    def stream():  # type: ignore[no-untyped-def]
        yield 1

    with pytest.raises(TypeError, match="yields: what comes piece by piece is not cached"):
        Cache(Store.from_url("memory://"))(ttl=1)(stream)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"ttl": 0}, "more than 0"),
        ({"ttl": float("nan")}, "more than 0"),
        ({"ttl": 1, "stale": -1}, "more than 0"),
        ({"ttl": 1, "max_age": -1}, "max_age=-1"),
        ({"ttl": 1, "tags": "items"}, r"tags=\['items'\]"),
        ({"ttl": 1, "vary": "Accept"}, "lists of strings"),
        ({"ttl": 1, "public": True, "vary": ["Cookie"]}, "public=True says that everybody gets the same"),
        ({"ttl": 1, "public": True, "user": str}, "public=True says that everybody gets the same"),
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        Cache(Store.from_url("memory://"))(**options)
