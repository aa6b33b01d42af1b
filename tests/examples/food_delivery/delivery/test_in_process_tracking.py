"""Events by topic, and what was missed by who comes back."""

from __future__ import annotations

import pytest

from examples.food_delivery.delivery import tracking
from examples.food_delivery.delivery.tracking import Event, InProcessTracking

pytestmark = pytest.mark.anyio


async def taken(subscription, number: int) -> list[int]:  # type: ignore[no-untyped-def]
    events = aiter(subscription)
    return [(await anext(events)).data["n"] for _ in range(number)]


async def published(hub: InProcessTracking, *numbers: int) -> None:
    for number in numbers:
        await hub.publish("t", {"n": number})


async def test_who_subscribes_gets_what_comes_in_order() -> None:
    hub = InProcessTracking()
    await published(hub, 1)
    async with hub.subscribe("t") as one, hub.subscribe("t") as other, hub.subscribe("another"):
        await published(hub, 2, 3)
        assert await taken(one, 2) == await taken(other, 2) == [2, 3]
        assert one.missed is None


async def test_who_comes_back_gets_what_was_missed_once() -> None:
    hub = InProcessTracking()
    async with hub.subscribe("t") as subscription:
        await published(hub, 1, 2)
        last: Event = await anext(aiter(subscription))
    await published(hub, 3)
    async with hub.subscribe("t", last.id) as subscription:
        assert [event.data["n"] for event in subscription.missed or ()] == [2, 3]
        await published(hub, 4)
        assert await taken(subscription, 1) == [4]
    async with hub.subscribe("t", subscription.last_id) as again:
        assert [event.data["n"] for event in again.missed or ()] == [4]


async def test_what_can_not_be_said_is_not_said() -> None:
    hub, earlier = InProcessTracking(), InProcessTracking()
    await published(hub, 1)
    await published(earlier, 1)
    async with earlier.subscribe("t") as before:
        foreign = before.last_id
    async with hub.subscribe("t") as now:
        prefix = now.last_id.partition("-")[0]
    for unknown in (foreign, "", "x", f"{prefix}-2", f"{prefix}--1", f"{prefix}-x", f"{prefix}-²"):
        async with hub.subscribe("t", unknown) as subscription:
            assert subscription.missed is None, unknown


async def test_only_so_much_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    hub = InProcessTracking()
    await published(hub, 0)
    async with hub.subscribe("t") as subscription:
        start = subscription.last_id
    await published(hub, *range(1, tracking._KEPT + 1))
    async with hub.subscribe("t", start) as subscription:
        assert [event.data["n"] for event in subscription.missed or ()] == list(range(1, tracking._KEPT + 1))
    await published(hub, 1)
    async with hub.subscribe("t", start) as subscription:
        assert subscription.missed is None


async def test_who_is_too_far_behind_is_sent_away_and_can_go_on() -> None:
    hub, last = InProcessTracking(), None
    async with hub.subscribe("t") as slow:
        await published(hub, *range(tracking._BEHIND + 10))
        got = [event async for event in slow]
        last = got[-1]
    assert [event.data["n"] for event in got] == list(range(tracking._BEHIND))
    async with hub.subscribe("t", last.id) as again:
        assert len(again.missed or ()) == 10


async def test_topics_without_subscribers_are_forgotten_at_some_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracking, "_TOPICS", 3)
    hub = InProcessTracking()
    async with hub.subscribe("kept") as kept:
        for number in range(10):
            await hub.publish(str(number), {})
        assert len(hub._topics) <= 3
        await hub.publish("kept", {"n": 1})
        assert await taken(kept, 1) == [1]
