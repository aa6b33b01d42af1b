"""A channel as server-sent events: the response, and how the document shows it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from copy import deepcopy
from typing import Any

import anyio
from pydantic import TypeAdapter
from starlette.types import Receive, Scope, Send

from vivace.kit.channels.errors import SlowSubscriber
from vivace.kit.channels.events import position
from vivace.kit.channels.subscription import Subscription
from vivace.responses import EventSourceResponse
from vivace.sse import KEEPALIVE_COMMENT
from vivace.stopping import at_stop

Open = Callable[[], AbstractAsyncContextManager[Subscription[Any]]]
_AT_ONCE = 65_536  # bytes that are written together, about


class ChannelEvents(EventSourceResponse):
    """Subscribes when it is sent. What goes wrong before that (403, 503) is answered like any other error.

    Args:
        open: authorizes and subscribes.
        ping: seconds of silence after which a comment is sent.
    """

    def __init__(self, open: Open, ping: float) -> None:
        super().__init__((), headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"})
        self._open, self._ping = open, ping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._open() as events:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            with at_stop(scope, events.stop):
                async with anyio.create_task_group() as group:
                    group.start_soon(_until_gone, receive, group.cancel_scope)
                    group.start_soon(_until_stuck, events, group.cancel_scope)
                    await self._write(events, send)
                    group.cancel_scope.cancel()
        if self.background is not None:
            await self.background()

    async def _write(self, events: Subscription[Any], send: Send) -> None:
        body: bytes | None = b"" if events.replaying else position(events.position)
        while body is not None:
            await send({"type": "http.response.body", "body": body, "more_body": True})
            body = await self._next(events)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _next(self, events: Subscription[Any]) -> bytes | None:
        try:
            async with asyncio.timeout(self._ping):
                event = await events.next()
        except TimeoutError:
            return KEEPALIVE_COMMENT
        except SlowSubscriber:  # the client comes back, with the last id that it has
            return None
        if event is None:
            return None
        written = [event.sse]
        size = len(event.sse)
        while size < _AT_ONCE and (event := events.take()) is not None:
            written.append(event.sse)
            size += len(event.sse)
        return b"".join(written)


async def _until_gone(receive: Receive, scope: anyio.CancelScope) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()


async def _until_stuck(events: Subscription[Any], scope: anyio.CancelScope) -> None:
    await events.stuck()
    scope.cancel()


def documented(adapter: TypeAdapter[Any]) -> dict[int | str, dict[str, Any]]:
    """The answers of a route that gives a channel's events, as the OpenAPI document has them."""
    data: dict[str, Any] = {"type": "string", "contentMediaType": "application/json"}
    schema = _without_references(adapter.json_schema(mode="serialization"))
    if schema is not None:
        data["contentSchema"] = schema
    event = {
        "type": "object",
        "properties": {
            "event": {"type": "string", "description": "absent: a message; gap: some are missing; here, join, leave"},
            "id": {"type": "string", "description": "what `Last-Event-ID` takes"},
            "data": data,
        },
    }
    return {
        200: {
            "description": "The channel's events, as they come; with `Last-Event-ID` those after that one first",
            "content": {"text/event-stream": {"schema": {"type": "string"}, "itemSchema": event}},
        },
        403: {"description": "Not allowed on this channel"},
        503: {"description": "Channels can't be reached now"},
    }


def _without_references(schema: dict[str, Any]) -> dict[str, Any] | None:
    """The schema with its definitions put where they are referred to; None if it refers to itself."""
    definitions = schema.get("$defs", {})

    def resolved(value: Any, within: tuple[str, ...]) -> Any:
        if isinstance(value, list):
            return [resolved(item, within) for item in value]
        if not isinstance(value, dict):
            return value
        name = str(value.get("$ref", "")).removeprefix("#/$defs/")
        if name in within:
            raise RecursionError
        if name in definitions:
            value, within = definitions[name] | {k: v for k, v in value.items() if k != "$ref"}, (*within, name)
        return {key: resolved(item, within) for key, item in value.items() if key != "$defs"}

    try:
        whole: dict[str, Any] = resolved(deepcopy(schema), ())
    except RecursionError:
        return None
    return whole
