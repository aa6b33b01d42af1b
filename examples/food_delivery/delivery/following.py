"""What a follower of an order gets, made of how things stand and of what is told: in order, and nothing is left out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

from examples.food_delivery.delivery.schemas import OrderEvent, Snapshot, TrackEvent
from examples.food_delivery.ordering.states import OVER
from vivace.kit.channels import Message, SlowSubscriber, Subscription

Look = Callable[[], Awaitable[Snapshot]]


async def follow(told: Subscription[OrderEvent], look: Look, *, fresh: bool) -> AsyncIterator[TrackEvent]:
    """Until the order is over.

    Args:
        told: the order's channel, entered already: nothing falls between it and the first look.
        look: how things stand.
        fresh: whether the follower begins here; one that comes back goes on with what it has missed.
    """
    snapshot = await look()
    if fresh:
        yield TrackEvent(id=told.position, data=snapshot)
    if snapshot.status in OVER:
        while (event := told.take()) is not None:
            if isinstance(event, Message):
                yield TrackEvent(id=event.id, data=event.data)
        if not fresh:
            yield TrackEvent(id=told.position, data=snapshot)
        return
    try:
        async for event in told:
            data = event.data if isinstance(event, Message) else await look()  # a gap: messages are lost
            yield TrackEvent(id=told.position, data=data)
            if getattr(data, "status", None) in OVER:
                return
    except SlowSubscriber:
        return  # it may come back, and go on where it was
