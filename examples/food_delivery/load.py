"""`python -m examples.food_delivery.load`: customers order for minutes in the full setting, while servers are killed.

After a third of the time a worker is killed, after two thirds redis-server is (and started again). In the end `audit`
looks at everything; the report is written to `--report`, and the exit status says whether all of it holds.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import random
import secrets
import signal
import statistics
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import select, update

from examples.food_delivery.audit import Finding, answered, audit, sold, stock_taken, under_way
from examples.food_delivery.catalog.models import Dish
from examples.food_delivery.full import Program, free_port, servers
from examples.food_delivery.identity.models import Role, User
from examples.food_delivery.ordering.states import OVER, Status
from examples.food_delivery.parts import Parts
from examples.food_delivery.seed import PASSWORD
from examples.food_delivery.services import Services
from examples.food_delivery.settings import Settings

_STOCK, _SCARCE = 1_000_000, 12
_OUTAGE = 2.0  # seconds without Redis
_SETTLE = 180.0  # seconds until every order has to be over
_GIVE_UP = 90.0  # seconds until a client takes a server that doesn't answer for gone
_RANK = {status: rank for rank, status in enumerate(Status)}


@dataclass
class Seen:
    """What the customers met."""

    orders: dict[str, int] = field(default_factory=dict)  # by idempotency key
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: dict[str, list[float]] = field(default_factory=lambda: {"POST /order": [], "GET /recommend": []})
    followed: int = 0
    backwards: list[int] = field(default_factory=list)
    gave_up: list[str] = field(default_factory=list)


class Customer:
    def __init__(self, client: httpx2.AsyncClient, token: str, menus: list[Any], seen: Seen, number: int) -> None:
        self.client, self.menus, self.seen = client, menus, seen
        self.headers = {"Authorization": f"Bearer {token}"}
        self.random = random.Random(number)

    async def live(self, until: float) -> None:
        await asyncio.sleep(self.random.uniform(0, 3))
        while time.monotonic() < until:
            await self._ask("GET", "/recommend", timed="GET /recommend")
            order_id = await self._order()
            if order_id is not None:
                await self._follow(order_id)
            await asyncio.sleep(self.random.uniform(0.5, 3))

    async def _order(self) -> int | None:
        menu, key = self.random.choice(self.menus), str(uuid.uuid4())
        dishes = self.random.sample(menu["dishes"], self.random.randint(1, 3))
        lines = [
            {"dish_id": dish["id"], "quantity": self.random.randint(1, 2), "price_cents": dish["price_cents"]}
            for dish in dishes
        ]
        body = {"restaurant_id": menu["id"], "lines": lines}
        answer = await self._ask("POST", "/order", json=body, timed="POST /order", **{"Idempotency-Key": key})
        if answer is None or answer.status_code not in (201, 402):
            return None
        said = answer.json()
        self.seen.orders[key] = said.get("id") or said["order_id"]
        return said.get("id")

    async def _ask(self, method: str, path: str, *, timed: str, json: Any = None, **headers: str) -> Any:
        """The answer; asked again while a server is away, as a client would."""
        deadline = time.monotonic() + _GIVE_UP
        while time.monotonic() < deadline:
            start = time.monotonic()
            try:
                answer = await self.client.request(method, path, json=json, headers=self.headers | headers)
            except httpx2.TransportError:
                answer = None
            if answer is not None:
                self.seen.statuses[answer.status_code] += 1
                if answer.status_code < 500:
                    self.seen.seconds[timed].append(time.monotonic() - start)
                    return answer
            await asyncio.sleep(0.2 + self.random.random() / 2)
        self.seen.gave_up.append(f"{method} {path}")
        return None

    async def _follow(self, order_id: int) -> None:
        """To its end, coming back after every drop; each status may only be later than the one before."""
        last, rank, deadline = "", -1, time.monotonic() + _SETTLE
        self.seen.followed += 1
        while time.monotonic() < deadline:
            resumed = {"Last-Event-ID": last} if last else {}
            try:
                async with self.client.stream(
                    "GET", f"/track-order/{order_id}", headers=self.headers | resumed, timeout=30
                ) as stream:
                    async for line in stream.aiter_lines():
                        if line.startswith("id: "):
                            last = line[4:]
                        status = _status(line)
                        if status is not None:
                            if _RANK[status] < rank:
                                self.seen.backwards.append(order_id)
                            rank = max(rank, _RANK[status])
                            if status in OVER:
                                return
            except httpx2.TransportError:
                pass
            await asyncio.sleep(0.3)


def _status(line: str) -> Status | None:
    _, found, rest = line.partition('"status":')
    return Status(rest.lstrip().split('"')[1]) if line.startswith("data: ") and found else None


# -- the city


async def _prepare(services: Services, parts: Parts, customers: int) -> tuple[list[str], dict[int, int]]:
    """So many customers' tokens, and the stock of dishes that are plenty. One dish of each restaurant is scarce."""
    password_hash = await services.auth.passwords.hash(PASSWORD)
    people = [
        User(email=f"load{n}@vivace.example", name=f"Load {n}", role=Role.CUSTOMER, password_hash=password_hash,
             x=n % 40, y=n % 24)
        for n in range(customers)
    ]  # fmt: skip
    async with parts.db.transaction() as session:
        session.add_all(people)
        await session.execute(update(Dish).values(stock=_STOCK))
        rows = (await session.execute(select(Dish.restaurant_id, Dish.id).order_by(Dish.id))).all()
        scarce = dict(reversed(rows))  # the first one of each
        await session.execute(update(Dish).where(Dish.id.in_(scarce.values())).values(stock=_SCARCE))
        before = await sold(session)  # the simulation is at it already; whoever orders now waits for us
    plenty = {dish: _STOCK + before.get(dish, 0) for _, dish in rows if dish not in scarce.values()}
    return [(await services.auth.log_in(person)).access_token for person in people], plenty


