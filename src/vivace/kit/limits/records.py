"""The records of idempotent requests: in the store, and those of this process that are not there, or may end there."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

import anyio

from vivace.kit.limits.unwritten import PATIENCE, Unwritten
from vivace.kit.store import Store, StoreUnavailable

_RENEWALS = 3  # in the time of a lease
_SOON = 1.0  # seconds, when the store did not answer

_logger = logging.getLogger("vivace.kit.limits")


class Records:
    """Begins and ends records; `known` tells what this process knows by itself, whether or not there is a store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._unwritten = Unwritten(store)
        self._under_way: dict[str, Lease] = {}

    def known(self, place: str) -> bytes | None:
        lease = self._under_way.get(place)
        return self._unwritten.find(place) if lease is None else lease.pending

    async def begin(self, place: str, pending: bytes, seconds: float) -> bytes:
        """The record that is there; if there was none, our own, to be prolonged until `end`.

        Raises:
            StoreUnavailable: it can't be told.
        """
        while True:
            if await self.store.compare_and_set(place, None, pending, ttl=seconds):
                lease = self._under_way[place] = Lease(self.store, place, pending, seconds)
                lease.hold()
                return pending
            if (found := await self.store.get(place)) is not None:
                return found

    async def end(self, place: str, record: bytes | None, short: bytes, ttl: float) -> None:
        """Leave an answer for those who come after; without one, they may try themselves. It raises nothing.

        Args:
            place: of what was begun.
            record: the answer.
            short: what to say if the answer can't be kept.
            ttl: seconds for which it is kept.
        """
        lease = self._under_way.pop(place)
        lease.let_go()
        if record is not None:
            fitting = record if len(record) <= self.store.max_value_bytes else short
            await self._unwritten.write(place, lease.pending, fitting, short, ttl)
            return
        with suppress(StoreUnavailable), anyio.move_on_after(PATIENCE):  # the lease ends by itself
            await self.store.compare_and_set(place, lease.pending, None)

    async def aclose(self) -> None:
        """Write what is not written, if that can be done soon."""
        await self._unwritten.aclose()


class Lease:
    """A pending record that is prolonged for as long as its request is under way.

    A process that dies prolongs nothing. If the store loses the record meanwhile, it is put there again.
    """

    def __init__(self, store: Store, place: str, pending: bytes, seconds: float) -> None:
        self.pending = pending
        self._store, self._place, self._seconds = store, place, seconds
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None

    def hold(self) -> None:
        """A request that is soon over costs a timer, and no task."""
        self._timer = asyncio.get_running_loop().call_later(self._seconds / _RENEWALS, self._begin)

    def let_go(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None:
            self._task.cancel()

    def _begin(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._prolong(), name="vivace lease")

    async def _prolong(self) -> None:
        while True:
            pause = self._seconds / _RENEWALS
            try:
                if not await self._renew():
                    _logger.warning("An idempotent request was away from its store for longer than its lease")
                    return
            except StoreUnavailable:
                pause = min(pause, _SOON)
            await asyncio.sleep(pause)

    async def _renew(self) -> bool:
        """False if another process has begun the same."""
        for expected in (self.pending, None):
            if await self._store.compare_and_set(self._place, expected, self.pending, ttl=self._seconds):
                return True
        return False
