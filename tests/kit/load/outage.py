"""The moments of the outage, which all loads share: each says where it is, and waits for the others."""

from __future__ import annotations

import asyncio


class Outage:
    """Of `loads` that take part, and of who kills the server and starts it again."""

    def __init__(self, loads: int) -> None:
        self.killed, self.back = asyncio.Event(), asyncio.Event()
        self._prepared, self._in_midst, self._met = (asyncio.Barrier(loads + 1) for _ in range(3))

    async def prepared(self) -> None:
        """What is to be there before is there; now begin with what the kill is to meet."""
        await self._prepared.wait()

    async def in_midst(self) -> None:
        """That is under way: the kill comes next."""
        await self._in_midst.wait()

    async def met(self) -> None:
        """Something was answered 503: the server may come back."""
        await self._met.wait()