def _workers(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


async def _kill(web: int, redis: Program, seconds: float) -> list[str]:
    await asyncio.sleep(seconds / 3)
    worker = _workers(web)[-1]
    os.kill(worker, signal.SIGKILL)
    await asyncio.sleep(seconds / 3)
    await asyncio.to_thread(redis.kill)
    await asyncio.sleep(_OUTAGE)
    await asyncio.to_thread(redis.start)
    return [
        f"a worker was killed after {seconds / 3:.0f} s",
        f"redis-server, for {_OUTAGE:.0f} s, {seconds / 3:.0f} s later",
    ]


async def run(
    url: str, web: int, redis: Program, customers: int, seconds: float
) -> tuple[Seen, list[Finding], list[str]]:
    settings = Settings(_env_file=None, model=False)
    parts = Parts(settings)
    services, seen = Services(parts), Seen()
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=None)
    async with parts.running(), httpx2.AsyncClient(base_url=url, limits=limits, timeout=20) as client:
        tokens, plenty = await _prepare(services, parts, customers)
        found = (await client.get("/get-restaurants", params={"open_now": True, "size": 100})).json()["items"]
        menus = [(await client.get(f"/restaurants/{place['id']}/menu")).json() for place in found]
        until = time.monotonic() + seconds
        people = [Customer(client, token, menus, seen, number) for number, token in enumerate(tokens)]
        kills = asyncio.create_task(_kill(web, redis, seconds))
        await asyncio.gather(*(person.live(until) for person in people))
        deadline = time.monotonic() + _SETTLE
        while time.monotonic() < deadline and set(await under_way(parts.db)) & set(seen.orders.values()):
            await asyncio.sleep(1)
        stuck = sorted(set(await under_way(parts.db)) & set(seen.orders.values()))
        findings = [
            *await answered(parts.db, seen.orders),
            Finding("no order is stuck", len(seen.orders), stuck),
            *await audit(parts.db),
            await stock_taken(parts.db, plenty),
            Finding("who follows sees the steps in order", seen.followed, seen.backwards),
            Finding("everybody got an answer in the end", sum(seen.statuses.values()), seen.gave_up),
        ]
        return seen, findings, await kills


def report(seen: Seen, findings: list[Finding], killed: list[str], customers: int, seconds: float) -> str:
    machine = f"{os.cpu_count()} CPUs, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    statuses = ", ".join(f"{status}: {count}" for status, count in sorted(seen.statuses.items()))
    return f"""# Food delivery under load

{customers} customers ordered for {seconds:.0f} s, on {datetime.now(UTC):%Y-%m-%d}; PostgreSQL, Redis, NATS, two
workers, the simulation and the customers on one machine: {machine}. Meanwhile {"; ".join(killed)}.

| must hold | looked at | holds |
|---|---|---|
{_lines(_check(finding) for finding in findings)}

| route | answers | median, ms | 95th percentile, ms |
|---|---|---|---|
{_lines(_times(name, taken) for name, taken in seen.seconds.items() if taken)}

Times are as the customers see them, who share the machine with the servers.

Answers by status: {statuses}. Those from 500 on are what is answered while a server is away; customers ask again.
"""


def _check(finding: Finding) -> str:
    rule, looked_at, broken = finding
    return f"| {rule} | {looked_at} | {f'NO: {len(broken)}, such as {list(broken)[:5]}' if broken else 'yes'} |"


def _times(name: str, taken: list[float]) -> str:
    late = sorted(taken)[int(len(taken) * 0.95)]
    return f"| {name} | {len(taken)} | {1000 * statistics.median(taken):.0f} | {1000 * late:.0f} |"


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=500)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--report", type=Path, default=Path("food-delivery-load.md"))
    asked = parser.parse_args()
    with servers() as (named, redis):
        os.environ.update(named, FOOD_SECRET_KEY=secrets.token_urlsafe(32), FOOD_PACE="60", FOOD_PAYMENT_SECONDS="0.05")
        os.environ.setdefault("FOOD_MODEL", "false")
        port = free_port()
        command = [sys.executable, "-c", "from examples.food_delivery.start import serve; serve('--workers', '2')"]
        options = ["--host", "127.0.0.1", "--port", str(port), "--no-access-log", "--log-level", "warning"]
        web = Program([*command, *options], port, quiet=False)
        with web.running():
            assert web.process is not None
            seen, findings, killed = asyncio.run(
                run(f"http://127.0.0.1:{port}", web.process.pid, redis, asked.customers, 60 * asked.minutes)
            )
    asked.report.write_text(text := report(seen, findings, killed, asked.customers, 60 * asked.minutes))
    print(text)
    sys.exit(any(finding.broken for finding in findings))


if __name__ == "__main__":
    main()
