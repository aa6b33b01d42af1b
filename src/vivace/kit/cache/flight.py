"""One computes, the others wait or get what is stale: in this process by an event, between processes by a lock."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

import anyio

from vivace.kit.cache.options import Options
from vivace.kit.cache.shelf import Found, Shelf
from vivace.kit.store import Lock, Store, StoreUnavailable

T = TypeVar("T")

_LOCK_TTL = 30.0  # seconds after which another process computes in place of one that has died
_LONGEST_WAIT = 30.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.01, 0.25


class CacheUnavailable(StoreUnavailable):
    """The cache's store is down, and the cache is to fail closed. Nothing was computed."""


class Made(NamedTuple, Generic[T]):
    """What was computed, and its payload (None: it is not to be kept)."""

    value: T
    payload: bytes | None


@dataclass(slots=True)
class Job(Generic[T]):
    """What is asked for: where it is kept, for how long, how it is made, and whether that has begun."""

    key: str
    tags: list[str]
    options: Options
    make: Callable[[], Awaitable[Made[T]]]
    began: bool = False

    async def run(self) -> Made[T]:
        self.began = True
        return await self.make()


@dataclass
class _Flight:
    """One computation of this process under way. `began`: `make` was called; `kept`: the others find what it gave."""

    ended: asyncio.Event = field(default_factory=asyncio.Event)
    began: bool = False
    kept: bool = False


class Flights:
    """Gets payloads from the shelf, or has them made once."""

    def __init__(self, store: Store) -> None:
        self.shelf = Shelf(store)
        self._store = store
        self._under_way: dict[tuple[asyncio.AbstractEventLoop, str], _Flight] = {}

    async def get(self, job: Job[T]) -> Made[T] | bytes:
        """The payload that is kept, or what was made.

        Raises:
            StoreUnavailable: the store did not answer, unless `job.began`.
        """
        found = await self._look(job)
        place = (asyncio.get_running_loop(), job.key)
        while not found.fresh:
            flight = self._under_way.get(place)
            if flight is None:
                return await self._lead(place, job, found)
            if found.payload is not None:
                break
            await flight.ended.wait()
            if flight.began and not flight.kept:  # it failed, or can't be kept: one after the other would take too long
                return await job.run()
            found = await self._look(job)
        assert found.payload is not None
        return found.payload

    async def _look(self, job: Job[T]) -> Found:
        return await self.shelf.look(job.key, job.tags)

    async def _lead(self, place: tuple[asyncio.AbstractEventLoop, str], job: Job[T], found: Found) -> Made[T] | bytes:
        flight = self._under_way[place] = _Flight()
        try:
            lock = self._store.lock(job.key, ttl=_LOCK_TTL)
            if not await self._acquire(lock, job, found):
                return await self._without_lock(flight, job, found)
            try:
                return await self._make(flight, job)
            finally:
                with anyio.CancelScope(shield=True), suppress(StoreUnavailable):  # it ends by itself
                    await lock.release()
        finally:
            del self._under_way[place]
            flight.ended.set()

    async def _acquire(self, lock: Lock, job: Job[T], found: Found) -> bool:
        """Take the lock; False if what is stale serves, or another process has computed, or takes too long."""
        loop = asyncio.get_running_loop()
        deadline, pause = loop.time() + _LONGEST_WAIT, _FIRST_PAUSE
        while not await lock.try_acquire():
            if found.payload is not None or loop.time() > deadline:
                return False
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
            if (await self._look(job)).fresh:
                return False
        return True

    async def _without_lock(self, flight: _Flight, job: Job[T], found: Found) -> Made[T] | bytes:
        """What another process has computed; if it can't be had, what this one does."""
        payload = found.payload or (await self._look(job)).payload
        flight.kept = payload is not None
        flight.began = True
        return await job.run() if payload is None else payload

    async def _make(self, flight: _Flight, job: Job[T]) -> Made[T] | bytes:
        """Compute and keep, unless somebody did so between looking and locking."""
        found = await self._look(job)
        if found.fresh and found.payload is not None:
            return found.payload
        versions = await self.shelf.begin(job.tags, found.versions)
        flight.began = True
        made = await job.run()
        if made.payload is not None:
            with suppress(StoreUnavailable):  # what was computed is answered in any case
                await self.shelf.put(job.key, made.payload, versions, ttl=job.options.ttl, stale=job.options.stale)
                flight.kept = True
        return made
