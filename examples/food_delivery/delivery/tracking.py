"""Who wants to know gets to know: events by topic, and what was missed by who comes back.

`Tracking` is all that the features know of. `InProcessTracking` serves one process; several need one that they share.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, NamedTuple, Protocol

CITY_TOPIC = "city"
_KEPT = 256  # events of each topic, to be missed
_BEHIND = 256  # events that a subscriber may be behind
_TOPICS = 4096  # without subscribers, the one that nothing has happened on for longest goes first


def order_topic(order_id: int) -> str:
    return f"order:{order_id}"


def restaurant_topic(restaurant_id: int) -> str:
    return f"restaurant:{restaurant_id}"


def user_topic(user_id: int) -> str:
    return f"user:{user_id}"


class Event(NamedTuple):
    """`id` is opaque: what a client sends back to go on from here."""

    id: str
    data: Mapping[str, Any]


class Subscription(Protocol):
    missed: Sequence[Event] | None
    """What came after `after`. None: that can't be said, so begin with how things stand."""
    last_id: str
    """Of the newest event when it began."""

    def __aiter__(self) -> AsyncIterator[Event]:
        """What comes now. Ends when the subscriber is too far behind: it may come back, and go on where it was."""


class Tracking(Protocol):
    async def publish(self, topic: str, data: Mapping[str, Any]) -> None: ...

    def subscribe(self, topic: str, after: str | None = None) -> AbstractAsyncContextManager[Subscription]:
        """From when the context is entered nothing is missed. `after`: the last event that is known already."""


class InProcessTracking:
    def __init__(self) -> None:
        self._epoch = secrets.token_hex(4)  # ids of an earlier process are none of ours
        self._topics: OrderedDict[str, _Topic] = OrderedDict()

    async def publish(self, topic: str, data: Mapping[str, Any]) -> None:
        self._topic(topic).add(data)

    @asynccontextmanager
    async def subscribe(self, topic: str, after: str | None = None) -> AsyncIterator[Subscription]:
        source = self._topic(topic)
        subscription = _Subscription(source, after)
        source.subscribers.add(subscription)
        try:
            yield subscription
        finally:
            source.subscribers.discard(subscription)

    def _topic(self, name: str) -> _Topic:
        topic = self._topics.setdefault(name, _Topic(self._epoch))
        self._topics.move_to_end(name)
        if len(self._topics) > _TOPICS:
            idle = next((key for key, other in self._topics.items() if not other.subscribers), None)
            if idle not in (None, name):
                del self._topics[idle]
        return topic


class _Topic:
    def __init__(self, epoch: str) -> None:
        # A topic that was dropped and comes again counts from 1 again: its ids must not be taken for the old ones'.
        self._prefix = f"{epoch}{secrets.token_hex(2)}"
        self._count = 0
        self._log: deque[Event] = deque(maxlen=_KEPT)
        self.subscribers: set[_Subscription] = set()

    @property
    def last_id(self) -> str:
        return f"{self._prefix}-{self._count}"

    def add(self, data: Mapping[str, Any]) -> None:
        self._count += 1
        event = Event(self.last_id, data)
        self._log.append(event)
        for subscriber in self.subscribers:
            subscriber.offer(event)

    def since(self, after: str) -> list[Event] | None:
        """What came after an event; None if that can't be said."""
        prefix, _, number = after.partition("-")
        if prefix != self._prefix or not (number.isascii() and number.isdecimal()):
            return None
        missed = self._count - int(number)
        return list(self._log)[len(self._log) - missed :] if 0 <= missed <= len(self._log) else None


class _Subscription:
    def __init__(self, topic: _Topic, after: str | None) -> None:
        self.missed: Sequence[Event] | None = topic.since(after) if after else None
        self.last_id = topic.last_id
        self._queue: asyncio.Queue[Event | None] = asyncio.Queue()

    def offer(self, event: Event) -> None:
        size = self._queue.qsize()
        if size <= _BEHIND:
            self._queue.put_nowait(event if size < _BEHIND else None)

    async def __aiter__(self) -> AsyncIterator[Event]:
        while (event := await self._queue.get()) is not None:
            yield event
