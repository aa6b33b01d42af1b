"""A customer of the load: insists while a server is away, and sees what goes wrong on the way of an order."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from examples.food_delivery.load.people import Customer, Seen

pytestmark = pytest.mark.anyio

Told = Callable[[str], list[tuple[str, str]]]
MENU = {"id": 1, "dishes": [{"id": 5, "stock": 9, "price_cents": 950}, {"id": 6, "stock": 0, "price_cents": 400}]}


@asynccontextmanager
async def customer(*routes: web.RouteDef) -> AsyncIterator[Customer]:
    app = web.Application()
    app.add_routes(routes)
    async with TestServer(app) as server, ClientSession(str(server.make_url("/"))) as session:
        yield Customer(session, "token", Seen(), number=1)


def events(told: Told) -> web.RouteDef:
    """What is told by server-sent events to who comes with a `Last-Event-ID`; then the connection ends."""

    async def track(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"content-type": "text/event-stream"})
        await response.prepare(request)
        for number, status in told(request.headers.get("Last-Event-ID", "")):
            await response.write(f"id: {number}\ndata: {json.dumps({'status': status})}\n\n".encode())
        return response

    return web.get("/track-order/7", track)


async def test_who_was_cut_off_goes_on_where_they_were() -> None:
    def told(after: str) -> list[tuple[str, str]]:
        return [("b", "ready"), ("c", "delivered")] if after == "a" else [("a", "placed")]

    async with customer(events(told)) as one:
        await one._follow(7)
    assert (one.seen.followed, one.seen.resumed, one.seen.events) == (1, 1, 3)
    assert one.seen.backwards == one.seen.gave_up == []


async def test_a_step_back_is_seen() -> None:
    async with customer(events(lambda _: [("a", "ready"), ("b", "cooking"), ("c", "delivered")])) as one:
        await one._follow(7)
    assert one.seen.backwards == [7]


async def test_an_order_is_sent_again_with_the_same_key_until_it_is_answered() -> None:
    keys: list[str] = []

    async def order(request: web.Request) -> web.Response:
        keys.append(request.headers["Idempotency-Key"])
        if len(keys) < 3:
            return web.Response(status=503)
        assert [line["dish_id"] for line in (await request.json())["lines"]] == [5]
        return web.json_response({"id": 40}, status=201)

    async with customer(web.post("/order", order)) as one:
        assert await one._order(MENU) == 40
    assert len(set(keys)) == 1
    assert one.seen.orders == {keys[0]: 40}
    assert one.seen.statuses == {"503": 2, "201": 1}


async def test_a_refused_payment_is_an_order_that_is_not_followed() -> None:
    async def order(_: web.Request) -> web.Response:
        return web.json_response({"order_id": 41}, status=402)

    async with customer(web.post("/order", order)) as one:
        assert await one._order(MENU) is None
    assert list(one.seen.orders.values()) == [41]
