"""Answers on their way to a store: how many are kept, for how long, and what gives way to what."""

from __future__ import annotations

import asyncio
import logging

import anyio
import pytest

from vivace.kit.limits import unwritten
from vivace.kit.limits.unwritten import Unwritten
from vivace.kit.store import Store

pytestmark = pytest.mark.anyio

MINE, THEIRS = b'{"state": "pending", "token": "mine"}', b'{"state": "pending", "token": "theirs"}'
ANSWER, SHORT = b'{"state": "answered"}\nthe answer', b'{"state": "lost"}'


async def test_what_is_written_is_not_kept(store: Store) -> None:
    answers = Unwritten(store)
    await store.set("a", MINE)
    for place in ("a", "b"):  # b: the pending record is gone
        await answers.write(place, MINE, ANSWER, SHORT, 60)
        assert await store.get(place) == ANSWER
    assert len(answers) == 0


async def test_an_answer_that_is_there_already_stands(store: Store) -> None:
    answers = Unwritten(store)
    await store.set("a", b'{"state": "answered"}\nanother')
    await answers.write("a", MINE, ANSWER, SHORT, 60)
    assert await store.get("a") == b'{"state": "answered"}\nanother'
    assert len(answers) == 0


async def test_who_is_at_it_elsewhere_is_waited_for(store: Store) -> None:
    answers = Unwritten(store)
    await store.set("a", THEIRS)
    await answers.write("a", MINE, ANSWER, SHORT, 60)
    assert (await store.get("a"), answers.find("a")) == (THEIRS, ANSWER)
    await store.delete("a")  # it failed
    while len(answers):
        await anyio.sleep(0.01)
    assert await store.get("a") == ANSWER


async def test_beyond_the_bytes_it_is_only_known_that_it_was_done(down: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unwritten, "MOST_BYTES", len(ANSWER) + len(SHORT))
    answers = Unwritten(down)
    for place in ("a", "b"):
        await answers.write(place, MINE, ANSWER, SHORT, 60)
    assert [answers.find(place) for place in ("a", "b")] == [ANSWER, SHORT]
    await answers.aclose()


async def test_beyond_the_number_the_oldest_are_forgotten_and_that_is_told_once(
    down: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(unwritten, "MOST", 2)
    answers = Unwritten(down)
    for place in ("a", "b", "c", "d"):
        await answers.write(place, MINE, ANSWER, SHORT, 60)
    assert [answers.find(place) for place in ("a", "b", "c", "d")] == [None, None, ANSWER, ANSWER]
    assert len([record for record in caplog.records if record.levelno == logging.ERROR]) == 1
    await answers.aclose()


def test_who_does_not_close_it_is_told_what_is_lost(down: Store, caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        await Unwritten(down).write("a", MINE, ANSWER, SHORT, 60)
        await asyncio.sleep(0)  # the task that goes on begins

    asyncio.run(main())
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert "1 answers of idempotent requests are lost" in record.getMessage()
    assert "async with store, limits" in record.getMessage()


async def test_what_nobody_asks_for_any_more_is_forgotten(down: Store) -> None:
    now = 0.0
    answers = Unwritten(down, clock=lambda: now)
    await answers.write("a", MINE, ANSWER, SHORT, 60)
    assert answers.find("a") == ANSWER
    now = 60.0
    assert answers.find("a") is None
    while len(answers):
        await anyio.sleep(0.01)


async def test_what_the_store_refuses_is_told_and_not_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    answers = Unwritten(Store.from_url("memory://", max_value_bytes=len(ANSWER) - 1))
    await answers.write("a", MINE, ANSWER, SHORT, 60)
    assert len(answers) == 0
    assert [record.levelname for record in caplog.records] == ["ERROR"]
