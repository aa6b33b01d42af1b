"""A channel on a WebSocket: events out, and whatever the program does with what comes in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import anyio

from vivace import WebSocket, WebSocketException
from vivace.kit.channels.errors import ChannelsUnavailable, NotAllowed, SlowSubscriber
from vivace.kit.channels.events import hello
from vivace.kit.channels.sse import Open
from vivace.kit.channels.subscription import Subscription
from vivace.websockets import WebSocketDisconnect, WebSocketState

OnMessage = Callable[[str], Awaitable[object]]

# RFC 6455 section 7.4, and its IANA registry.
REFUSED, RESTARTING, LATER = 1008, 1012, 1013


async def serve(websocket: WebSocket, open: Open, on_message: OnMessage | None) -> None:
    """Send a channel's events until one side leaves.

    Raises:
        WebSocketException: 1008, not allowed; 1013, there is no broker now.
    """
    opening = open()
    try:
        events = await opening.__aenter__()
    except NotAllowed as error:
        raise WebSocketException(REFUSED, error.detail) from None
    except ChannelsUnavailable as error:
        raise WebSocketException(LATER, error.detail) from error
    try:
        if websocket.application_state is WebSocketState.CONNECTING:
            await websocket.accept()
        await _both_ways(websocket, events, on_message)
    finally:
        await opening.__aexit__(None, None, None)


async def _both_ways(websocket: WebSocket, events: Subscription[Any], on_message: OnMessage | None) -> None:
    tasks = {
        asyncio.create_task(_send(websocket, events), name="channel out"),
        asyncio.create_task(_receive(websocket, on_message), name="channel in"),
        asyncio.create_task(events.stuck(), name="channel stuck"),
    }
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        with anyio.CancelScope(shield=True):
            await asyncio.wait(tasks)
    for task in tasks:
        if not task.cancelled():
            task.result()


async def _send(websocket: WebSocket, events: Subscription[Any]) -> None:
    try:
        await websocket.send_text(hello(events.position))
        async for event in events:
            await websocket.send_text(event.frame)
        await websocket.close(RESTARTING)
    except SlowSubscriber:
        await websocket.close(LATER, "Too slow: come back with the last id")
    except WebSocketDisconnect:
        pass


async def _receive(websocket: WebSocket, on_message: OnMessage | None) -> None:
    while (message := await websocket.receive())["type"] != "websocket.disconnect":
        text = message.get("text")
        if on_message is not None and text is not None:
            await on_message(text)
