"""What channels do on every broker."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from vivace.kit.channels import Channel, Channels, Event, Gap, Message, MessageTooLarge, SlowSubscriber, Subscription

pytestmark = pytest.mark.anyio


class Order(BaseModel):
    number: int
    note: str = ""


async def take(events: Subscription[Any], number: int) -> list[Event]:
    async with asyncio.timeout(20):
        return [await anext(events) for _ in range(number)]


async def numbers(events: Subscription[Any], count: int) -> list[int]:
    return [event.data for event in await take(events, count) if isinstance(event, Message)]


async def publish(channel: Channel[Any], *messages: Any, **parameters: Any) -> list[str]:
    return [await channel.publish(message, **parameters) for message in messages]


async def test_everybody_gets_every_message_in_order(channels: Channels) -> None:
    orders = channels.channel("orders:{order_id}", int)
    async with orders.subscribe(order_id=7) as one, orders.subscribe(order_id=7) as two:
        ids = await publish(orders, *range(30), order_id=7)
        for events in (one, two):
            got = await take(events, 30)
            assert [event.data for event in got if isinstance(event, Message)] == list(range(30))
            assert [event.id for event in got] == ids


async def test_two_processes_publish_and_all_see_one_order(channels: Channels, served: Channels) -> None:
    """Two connections to the broker, which are two processes to it."""
    if channels._open().url == "memory://":
        served = channels
    here, there = channels.channel("a", int, queue=500), served.channel("b" if served is channels else "a", int)
    there = here if served is channels else there
    async with served, here.subscribe() as one, here.subscribe() as two:
        await asyncio.gather(publish(here, *range(100)), publish(there, *range(100, 200)))
        seen, again = await numbers(one, 200), await numbers(two, 200)
    assert seen == again
    assert sorted(seen) == list(range(200))
    assert [n for n in seen if n < 100] == list(range(100)), "each publisher's own order stays"


async def test_messages_are_typed(channels: Channels) -> None:
    orders = channels.channel("orders", Order)
    async with orders.subscribe() as events:
        await orders.publish(Order(number=1, note="<\n\r\u2028>"))
        (message,) = await take(events, 1)
    assert isinstance(message, Message)
    assert message.data == Order(number=1, note="<\n\r\u2028>")
    assert b"\n" not in message.sse.removeprefix(b"data: ").partition(b"\n")[0]


async def test_what_does_not_fit_the_type_is_refused(channels: Channels) -> None:
    with pytest.raises(ValidationError):
        await channels.channel("orders", Order).publish({"number": "many"})  # type: ignore[arg-type]


async def test_what_another_version_published_is_told_when_it_is_read(channels: Channels) -> None:
    orders = channels.channel("orders", Order)
    async with orders.subscribe() as events:
        await channels._hub().publish(orders._topic({}), b'{"other":1}')
        (message,) = await take(events, 1)
        assert isinstance(message, Message)
        with pytest.raises(ValidationError):
            _ = message.data
        await orders.publish(Order(number=1))
        (message,) = await take(events, 1)
        assert isinstance(message, Message)
        assert message.data.number == 1


async def test_a_message_that_is_too_large_is_refused(channels: Channels) -> None:
    texts = channels.channel("texts", str)
    async with texts.subscribe() as events:
        largest = "a" * (65_536 - 2)
        with pytest.raises(MessageTooLarge, match="65537 bytes, more than max_message_bytes=65536"):
            await texts.publish(largest + "a")
        await texts.publish(largest)
        (message,) = await take(events, 1)
    assert isinstance(message, Message)
    assert message.data == largest


async def test_what_came_after_an_id_is_replayed(channels: Channels) -> None:
    orders = channels.channel("orders", int)
    ids = await publish(orders, *range(5))
    async with orders.subscribe(after=ids[1]) as events:
        await publish(orders, 5)
        assert await numbers(events, 4) == [2, 3, 4, 5]
    async with orders.subscribe(after=ids[-1]) as events:
        assert await numbers(events, 1) == [5]


async def test_who_has_seen_nothing_goes_on_from_where_he_began(channels: Channels) -> None:
    orders = channels.channel("orders", int)
    async with orders.subscribe() as events:
        position = events.position
    await publish(orders, 1, 2)
    async with orders.subscribe(after=position) as events:
        assert await numbers(events, 2) == [1, 2]
        assert events.position != position


async def test_without_an_id_there_is_no_replay(channels: Channels) -> None:
    orders = channels.channel("orders", int)
    ids = await publish(orders, 1, 2)
    async with orders.subscribe() as events:
        assert events.position == ids[-1]
        await publish(orders, 3)
        assert await numbers(events, 1) == [3]


@pytest.mark.parametrize("lingering", [True, False], ids=["kept here", "read from the log"])
async def test_what_history_covers_no_more_is_a_gap(channels: Channels, served: Channels, lingering: bool) -> None:
    orders = channels.channel("orders", int, history=3)
    async with orders.subscribe():
        ids = await publish(orders, *range(6))
    if not lingering:
        await channels.aclose()
    async with orders.subscribe(after=ids[2]) as events:
        assert await numbers(events, 3) == [3, 4, 5]
    async with orders.subscribe(after=ids[1]) as events:
        gap, *rest = await take(events, 4)
        assert isinstance(gap, Gap)
        assert [event.id for event in rest] == ids[3:]
    async with orders.subscribe(after=gap.id) as events:
        assert [event.id for event in await take(events, 3)] == ids[3:], "who goes on from a gap does not meet it again"


@pytest.mark.parametrize("after", ["nonsense", "1-1-00000000", "99999999999999-1-00000000", "\n\0", "a" * 10_000])
async def test_an_id_that_never_was_is_a_gap(channels: Channels, after: str) -> None:
    orders = channels.channel("orders", int)
    await publish(orders, 1)
    async with orders.subscribe(after=after) as events:
        gap, message = await take(events, 2)
    assert isinstance(gap, Gap)
    assert isinstance(message, Message)


async def test_a_channel_without_history(channels: Channels) -> None:
    typing = channels.channel("typing", int, history=0)
    async with typing.subscribe() as events:
        ids = await publish(typing, 1, 2)
        assert await numbers(events, 2) == [1, 2]
    async with typing.subscribe(after=ids[1]) as events:
        await publish(typing, 3)
        assert await numbers(events, 1) == [3]
    async with typing.subscribe(after=ids[1]) as events:
        assert isinstance((await take(events, 1))[0], Gap)


HOSTILE = [
    "*",
    ">",
    "a.b",
    "a:b",
    "a b",
    "a\r\nSUBSCRIBE x",
    "\0",
    "..",
    "%",
    "",
    "é",
    "\ud800",
    "a" * 100_000,
    "#",
    "+",
]


async def test_hostile_parameters_cross_no_channels(channels: Channels) -> None:
    rooms = channels.channel("rooms:{room}", str)
    async with rooms.subscribe(room="a") as plain:
        for room in HOSTILE:
            async with rooms.subscribe(room=room) as events:
                await rooms.publish("for all", room="b")
                await rooms.publish("for it", room=room)
                (message,) = await take(events, 1)
                assert isinstance(message, Message)
                assert message.data == "for it"
        await rooms.publish("at last", room="a")
        (message,) = await take(plain, 1)
        assert isinstance(message, Message)
        assert message.data == "at last"


async def test_a_slow_subscriber_is_let_go(channels: Channels) -> None:
    orders = channels.channel("orders", int, queue=3)
    async with orders.subscribe() as slow, orders.subscribe() as quick:
        got = []
        for number in range(6):
            await publish(orders, number)
            got += await numbers(quick, 1)
        assert got == list(range(6)), "the others don't notice"
        position = slow.position
        with pytest.raises(SlowSubscriber, match="orders: a subscriber had 3 events waiting"):
            await take(slow, 6)
    async with orders.subscribe(after=position) as again:
        assert await numbers(again, 6) == list(range(6))


async def test_a_slow_subscriber_loses_the_oldest_and_is_told(channels: Channels) -> None:
    orders = channels.channel("orders", int, queue=3, when_full="drop_oldest")
    async with orders.subscribe() as slow, orders.subscribe() as quick:
        ids = []
        for number in range(6):
            ids += await publish(orders, number)
            await take(quick, 1)
        gap, *rest = await take(slow, 4)
        assert isinstance(gap, Gap)
        assert [gap.id, *(event.id for event in rest)] == ids[2:]


async def test_a_burst_slows_down_nobody_who_takes_it(channels: Channels) -> None:
    orders = channels.channel("orders", int, queue=1)
    async with orders.subscribe() as events:
        taking = asyncio.create_task(numbers(events, 200))
        await asyncio.gather(*[orders.publish(number) for number in range(200)])
        assert sorted(await taking) == list(range(200))


async def test_closing_ends_subscriptions_after_what_waits(channels: Channels) -> None:
    orders = channels.channel("orders", int)
    async with orders.subscribe() as events, orders.subscribe() as quick:
        await publish(orders, 1)
        await take(quick, 1)
        await channels.aclose()
        assert [event.data async for event in events if isinstance(event, Message)] == [1]


async def test_an_idle_subscriber_meets_no_gap_when_the_log_was_forgotten(channels: Channels) -> None:
    orders = channels.channel("orders", int, keep=1)
    hub = channels._hub()
    async with orders.subscribe() as events:
        await publish(orders, 1)
        (first,) = await take(events, 1)
        async with asyncio.timeout(20):
            while (await hub.backend.load(orders._topic({}), "00000000"))[-1].id == first.id:
                await asyncio.sleep(0.05)
        await publish(orders, 2)
        assert await numbers(events, 1) == [2]
    async with orders.subscribe(after=first.id) as events:
        assert await numbers(events, 1) == [2], "nor does who comes back to the same process"
    await channels.aclose()
    async with orders.subscribe(after=first.id) as events:
        assert isinstance((await take(events, 1))[0], Gap), "another process can't know"


async def test_an_id_that_was_not_heard_here_yet_is_no_gap(channels: Channels) -> None:
    """Who comes from a process that was quicker."""
    orders = channels.channel("orders", int)
    hub = channels._hub()
    async with orders.subscribe():
        hub.record = lambda *_: None  # type: ignore[method-assign]
        ids = await publish(orders, *range(4))
        async with orders.subscribe(after=ids[1]) as events:
            assert await numbers(events, 2) == [2, 3]
