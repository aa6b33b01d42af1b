"""The three ways to count: what they let through, and that Python and Lua say the same."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vivace.kit.limits.algorithms import STEPS
from vivace.kit.limits.rate import Algorithm
from vivace.kit.store import Entry, Outcome, Step, Store
from vivace.kit.store.memory import MemoryBackend

ALGORITHMS: list[Algorithm] = ["fixed", "sliding", "bucket"]
START = 1_700_000_000_000_000  # microseconds, at no edge of a window
SECOND = 1_000_000


class Counted:
    """One thing that is counted, with a clock in hand."""

    def __init__(self, algorithm: Algorithm, limit: int, seconds: int, capacity: int | None = None) -> None:
        self._step, self._rate = STEPS[algorithm], (limit, seconds * 1000, capacity or limit)
        self.now = START // (seconds * SECOND) * (seconds * SECOND)
        self.entry: Entry | None = None

    def spend(self, cost: int = 1) -> tuple[int, ...]:
        if self.entry is not None and self.entry.expires is not None and self.entry.expires <= self.now:
            self.entry = None
        result, self.entry = self._step.apply(self.entry, self.now, *self._rate, cost)
        return tuple(result)

    def passed(self, times: int) -> int:
        return sum(self.spend()[0] for _ in range(times))

    def after(self, seconds: float) -> Counted:
        self.now += int(seconds * SECOND)
        return self


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_so_many_pass_and_no_more(algorithm: Algorithm) -> None:
    counted = Counted(algorithm, 5, 10)
    assert [counted.spend()[:2] for _ in range(7)] == [(1, 4), (1, 3), (1, 2), (1, 1), (1, 0), (0, 0), (0, 0)]


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_who_waits_as_long_as_told_passes_and_not_a_millisecond_earlier(algorithm: Algorithm) -> None:
    for elapsed in (0.0, 0.001, 3.3, 9.999):
        for cost in (1, 2, 5):
            counted = Counted(algorithm, 5, 10).after(elapsed)
            counted.passed(5)
            wait = counted.spend(cost)[3]
            assert counted.after((wait - 1) / 1000).spend(cost)[0] == 0
            assert counted.after(0.001).spend(cost)[0] == 1


def test_a_fixed_window_begins_with_the_first_and_ends_at_once() -> None:
    counted = Counted("fixed", 2, 10).after(7)
    assert counted.spend() == (1, 1, 10_000, 0)
    assert counted.after(9).spend() == (1, 0, 1000, 0)
    assert counted.spend() == (0, 0, 1000, 1000)
    assert counted.after(1).spend() == (1, 1, 10_000, 0)


def test_a_sliding_window_lets_no_burst_through_at_its_edge() -> None:
    counted = Counted("sliding", 10, 10).after(9)
    assert counted.passed(20) == 10
    assert counted.after(1).passed(20) == 0, "the window before counts in full"
    assert counted.after(5).passed(20) == 5, "half of it"
    assert counted.after(5).passed(20) == 5, "the half of the 5 is 5 - 2.5, rounded up"
    assert counted.after(100).passed(20) == 10


def test_a_bucket_lets_a_burst_through_and_is_refilled_steadily() -> None:
    counted = Counted("bucket", 10, 10, capacity=20)
    assert counted.passed(30) == 20
    assert counted.spend() == (0, 0, 20_000, 1000)
    assert counted.after(0.999).passed(3) == 0
    assert counted.after(0.001).passed(3) == 1
    assert counted.after(5).passed(30) == 5
    assert counted.after(1000).passed(30) == 20


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_what_never_fits_is_told_so_and_costs_nothing(algorithm: Algorithm) -> None:
    counted = Counted(algorithm, 5, 10)
    assert counted.spend(6)[0::3] == (0, -1)
    assert counted.spend(5)[:2] == (1, 0)
    assert counted.spend(0)[0] == 1


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_clock_that_is_set_back_locks_nobody_out_for_longer_than_a_window(algorithm: Algorithm) -> None:
    counted = Counted(algorithm, 5, 10)
    counted.passed(5)
    counted.after(-86400)
    wait = counted.spend()[3]
    assert 0 <= wait <= 20_000
    assert counted.after(wait / 1000).spend()[0] == 1


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_clock_that_is_set_forth_only_lets_more_through(algorithm: Algorithm) -> None:
    counted = Counted(algorithm, 5, 10)
    counted.passed(5)
    assert counted.after(86400 * 365).passed(10) == 5


# -- the same in place, in a store of this process


@settings(max_examples=200)
@given(
    algorithm=st.sampled_from(ALGORITHMS),
    limit=st.integers(1, 7),
    history=st.lists(st.tuples(st.integers(0, 9), st.sampled_from([0, 1, 999, 4000, 10_000, 25_000])), max_size=25),
)
def test_what_is_counted_in_place_is_what_the_step_makes_of_entries(
    algorithm: Algorithm, limit: int, history: list[tuple[int, int]]
) -> None:
    counted = Counted(algorithm, limit, 10)
    counted.now = 0  # a clock of this process may begin there
    backend = MemoryBackend(clock=lambda: counted.now)
    for cost, passes_ms in history:
        counted.after(passes_ms / 1000)
        in_place = backend.run_now(STEPS[algorithm], b"key", (limit, 10_000, limit, cost))
        assert tuple(in_place) == counted.spend(cost)
        entry = counted.entry
        assert backend.get_now([b"key"]) == [None if entry is None else entry.value]


# -- the same in Lua

HISTORY = st.lists(
    st.tuples(st.integers(0, 4), st.sampled_from([-90_000, 0, 1, 999, 20_000, 59_999, 60_000, 10**6])),
    max_size=25,
)


def _with_clock(step: Step[Any]) -> Step[Any]:
    """The step by a clock that is its last argument, and whose entries end only by what they say themselves."""

    def apply(entry: Entry | None, now: int, *args: int) -> Outcome[Any]:
        result, after = step.apply(entry, args[-1], *args[:-1])
        return Outcome(result, entry if after is entry or after is None else Entry(after.value))

    lua = """
        now = tonumber(ARGV[#ARGV])
        put = function(value) redis.call('SET', KEYS[1], value) end
    """
    return Step(apply, lua + step.lua)


@settings(max_examples=40)
@given(algorithm=st.sampled_from(ALGORITHMS), limit=st.integers(1, 7), extra=st.integers(0, 9), history=HISTORY)
def test_python_and_lua_say_the_same(
    redis_url: str, algorithm: Algorithm, limit: int, extra: int, history: list[tuple[int, int]]
) -> None:
    step = _with_clock(STEPS[algorithm])
    capacity = limit + (extra if algorithm == "bucket" else 0)

    async def played(url: str) -> list[Any]:
        now, answers = START, []
        async with Store.from_url(url, namespace=uuid4().hex) as store:
            for cost, passes_ms in history:
                now += passes_ms * 1000 + 7
                answers.append(await store.run(step, "key", limit, 60_000, capacity, cost, now))
                answers.append(await store.get("key"))
        return answers

    assert asyncio.run(played(redis_url)) == asyncio.run(played("memory://"))
