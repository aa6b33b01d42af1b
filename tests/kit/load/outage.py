"""The moments of the outage, which all loads share: each says where it is, and waits for the others."""

from __future__ import annotations

import asyncio


class Outage:
    """Of `loads` that take part, and of who kills the server and starts it again."""

    def __init__(self, loads: int) -> None:
        self.killed, self.back = asyncio.Event(), asyncio.Event()
        self._ready, self._met = asyncio.Barrier(loads + 1), asyncio.Barrier(loads + 1)

    async def ready(self) -> None:
        """The next thing to come is the kill: go on with as much as there is, so that it meets something."""
        await self._ready.wait()

    async def met(self) -> None:
        """Something was answered 503: the server may come back."""
        await self._met.wait()
