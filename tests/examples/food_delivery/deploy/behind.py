"""What stands behind nginx in its tests: it tells what it was asked, and has a stream and a socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from vivace import FastAPI, Request, WebSocket
from vivace.sse import EventSourceResponse, ServerSentEvent

app = FastAPI()


@app.websocket("/track-order/{order_id}")
async def track(socket: WebSocket, order_id: int) -> None:
    await socket.accept()
    while True:
        await socket.send_text(f"{order_id}: {await socket.receive_text()}")


@app.get("/my/events", response_class=EventSourceResponse)
async def events() -> AsyncIterator[ServerSentEvent]:
    yield ServerSentEvent(data="first")
    await asyncio.Event().wait()


@app.api_route("/{path:path}", methods=["GET", "POST"])
async def told(request: Request, path: str) -> dict[str, object]:
    return {
        "headers": dict(request.headers),
        "connection": request.client.port if request.client else None,
        "bytes": len(await request.body()),
    }
