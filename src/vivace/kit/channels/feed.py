"""A topic in this process: one subscription to the broker, handed on to everybody here who subscribes.

It keeps what history covers, so that who comes back is replayed to without asking the broker, and it reads the log
when it may have missed something. Whatever it can't bring back, it tells as a `Gap`.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from pydantic import TypeAdapter

from vivace.kit.channels.errors import ChannelsUnavailable
from vivace.kit.channels.events import AnyEvent, Gap, Here, Message
from vivace.kit.channels.presence import View
from vivace.kit.channels.record import Record, Topic
from vivace.kit.channels.subscription import Subscription

_PATIENCE = 2.0  # seconds in which a log should be read
_PAUSE = 0.2  # seconds between attempts to read a log while the connection stands


class Feed:
    """Made by a hub, which loads it, tells it what comes, and has `released` called when nobody uses it.

    Args:
        topic: what it is of.
        adapter: of the channel's type.
        view: who is here, on a channel with presence.
        read: reads the log; with True, not before there is a connection.
        released: called when the last subscriber has gone.
    """

    def __init__(
        self,
        topic: Topic,
        adapter: TypeAdapter[Any],
        view: View | None,
        read: Callable[[bool], Awaitable[list[Record]]],
        released: Callable[[Feed], None],
    ) -> None:
        self.topic, self.view = topic, view
        self.users = 0  # subscribers, and those about to be
        self.subscribers: set[Subscription[Any]] = set()
        self._adapter, self._read, self._released = adapter, read, released
        self._kept: deque[Message[Any] | Gap] = deque()
        self._start = ""  # the id before the first one kept
        self._last: Record | None = None
        self._behind = True  # the log is to be read; what comes meanwhile waits
        self._aside: list[Record] = []
        self._reading: asyncio.Task[None] | None = None
        self._again = False

    # -- subscribers

    async def reach(self, after: str) -> None:
        """Read the log, if the id may be one of it that has not been heard here yet: another process was quicker."""
        ahead = Record.parse(after, b"") if Record.is_id(after) else None
        if ahead is not None and self._last is not None and not ahead.had(self._last):
            self.reread()
            assert self._reading is not None
            await asyncio.wait({self._reading}, timeout=_PATIENCE)

    def attach(self, subscription: Subscription[Any], after: str | None) -> None:
        """Have it get everything from here on, after what it missed since `after`."""
        assert self._last is not None
        replay = [] if after is None else self._since(after)
        subscription.start(self._last.id if after is None or not replay else after, replay, self.here())
        self.subscribers.add(subscription)

    def detach(self, subscription: Subscription[Any]) -> None:
        self.subscribers.discard(subscription)
        self.release()

    def release(self) -> None:
        """One user less."""
        self.users -= 1
        if not self.users:
            self._released(self)

    def here(self) -> Here | None:
        return None if self.view is None else Here(self.view.members())

    def tell(self, event: AnyEvent[Any], free: int = 0) -> None:
        """To everybody, whether history keeps it or not. `free` of them don't count for the bounds of queues."""
        for subscription in self.subscribers:
            subscription.put(event, free)

    def _since(self, after: str) -> list[Message[Any] | Gap]:
        kept = list(self._kept)
        for index in range(len(kept), 0, -1):
            if kept[index - 1].id == after:
                return kept[index:]
        if after == self._start:
            return kept
        return [Gap(self._start), *kept]

    # -- the broker

    async def load(self) -> None:
        """Read the log for the first time.

        Raises:
            ChannelsUnavailable: it can't be read.
        """
        while True:
            self._again = False
            first, *records = await self._read(False)
            if not self._again:
                break
        self._start, self._last = first.id, first
        self._keep(records)
        self._catch_up()

    def hear(self, record: Record, *, at_once: bool = False) -> None:
        """A record that the broker tells of."""
        if self._behind:
            self._aside.append(record)
        elif self._last is not None and not record.had(self._last):
            if record.follows(self._last):
                self._keep([record], at_once=at_once)
            else:
                self._aside.append(record)
                self.reread()

    def reread(self) -> None:
        """The connection was lost, or a record: read the log again, until that is done."""
        self._behind = True
        if self._last is None:
            self._again = True  # it is being loaded
        elif self._reading is not None and not self._reading.done():
            self._again = True
        else:
            self._reading = asyncio.get_running_loop().create_task(self._reread(), name=f"channel {self.topic.name}")

    async def _reread(self) -> None:
        while True:
            self._again = False
            try:
                records = await self._read(True)
            except ChannelsUnavailable:
                await asyncio.sleep(_PAUSE)
                continue
            if not self._again:
                break
        self._merge(records)
        self._catch_up()

    def _merge(self, records: list[Record]) -> None:
        """What the log has beyond what is known here, after a gap unless it goes on from the last one known."""
        assert self._last is not None
        for index in range(len(records), 0, -1):
            if records[index - 1].id == self._last.id:
                self._keep(records[index:], at_once=True)
                return
        known = {self._start, *(event.id for event in self._kept)}
        common = max((index for index, record in enumerate(records) if record.id in known), default=0)
        self._last = records[common]
        self._put(Gap(self._last.id), free=self.topic.history)
        self._keep(records[common + 1 :], at_once=True)

    def _catch_up(self) -> None:
        self._behind = False
        aside, self._aside = self._aside, []
        for record in aside:
            self.hear(record, at_once=True)

    def _keep(self, records: list[Record], *, at_once: bool = False) -> None:
        for record in records:
            self._last = record
            if record.seq:
                free = self.topic.history if at_once else 0
                self._put(Message(record.id, record.payload, self._adapter), free)

    def _put(self, event: Message[Any] | Gap, free: int) -> None:
        self._kept.append(event)
        while len(self._kept) > self.topic.history:
            self._start = self._kept.popleft().id
        self.tell(event, free)

    def close(self) -> None:
        """End all subscriptions."""
        if self._reading is not None:
            self._reading.cancel()
        for subscription in list(self.subscribers):
            subscription.end()
