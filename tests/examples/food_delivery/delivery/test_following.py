"""What a follower gets: how things stand, what is told, and what was missed, whatever the channel has lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from examples.food_delivery.delivery.following import follow
from examples.food_delivery.delivery.schemas import Position, Snapshot, StatusChange, TrackEvent
from examples.food_delivery.delivery.tracking import Tracking
from examples.food_delivery.ordering.states import Status
from vivace.kit.channels import Channels

pytestmark = pytest.mark.anyio


class World:
    """An order that moves, and followers."""

    def __init__(self, channels: Channels) -> None:
        self.tracking = Tracking(channels)
        self.status = Status.PLACED

    async def look(self) -> Snapshot:
        here = Position(x=1, y=1)
        return Snapshot(order_id=1, status=self.status, courier_id=None, position=None, restaurant=here, to=here)

    async def move(self, *statuses: Status) -> None:
        for self.status in statuses:
            change = StatusChange(order_id=1, status=self.status, courier_id=None)
            await self.tracking.status(change, restaurant_id=1, customer_id=1)

    async def take(self, number: int, after: str | None = None) -> list[TrackEvent]:
        async with self.tracking.order.subscribe(after=after, order_id=1) as told:
            events = follow(told, self.look, fresh=after is None)
            return [await anext(events) for _ in range(number)]

    async def rest(self, after: str | None = None) -> list[TrackEvent]:
        async with self.tracking.order.subscribe(after=after, order_id=1) as told:
            return [event async for event in follow(told, self.look, fresh=after is None)]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with Channels.from_url("memory://") as channels:
        yield World(channels)


def told(events: list[TrackEvent]) -> list[tuple[str, str]]:
    return [(event.data.type, event.data.status) for event in events]


async def test_who_comes_back_gets_what_was_missed_once_and_in_order(world: World) -> None:
    [opening] = await world.take(1)
    await world.move(Status.ACCEPTED, Status.COOKING)
    missed = await world.take(2, opening.id)
    assert told(missed) == [("status", "accepted"), ("status", "cooking")]
    assert told(await world.take(1, missed[0].id)) == [("status", "cooking")]


async def test_what_can_not_be_had_any_more_is_how_things_stand(world: World) -> None:
    await world.move(Status.ACCEPTED)
    assert told(await world.take(1, "nobody's")) == [("snapshot", "accepted")]


async def test_a_follower_leaves_with_the_last_word(world: World) -> None:
    following = asyncio.create_task(world.rest())
    while not following.done():  # it may not have begun yet
        await world.move(Status.DELIVERED)
        await asyncio.wait([following], timeout=0.01)
    assert told(following.result())[-1][1] == "delivered"


async def test_an_order_that_is_over_is_told_to_its_end_and_no_further(world: World) -> None:
    [opening] = await world.take(1)
    await world.move(Status.ACCEPTED, Status.REFUNDED)
    assert told(await world.rest(opening.id)) == [
        ("status", "accepted"),
        ("status", "refunded"),
        ("snapshot", "refunded"),
    ]
    assert told(await world.rest()) == [("snapshot", "refunded")]


async def test_without_a_broker_an_order_moves_all_the_same(caplog: pytest.LogCaptureFixture) -> None:
    async with Channels.from_url("redis://127.0.0.1:9/0") as nowhere:
        await World(nowhere).move(Status.ACCEPTED)
    assert "order:{order_id} was not told" in caplog.text
