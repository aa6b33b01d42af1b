"""An application with a channel, and what its event streams say: for tests through a door or over sockets."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from pydantic import BaseModel

from vivace import FastAPI, Header, Request, WebSocket
from vivace.kit.channels import Channel, Channels
from vivace.responses import EventSourceResponse


class Order(BaseModel):
    number: int
    note: str = ""


def application(channels: Channels, **rules: Any) -> FastAPI:
    """`/orders/{id}/events` and `/live`; POST `/orders/{id}`, and POST `/end`, which ends all streams."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with channels:
            yield

    app = FastAPI(lifespan=lifespan)
    orders: Channel[Order] = channels.channel("orders:{order_id}", Order, **rules)
    app.state.orders = orders

    @app.get("/orders/{order_id}/events", response_class=EventSourceResponse, responses=orders.responses)
    async def events(order_id: str, request: Request, member: str | None = None) -> EventSourceResponse:
        return orders.events(request, order_id=order_id, member=member)

    @app.websocket("/orders/{order_id}/live")
    async def live(websocket: WebSocket, order_id: str, member: str | None = None) -> None:
        await orders.connect(websocket, order_id=order_id, member=member)

    @app.post("/orders/{order_id}")
    async def post(order_id: str, order: Order, times: Annotated[int, Header()] = 1) -> list[str]:
        return [
            await orders.publish(Order(number=order.number + n, note=order.note), order_id=order_id)
            for n in range(times)
        ]

    @app.get("/orders/{order_id}/present")
    async def present(order_id: str) -> list[str]:
        return await orders.present(order_id=order_id)

    @app.post("/end")
    async def end() -> None:
        await channels.aclose()

    return app


def parsed(text: str) -> Iterator[dict[str, Any]]:
    """Events as a browser reads them; `id` of one without data is told, too."""
    for block in text.split("\n\n")[:-1]:
        fields: dict[str, Any] = {}
        for line in block.split("\n"):
            name, _, value = line.partition(": ")
            fields[name] = json.loads(value) if name == "data" else value
        yield fields
