"""How many may use the pool at once: a place is taken before a session is made, and given back after it was closed.

A request takes its place on the event loop, before its endpoint is given a thread. So whoever is in a thread has what
it needs from the pool, and whoever waits for the pool holds no thread: pool and threads can't wait for each other. And
whoever holds a place never waits for a second one: requests can't wait for each other either.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from vivace.kit.sql.errors import DatabaseBusy


@dataclass(eq=False)
class _Holding:
    """One place while it is held. Tasks that are begun meanwhile see the same object, and see when it is over."""

    places: Places
    outer: _Holding | None
    active: bool = True


_HELD: ContextVar[_Holding | None] = ContextVar("vivace_sql_held", default=None)


class Places:
    """The places of one pool, on one event loop.

    Args:
        count: how many.
        wait: seconds that one waits for a place, holding none.
    """

    def __init__(self, count: int, wait: float) -> None:
        self.wait = wait
        self._free = asyncio.Semaphore(count)

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Hold a place.

        Raises:
            DatabaseBusy: none came free in time; or this request holds one already, and there is no other.
        """
        await self._take()
        holding = _Holding(self, _HELD.get())
        _HELD.set(holding)
        try:
            yield
        finally:
            # Not reset by a token: teardown may run in another context than set-up did.
            holding.active = False
            self._free.release()

    async def _take(self) -> None:
        if self._held_here() and self._free.locked():
            raise DatabaseBusy
        try:
            async with asyncio.timeout(self.wait):
                await self._free.acquire()
        except TimeoutError:
            raise DatabaseBusy from None

    def _held_here(self) -> bool:
        holding = _HELD.get()
        while holding is not None:
            if holding.active and holding.places is self:
                return True
            holding = holding.outer
        return False
