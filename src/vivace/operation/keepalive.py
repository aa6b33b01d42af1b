"""An event stream that is not silent for long: comments go out while the next event is being waited for."""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, aclosing
from math import inf

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

from vivace.sse import _PING_INTERVAL, KEEPALIVE_COMMENT

Outcome = bytes | Exception


async def kept_alive(events: AsyncGenerator[bytes, None], stack: AsyncExitStack) -> AsyncIterator[bytes]:
    """The events, with comments between those that are far apart.

    Waiting for an event must not be given up when a comment is due. So the events are read by a task of their own,
    one ahead at most; it lives until `stack` is left.
    """
    outlet, inlet = anyio.create_memory_object_stream[Outcome]()
    stack.callback(inlet.close)
    stack.callback(outlet.close)  # for a response that is never sent
    group = await anyio.create_task_group().__aenter__()

    async def stop() -> None:
        """Leave the group without the exception that is on its way, so that it goes on as it is."""
        group.cancel_scope.cancel()
        await group.__aexit__(None, None, None)

    stack.push_async_callback(stop)

    async def pieces() -> AsyncIterator[bytes]:
        group.start_soon(_read, events, outlet)
        async with aclosing(_with_comments(inlet)) as commented:
            async for piece in commented:
                yield piece

    return pieces()


async def _read(events: AsyncGenerator[bytes, None], outlet: MemoryObjectSendStream[Outcome]) -> None:
    """Pass on the events, or the exception that ends them: it belongs to whoever reads the response."""
    async with outlet, aclosing(events):
        try:
            async for event in events:
                await outlet.send(event)
        except Exception as error:  # noqa: BLE001  # raised again where the events are read
            await outlet.send(error)


async def _with_comments(inlet: MemoryObjectReceiveStream[Outcome]) -> AsyncGenerator[bytes, None]:
    interval = ping_interval()
    while True:
        outcome: Outcome = KEEPALIVE_COMMENT
        with anyio.move_on_after(interval if interval > 0 else inf):
            try:
                outcome = await inlet.receive()
            except anyio.EndOfStream:
                return
        if isinstance(outcome, Exception):
            raise outcome
        yield outcome


def ping_interval() -> float:
    """Seconds of silence before a comment. Programs set it where FastAPI has it: `routing._PING_INTERVAL`."""
    routing = sys.modules.get("vivace.routing")  # not imported: it stands above this module
    interval: float = getattr(routing, "_PING_INTERVAL", _PING_INTERVAL)
    return interval
