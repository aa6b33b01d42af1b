"""Events over a connection: as a WebSocket's messages, or as server-sent events. The ids are the same in both."""

from __future__ import annotations

from collections.abc import AsyncIterator

import anyio

from examples.food_delivery.delivery.schemas import TrackEvent
from vivace import WebSocket
from vivace.sse import ServerSentEvent


async def as_messages(socket: WebSocket, events: AsyncIterator[TrackEvent]) -> None:
    """Send until there is nothing more, or the client leaves."""
    async with anyio.create_task_group() as group:

        async def until_it_leaves() -> None:
            async for _ in socket.iter_bytes():
                pass
            group.cancel_scope.cancel()

        group.start_soon(until_it_leaves)
        async for event in events:
            await socket.send_text(event.model_dump_json())
        await socket.close()
        group.cancel_scope.cancel()


async def as_stream(events: AsyncIterator[TrackEvent]) -> AsyncIterator[ServerSentEvent]:
    async for event in events:
        yield ServerSentEvent(id=event.id, data=event.data)
