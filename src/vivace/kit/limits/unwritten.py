"""Answers that the store could not be given: kept in this process, and written as soon as it can be reached again.

What a record says is not known here, only that one which is "pending" may give way to an answer.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

import anyio

from vivace.kit.store import Store, StoreError, StoreUnavailable

MOST, MOST_BYTES = 10_000, 16 * 1024 * 1024
PATIENCE = 0.5  # seconds for which the answer itself waits for its record
LAST_TRY = 2.0  # seconds, when the application ends
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 2.0
_MEND = "for a last try, open the limits in the application's lifespan, `async with store, limits: yield`"

_logger = logging.getLogger("vivace.kit.limits")


@dataclass(frozen=True)
class Answered:
    """A record that is to take the place of the pending one.

    Attributes:
        pending: what stands in the store, if it still does.
        record: what is to stand there.
        short: the same without the answer, for want of memory: it was done, and its answer can't be given again.
        ends: when nobody will ask for it any more, by the clock.
    """

    pending: bytes
    record: bytes
    short: bytes
    ends: float


class Unwritten:
    """The answered records of a store on their way there: at most 10,000, of 16 MiB together.

    Beyond the bytes answers are let go, and duplicates are told that it was done; beyond the number the oldest are
    forgotten.
    """

    def __init__(self, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self._store, self._clock = store, clock
        self._waiting: dict[str, Answered] = {}
        self._bytes = 0
        self._task: asyncio.Task[None] | None = None
        self._told = self._told_of_loss = False

    def __len__(self) -> int:
        return len(self._waiting)

    def find(self, place: str) -> bytes | None:
        """The record for a place that is not written yet."""
        answered = self._waiting.get(place)
        return None if answered is None or answered.ends <= self._clock() else answered.record

    async def write(self, place: str, pending: bytes, record: bytes, short: bytes, ttl: float) -> None:
        """Write a record, or see to it that it will be: it does not take long, and raises nothing."""
        self._keep(place, Answered(pending, record, short, self._clock() + ttl))
        try:
            with anyio.fail_after(PATIENCE):
                await self._try(place)
        except TimeoutError:
            self._later("The store takes its time")
        except StoreUnavailable as error:
            self._later(str(error))
        else:
            if place in self._waiting:
                self._later("Another process is at a request that was answered here")

    async def aclose(self) -> None:
        """A last try, for up to two seconds."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
        try:
            with anyio.fail_after(LAST_TRY):
                await self._try_all()
        except TimeoutError:
            _logger.warning("The store takes its time")
        except StoreUnavailable as error:
            _logger.warning("%s", error)
        if self._waiting:
            self._tell_lost("they may run again")
            self._waiting.clear()
            self._bytes = 0

    def _tell_lost(self, more: str) -> None:
        _logger.error("%d answers of idempotent requests are lost: %s", len(self._waiting), more)

    def _keep(self, place: str, answered: Answered) -> None:
        self._forget(place)
        if self._bytes + len(answered.record) > MOST_BYTES:
            answered = Answered(answered.pending, answered.short, answered.short, answered.ends)
        self._waiting[place] = answered
        self._bytes += len(answered.record)
        if len(self._waiting) > MOST:
            self._forget(next(iter(self._waiting)))
            if not self._told_of_loss:
                _logger.error("More than %d answers wait for the store: the oldest are let go, and may run again", MOST)
            self._told_of_loss = True

    def _forget(self, place: str) -> None:
        answered = self._waiting.pop(place, None)
        if answered is not None:
            self._bytes -= len(answered.record)

    def _later(self, why: str) -> None:
        if not self._told:
            _logger.warning("%s: answers of idempotent requests are kept in memory until they can be written", why)
        self._told = True
        loop = asyncio.get_running_loop()
        if self._task is None or self._task.done() or self._task.get_loop() is not loop:
            self._task = loop.create_task(self._go_on(), name="vivace answers to be written")

    async def _go_on(self) -> None:
        try:
            await self._write_all()
        except asyncio.CancelledError:
            if self._task is not None:  # the loop ends, and nobody has closed us
                self._tell_lost(_MEND)
            raise
        self._told = self._told_of_loss = False
        _logger.info("The answers of idempotent requests are written")

    async def _write_all(self) -> None:
        pause = _FIRST_PAUSE
        while self._waiting:
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
            try:
                await self._try_all()
            except StoreUnavailable:
                continue

    async def _try_all(self) -> None:
        for place in list(self._waiting):
            await self._try(place)

    async def _try(self, place: str) -> None:
        """Write one, and forget it if it is there. What the store refuses is told, and forgotten."""
        answered = self._waiting.get(place)
        if answered is None:
            return
        left = answered.ends - self._clock()
        try:
            done = left <= 0 or await self._put(place, answered, left)
        except StoreUnavailable:
            raise
        except StoreError:
            _logger.exception("The answer of an idempotent request can't be kept")
            done = True
        if done and self._waiting.get(place) is answered:
            self._forget(place)

    async def _put(self, place: str, answered: Answered, ttl: float) -> bool:
        """Whether an answer stands in the store. While another process is at the same, it has not come to that."""
        for expected in (answered.pending, None):
            if await self._store.compare_and_set(place, expected, answered.record, ttl=ttl):
                return True
        there = await self._store.get(place)
        return there is not None and not is_pending(there)


def is_pending(record: bytes) -> bool:
    """Whether the request that a record is about is under way."""
    return record.startswith(b'{"state": "pending"')
