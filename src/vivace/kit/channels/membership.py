"""The members that are here through this process: their entries put on the broker's lists, again and again."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import anyio

from vivace.kit.channels.backend import Backend
from vivace.kit.channels.errors import ChannelsUnavailable
from vivace.kit.channels.presence import View, entry_of, members_of
from vivace.kit.channels.record import Topic

_logger = logging.getLogger("vivace.kit.channels")


class Membership:
    """For one hub.

    Args:
        backend: which keeps the lists.
        ttl: seconds for which an entry stands by itself.
        views: the lists that are watched here.
    """

    def __init__(self, backend: Backend, ttl: float, views: Callable[[], list[tuple[Topic, View]]]) -> None:
        self._backend, self._ttl, self._views = backend, ttl, views
        self._process = secrets.token_hex(8)
        self._held: dict[str, tuple[Topic, Counter[str]]] = {}
        self._beating: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self._settled = 0.0  # by the loop's clock: until then lists may lack what others are about to put there again

    @asynccontextmanager
    async def hold(self, topic: Topic, member: str) -> AsyncIterator[None]:
        """Be here for the time of the block. It needs no broker: it is told when there is one again."""
        entry = entry_of(self._process, member)
        counts = self._held.setdefault(topic.name, (topic, Counter()))[1]
        counts[entry] += 1
        try:
            await self._come(topic, entry, first=counts[entry] == 1)
            yield
        finally:
            with anyio.CancelScope(shield=True):
                await self._go(topic, entry)

    async def present(self, topic: Topic) -> list[str]:
        return members_of(await self._backend.held(topic))

    async def refresh(self, topic: Topic, view: View) -> None:
        """Read a list that is watched."""
        self._beat()
        view.asking()
        found = await self._backend.held(topic)
        view.replace(found, only_add=asyncio.get_running_loop().time() < self._settled)

    def reconnected(self) -> None:
        """The broker may have lost its lists."""
        if self._beating is not None:
            self._settled = asyncio.get_running_loop().time() + self._ttl / 2
            self._wake.set()

    async def aclose(self) -> None:
        if self._beating is not None:
            self._beating.cancel()
            await asyncio.gather(self._beating, return_exceptions=True)
            self._beating = None
        held, self._held = self._held, {}
        for topic, counts in held.values():
            for entry in counts:
                await self._leave(topic, entry)

    async def _come(self, topic: Topic, entry: str, *, first: bool) -> None:
        self._beat()
        if first:
            with suppress(ChannelsUnavailable):  # the next beat does it
                await self._backend.hold(topic, [entry], self._ttl)
                await self._backend.nudge(topic, "+" + entry)

    async def _go(self, topic: Topic, entry: str) -> None:
        if topic.name not in self._held:
            return  # closed meanwhile, and left
        counts = self._held[topic.name][1]
        counts[entry] -= 1
        if not counts[entry]:
            del counts[entry]
            if not counts:
                del self._held[topic.name]
            await self._leave(topic, entry)

    async def _leave(self, topic: Topic, entry: str) -> None:
        with suppress(ChannelsUnavailable):  # it ends by itself
            await self._backend.drop(topic, [entry])
            await self._backend.nudge(topic, "-" + entry)

    def _beat(self) -> None:
        if self._beating is None:
            self._beating = asyncio.get_running_loop().create_task(self._beats(), name="vivace channels presence")

    async def _beats(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), self._ttl / 3)
            self._wake.clear()
            try:
                for topic, counts in list(self._held.values()):
                    await self._backend.hold(topic, list(counts), self._ttl)
                for topic, view in self._views():
                    await self.refresh(topic, view)
            except ChannelsUnavailable as error:
                _logger.debug("Presence: %s", error)
            except Exception as error:  # who stays must not be forgotten for what went wrong once
                _logger.warning("Presence", exc_info=error)
