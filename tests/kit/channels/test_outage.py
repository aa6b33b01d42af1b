"""The broker goes away and comes back: subscribers stay, and lose nothing that history covers.

`here` and `there` are two connections to the broker, which are two processes to it. `here` can be kept from connecting
again, so that it is known what it misses.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable

import pytest

from tests.kit.channels.brokers import Broker
from tests.kit.channels.test_contract import numbers, publish, take
from vivace.kit.channels import Channel, Channels, ChannelsUnavailable, Gap, Message

pytestmark = pytest.mark.anyio


class Side:
    """A process's channels."""

    def __init__(self, channels: Channels) -> None:
        self.channels = channels
        self.orders: Channel[int] = channels.channel("orders", int, history=10, presence=False)
        self.rooms: Channel[int] = channels.channel("rooms", int, presence=True)
        self.gate = asyncio.Event()
        self.gate.set()
        backend = channels._hub().backend
        run = backend.run

        async def gated(sink: object) -> None:
            await self.gate.wait()
            await run(sink)  # type: ignore[arg-type]

        backend.run = gated  # type: ignore[method-assign]

    async def until(self, *, up: bool) -> None:
        """It notices by itself; nobody is told."""
        async with asyncio.timeout(20):
            while self.channels._hub()._up.is_set() is not up:
                await asyncio.sleep(0.01)


@pytest.fixture
async def sides(killable: Broker, anyio_backend: str) -> AsyncIterator[tuple[Side, Side]]:
    async with Channels.from_url(killable.url) as here, Channels.from_url(killable.url) as there:
        yield Side(here), Side(there)


async def outage(killable: Broker, here: Side, there: Side, meanwhile: Callable[[], None] = lambda: None) -> None:
    """Kill it and start it again; `there` is connected afterwards, `here` as soon as its gate is opened."""
    here.gate.clear()
    killable.kill()
    for side in (here, there):
        await side.until(up=False)
        with pytest.raises(ChannelsUnavailable):
            await side.orders.publish(0)
    meanwhile()
    killable.start()
    await there.until(up=True)


async def test_what_was_published_before_a_process_is_connected_again_is_not_lost(
    killable: Broker, sides: tuple[Side, Side]
) -> None:
    here, there = sides
    async with here.orders.subscribe() as one, here.orders.subscribe() as two:
        await publish(there.orders, 1, 2)
        assert await numbers(one, 2) == [1, 2]
        await outage(killable, here, there)
        await publish(there.orders, *range(3, 13))  # as many as history covers
        here.gate.set()
        assert await numbers(one, 10) == list(range(3, 13))
        await publish(here.orders, 13)
        assert await numbers(one, 1) == [13]
        assert await numbers(two, 13) == list(range(1, 14)), "nor is what waited in a queue, and nothing comes twice"


async def test_what_history_does_not_cover_is_a_gap(killable: Broker, sides: tuple[Side, Side]) -> None:
    here, there = sides
    async with here.orders.subscribe() as events:
        await publish(there.orders, 1)
        await take(events, 1)
        await outage(killable, here, there)
        ids = await publish(there.orders, *range(2, 13))  # one more
        here.gate.set()
        gap, *rest = await take(events, 11)
        assert isinstance(gap, Gap)
        assert [event.id for event in rest] == ids[1:]


async def test_a_broker_that_lost_everything_is_a_gap(killable: Broker, sides: tuple[Side, Side]) -> None:
    here, there = sides
    async with here.orders.subscribe() as events:
        (last,) = await publish(there.orders, 1)
        await take(events, 1)
        await outage(killable, here, there, killable.lose)
        await publish(there.orders, 2)
        here.gate.set()
        gap, message = await take(events, 2)
        assert isinstance(gap, Gap)
        assert isinstance(message, Message)
        assert message.data == 2
    async with there.orders.subscribe(after=last) as events:
        gap, message = await take(events, 2)
        assert isinstance(gap, Gap)
        assert isinstance(message, Message)


async def test_a_broker_that_lost_its_last_messages_is_a_gap(killable: Broker, sides: tuple[Side, Side]) -> None:
    """Their numbers are given again, to other messages."""
    here, there = sides
    await publish(there.orders, 1)
    await outage(killable, here, there, killable.save)
    here.gate.set()
    await here.until(up=True)
    async with here.orders.subscribe() as events:
        lost = await publish(there.orders, 2, 3)
        assert await numbers(events, 2) == [2, 3]
        await outage(killable, here, there, killable.restore)
        await publish(there.orders, 4, 5, 6)
        here.gate.set()
        gap, *rest = await take(events, 4)
        assert isinstance(gap, Gap)
        assert [event.data for event in rest if isinstance(event, Message)] == [4, 5, 6]
    async with there.orders.subscribe(after=lost[0]) as events:
        assert isinstance((await take(events, 1))[0], Gap)


async def test_who_is_here_stays_through_a_restart(killable: Broker, sides: tuple[Side, Side]) -> None:
    """The list is lost with a broker that keeps nothing; who is here puts himself there again."""
    here, there = sides
    async with here.rooms.subscribe() as events, there.rooms.join("ann"):
        await take(events, 2)
        await outage(killable, here, there, killable.lose)
        here.gate.set()
        await here.until(up=True)
        async with there.rooms.join("bob"):
            told = sorted(event.kind for event in await take(events, 2))
            assert told == ["gap", "join"], "nobody has left"
            async with asyncio.timeout(20):
                while await here.rooms.present() != ["ann", "bob"]:
                    await asyncio.sleep(0.01)


async def test_who_comes_while_the_broker_is_down_is_refused_unless_the_topic_is_known(
    killable: Broker, sides: tuple[Side, Side]
) -> None:
    here, _ = sides
    async with here.orders.subscribe() as events:
        ids = await publish(here.orders, 1, 2)
        await take(events, 2)
        here.gate.clear()
        killable.kill()
        await here.until(up=False)
        with pytest.raises(ChannelsUnavailable):
            async with here.rooms.subscribe():
                pass
        async with here.orders.subscribe(after=ids[0]) as late:
            assert await numbers(late, 1) == [2]
            killable.start()
            here.gate.set()
            await here.until(up=True)
            await publish(here.orders, 3)
            assert await numbers(late, 1) == await numbers(events, 1) == [3]


async def test_an_outage_is_logged_once(
    killable: Broker, sides: tuple[Side, Side], caplog: pytest.LogCaptureFixture
) -> None:
    here, there = sides
    await here.until(up=True)
    with caplog.at_level(logging.INFO, "vivace.kit.channels"):
        await outage(killable, here, there)
        here.gate.set()
        await here.until(up=True)
    told = [record.getMessage() for record in caplog.records if record.name == "vivace.kit.channels"]
    assert len([text for text in told if "trying again" in text]) == 2, "once by each side"
    assert len([text for text in told if "answers again" in text]) == 2
