"""A customer as a client sees the service: looks around, orders, and follows the order to its end.

Comes back after every drop, and asks again while a server is away. Knows the API, and nothing behind it.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
import uuid
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

import aiohttp

LOOK = (2.0, 8.0)  # seconds that somebody looks at a page
REST = (30.0, 60.0)  # seconds between an order's end and the next visit
ARRIVE = 45.0  # seconds until all have come in for the first time
GIVE_UP = 90.0  # seconds until a client takes a server that doesn't answer for gone
FOLLOW = 240.0  # seconds that an order is followed at most
_ASKED = aiohttp.ClientTimeout(total=20)
_STREAM = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=30)

STEPS = ("placed", "accepted", "cooking", "ready", "picked_up", "delivered", "cancelled", "refunded")
OVER = frozenset(STEPS[-3:])
_RANK = {status: rank for rank, status in enumerate(STEPS)}
_CUISINES = ("italian", "japanese", "thai", "indian")
_WISHES = ("something hot with", "a light lunch with", "comfort food,", "not too expensive,", "fresh", "crispy")
_WITH = (
    "noodles",
    "rice",
    "vegetables",
    "chicken",
    "cheese",
    "fish",
    "tofu",
    "mushrooms",
    "coconut",
    "tomatoes",
    "beans",
)


@dataclass
class Seen:
    """What the customers met."""

    orders: dict[str, int] = field(default_factory=dict)  # by idempotency key
    statuses: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)  # of recommendations
    seconds: dict[str, list[float]] = field(default_factory=dict)  # by route
    events: int = 0
    followed: int = 0
    resumed: int = 0
    backwards: list[int] = field(default_factory=list)
    gave_up: list[str] = field(default_factory=list)


class Customer:
    def __init__(self, session: aiohttp.ClientSession, token: str, seen: Seen, number: int) -> None:
        self.session, self.seen = session, seen
        self.headers = {"Authorization": f"Bearer {token}"}
        self.random = random.Random(number)

    async def live(self, until: float) -> None:
        await asyncio.sleep(self.random.uniform(0, min(ARRIVE, (until - time.monotonic()) / 2)))
        while time.monotonic() < until:
            menu = await self._look_around()
            order_id = await self._order(menu) if menu else None
            if order_id is not None:
                await self._follow(order_id)
            await asyncio.sleep(min(self.random.uniform(*REST), max(0.0, until - time.monotonic())))

    async def _look_around(self) -> Any:
        """The menu of a restaurant that they have settled on."""
        found = await self._ask("GET", "/get-restaurants", query=self._search())
        await self._think()
        await self._ask("GET", "/recommend", query=self._wish())
        await self._think()
        menu = None
        for _ in range(self.random.randint(1, 3)):
            if found and found["items"]:
                place = self.random.choice(found["items"])
                menu = await self._ask("GET", "/restaurants/{restaurant_id}/menu", restaurant_id=place["id"])
                await self._think()
        return menu

    def _search(self) -> dict[str, str]:
        query = {"open_now": "true", "size": "50"}
        return query | {"cuisine": self.random.choice(_CUISINES)} if self.random.random() < 0.3 else query

    def _wish(self) -> dict[str, str]:
        """One in three says what they feel like."""
        said = self.random.random() < 1 / 3
        return {"words": f"{self.random.choice(_WISHES)} {self.random.choice(_WITH)}"} if said else {}

    async def _think(self) -> None:
        await asyncio.sleep(self.random.uniform(*LOOK))

    async def _order(self, menu: Any) -> int | None:
        there = [dish for dish in menu["dishes"] if dish["stock"] >= 2]
        dishes = self.random.sample(there, min(len(there), self.random.randint(1, 3)))
        lines = [
            {"dish_id": dish["id"], "quantity": self.random.randint(1, 2), "price_cents": dish["price_cents"]}
            for dish in dishes
        ]
        if not lines:
            return None
        key = str(uuid.uuid4())
        said = await self._ask("POST", "/order", {"restaurant_id": menu["id"], "lines": lines}, key=key)
        if said is None or not (order_id := said.get("id") or said.get("order_id")):
            return None  # sold out, or closed by now
        self.seen.orders[key] = order_id
        return said.get("id")

    # -- requests

    async def _ask(
        self, method: str, route: str, body: Any = None, *, query: Any = None, key: str | None = None, **path: Any
    ) -> Any:
        """The answer's JSON; asked again while a server is away, as a client would. None where nobody ever answered."""
        headers = self.headers if key is None else self.headers | {"Idempotency-Key": key}
        deadline, name = time.monotonic() + GIVE_UP, f"{method} {route}"
        while time.monotonic() < deadline:
            start = time.monotonic()
            try:
                async with self.session.request(
                    method, route.format(**path), json=body, params=query, headers=headers, timeout=_ASKED
                ) as answer:
                    said, status = await answer.read(), answer.status
            except (aiohttp.ClientError, TimeoutError) as error:
                self.seen.statuses[type(error).__name__] += 1
            else:
                self.seen.statuses[str(status)] += 1
                if status < 500:
                    self.seen.seconds.setdefault(name, []).append(time.monotonic() - start)
                    return self._read(route, said)
            await asyncio.sleep(0.2 + self.random.random() / 2)
        self.seen.gave_up.append(name)
        return None

    def _read(self, route: str, said: bytes) -> Any:
        value = json.loads(said)
        if route == "/recommend" and isinstance(value, list):
            self.seen.reasons.update({value[0]["reason"].split(" ")[0] if value else "nothing"})
        return value

    # -- following

    async def _follow(self, order_id: int) -> None:
        """To its end; each status may only be later than the one before."""
        last, rank, deadline = "", -1, time.monotonic() + FOLLOW
        self.seen.followed += 1
        while time.monotonic() < deadline:
            try:
                async with aclosing(self._events(order_id, last)) as events:
                    async for seen, status in events:
                        last = seen
                        if status is None:
                            continue
                        if _RANK[status] < rank:
                            self.seen.backwards.append(order_id)
                        rank = max(rank, _RANK[status])
                        if status in OVER:
                            return
            except (aiohttp.ClientError, TimeoutError):
                pass
            self.seen.resumed += 1
            await asyncio.sleep(0.3)
        self.seen.gave_up.append(f"GET /track-order/{order_id}")

    async def _events(self, order_id: int, last: str) -> AsyncGenerator[tuple[str, str | None]]:
        """Each event's id, and the status that it tells, if it tells one."""
        headers = self.headers | ({"Last-Event-ID": last} if last else {})
        start = time.monotonic()
        async with self.session.get(f"/track-order/{order_id}", headers=headers, timeout=_STREAM) as stream:
            self.seen.statuses[str(stream.status)] += 1
            if stream.status != 200:
                return
            self.seen.seconds.setdefault("GET /track-order/{order_id}", []).append(time.monotonic() - start)
            while line := await stream.content.readline():
                if line.startswith(b"id: "):
                    last = line[4:].strip().decode()
                elif line.startswith(b"data: "):
                    self.seen.events += 1
                    yield last, json.loads(line[6:]).get("status")
