"""The two tellings of a step, in Python and in Lua, held against each other over drawn histories."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vivace.kit.store import CounterError, Entry, Outcome, Step, Store

VALUES = st.sampled_from([None, b"", b"0", b"1", b"-3", b"x", b"\x00\xff", b"9007199254740991"])
COUNTS = st.sampled_from([0, 1, -1, 7, 2**52, -(2**53) + 1])
OPERATIONS = st.one_of(
    st.tuples(st.just("increment"), COUNTS),
    st.tuples(st.just("compare_and_set"), VALUES, VALUES),
    st.tuples(st.just("set"), VALUES.filter(lambda value: value is not None)),
    st.tuples(st.just("delete")),
    st.tuples(st.just("get")),
)


async def played(url: str, history: list[tuple[Any, ...]]) -> list[Any]:
    answers: list[Any] = []
    async with Store.from_url(url, namespace=uuid4().hex) as store:
        for name, *arguments in history:
            try:
                answers.append(await getattr(store, name)("key", *arguments))
            except CounterError as error:
                answers.append(str(error))
    return answers


@settings(max_examples=40)
@given(history=st.lists(OPERATIONS, max_size=20))
def test_every_backend_tells_the_same_history(redis_url: str, history: list[tuple[Any, ...]]) -> None:
    expected = asyncio.run(played("memory://", history))
    assert asyncio.run(played(redis_url, history)) == expected


def _append(entry: Entry | None, now: int, piece: bytes, times: int) -> Outcome[list[Any]]:
    before = b"" if entry is None else entry.value
    after = before + piece * times
    return Outcome([before, len(after), now > 1_000_000], Entry(after))


APPEND = Step[list[Any]](
    apply=_append,
    lua="""
        local before = redis.call('GET', KEYS[1]) or ''
        local after = before .. string.rep(ARGV[1], tonumber(ARGV[2]))
        put(after, 0)
        return {before, #after, now > 1000000 and 1 or 0}
    """,
)


@pytest.mark.anyio
async def test_a_step_of_ones_own(store: Store) -> None:
    assert await store.run(APPEND, "key", b"a\x00", 2) == [b"", 4, True]
    assert await store.run(APPEND, "key", b"b", 1) == [b"a\x00a\x00", 5, True]
    assert await store.get("key") == b"a\x00a\x00b"
