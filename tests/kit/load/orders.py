"""Channels: every message once, in one order, to all subscribers of both workers."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from itertools import pairwise

from tests.kit.load.client import Client
from tests.kit.load.outage import Outage
from tests.kit.load.size import Row, Size

_PATIENCE = 15.0  # seconds for messages that were acknowledged to come
_MESSAGE = re.compile(rb'data: \{"publisher":(\d+),"number":(\d+)\}\nid: (\S+)\n\n')


class Subscriber:
    """A client of server-sent events."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader, self._heard = reader, b""
        self.ids: list[str] = []
        self.numbers: list[tuple[int, int]] = []
        self.gaps = 0
        self.worker = 0

    async def begin(self) -> None:
        """Until the event that tells the position in the log: from there on, nothing is to be missed."""
        while not (found := re.search(rb"x-worker: (\d+)\r\n.*\r\n\r\n.*id: \S+\n\n", self._heard, re.DOTALL)):
            await self._more()
        self.worker = int(found[1])

    async def until(self, ids: set[str]) -> None:
        """Until all of these were heard."""
        while not ids.issubset(self.ids):
            await self._more()

    async def _more(self) -> None:
        piece = await self._reader.read(65_536)
        assert piece, f"the stream ended:\n{self._heard[-500:]!r}"
        self._heard += piece
        end = 0
        for found in _MESSAGE.finditer(self._heard):
            self.numbers.append((int(found[1]), int(found[2])))
            self.ids.append(found[3].decode())
            end = found.end()
        self.gaps += self._heard[:end].count(b"event: gap")
        self._heard = self._heard[end:]


@asynccontextmanager
async def subscribed(port: int) -> AsyncIterator[Subscriber]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(b"GET /orders HTTP/1.1\r\nhost: a\r\n\r\n")
        subscriber = Subscriber(reader)
        await subscriber.begin()
        yield subscriber
    finally:
        writer.close()


class Orders:
    def __init__(self, client: Client, size: Size, port: int, stack: AsyncExitStack) -> None:
        self.client, self._size, self._port, self._stack = client, size, port, stack
        self.subscribers: list[Subscriber] = []
        self._said: dict[str, tuple[int, int]] = {}  # by id: what was acknowledged
        self._unknown: set[tuple[int, int]] = set()
        self._next = Counter[int]()

    async def _publish(self, publisher: int) -> bool:
        """The publisher's next message, whose number is not used again whatever comes of it."""
        self._next[publisher] += 1
        order = publisher, self._next[publisher]
        answer = await self.client.post("/orders", body={"publisher": publisher, "number": order[1]})
        if answer.status == 503:
            self._unknown.add(order)
            await self.client.pause()
            return False
        assert answer.status == 200, answer
        self._said[answer.json()] = order
        return True

    async def _publish_some(self, publisher: int) -> None:
        for _ in range(self._size.messages):
            await self._publish(publisher)

    async def _publish_all(self) -> None:
        await asyncio.gather(*[self._publish_some(publisher) for publisher in range(self._size.publishers)])

    async def before(self) -> None:
        self.subscribers = [
            await self._stack.enter_async_context(subscribed(self._port)) for _ in range(self._size.subscribers)
        ]
        await self._publish_all()
        await self._heard()

    async def through(self, outage: Outage) -> None:
        await outage.prepared()
        said = len(self._said)
        publishing = [
            asyncio.create_task(self._publish_until_back(number, outage)) for number in range(self._size.publishers)
        ]
        while len(self._said) < said + self._size.messages:
            await asyncio.sleep(0)
        await outage.in_midst()
        await outage.killed.wait()
        await self.client.meets_the_outage()
        await outage.met()
        await asyncio.gather(*publishing)

    async def _publish_until_back(self, publisher: int, outage: Outage) -> None:
        is_over = False
        while not is_over:
            was_back = outage.back.is_set()
            is_over = await self._publish(publisher) and was_back
        await self._publish_some(publisher)

    async def after(self) -> None:
        await self._publish_all()
        await self._heard()

    async def _heard(self) -> None:
        """Until everybody has heard everything; what was not heard in time is told by the table."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                await asyncio.gather(*[subscriber.until(set(self._said)) for subscriber in self.subscribers])

    def rows(self) -> list[Row]:
        number, heard = len(self._said), [set(one.ids) for one in self.subscribers]
        everywhere = set.intersection(*heard)
        first = self.subscribers[0]
        unknown = self._unknown.intersection(first.numbers)
        workers = len({one.worker for one in self.subscribers})
        return [
            Row.exactly(
                f"{number:,} messages acknowledged, {len(self.subscribers)} subscribers at {workers} workers: lost to"
                " any",
                0,
                number - len(everywhere & set(self._said)),
            ),
            Row.exactly("… doubled", 0, sum(len(one.numbers) - len(set(one.numbers)) for one in self.subscribers)),
            Row.exactly("… out of order", 0, sum(map(_disorder, self.subscribers))),
            Row.exactly("… heard in another order by another subscriber", 0, self._in_another_order()),
            Row.exactly("… that nobody has published", 0, len(set(first.numbers) - set(self._said.values()) - unknown)),
            Row.exactly("gaps told to subscribers", 0, sum(one.gaps for one in self.subscribers)),
            Row.between(
                "messages whose publisher was answered 503: published all the same", 0, len(self._unknown), len(unknown)
            ),
        ]

    def _in_another_order(self) -> int:
        """Subscribers to whom the same messages came in another order than to the first."""
        shortest = min(len(one.ids) for one in self.subscribers)  # some have not yet read what came last
        return sum(one.ids[:shortest] != self.subscribers[0].ids[:shortest] for one in self.subscribers)


def _disorder(subscriber: Subscriber) -> int:
    """Messages whose id, or whose number among those of its publisher, is not above the one before."""
    places = [tuple(map(int, one.split("-")[:2])) for one in subscriber.ids]
    by_publisher: dict[int, list[int]] = {}
    for publisher, number in subscriber.numbers:
        by_publisher.setdefault(publisher, []).append(number)
    numbers = [pair for said in by_publisher.values() for pair in pairwise(said)]
    return sum(one >= other for one, other in pairwise(places)) + sum(one >= other for one, other in numbers)
