"""One run: a Redis server, two workers, four loads; then the kill, the restart, and what is to hold after it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.kit.channels.brokers import Broker, Fsync
from tests.kit.load.client import Client, workers_of
from tests.kit.load.logins import Logins
from tests.kit.load.orders import Orders
from tests.kit.load.outage import Outage
from tests.kit.load.payments import Payments
from tests.kit.load.rates import Rates
from tests.kit.load.size import Row, Size
from tests.servers import BIN, ROOT, Server, serving

WORKERS = 2
LONGEST = 110.0  # seconds
_AT_ONCE = 64  # requests of each load; all duplicates of payments are
_DOWN = 1.0  # seconds for which the server stays away at least: some of what was under way ends meanwhile
_PROGRAM = Path(__file__).with_name("program.py")
_COMMAND = ("run", _PROGRAM, "--workers", WORKERS, "--no-access-log", "--log-level", "error")


class Load(Protocol):
    @property
    def client(self) -> Client: ...

    async def before(self) -> None:
        """What is to hold while nothing fails."""

    async def through(self, outage: Outage) -> None:
        """From before the kill until things go on again."""

    async def after(self) -> None:
        """What is to hold after the restart."""

    def rows(self) -> list[Row]: ...


@dataclass(frozen=True)
class Report:
    rows: dict[str, list[Row]]
    facts: dict[str, str]

    def failed(self) -> list[Row]:
        return [row for rows in self.rows.values() for row in rows if not row.holds]


def run(program: Path, folder: Path, size: Size, fsync: Fsync) -> Report:
    """`program` is the redis-server; what it keeps, and what the workers write down, is in the folder."""
    redis = Broker("redis", program, folder, fsync)
    redis.start()
    try:
        with _workers(redis, folder / "payments", size) as server:
            return asyncio.run(_drive(server, redis, folder / "payments", size))
    finally:
        redis.kill()


@contextmanager
def _workers(redis: Broker, done: Path, size: Size) -> Iterator[Server]:
    environ = {"LOAD_REDIS": redis.url, "LOAD_LIMIT": str(size.limit), "LOAD_DONE": str(done)}
    environ["LOAD_LEASE"] = str(size.lease)
    environ["PYTHONPATH"] = f"{ROOT / 'src'}:{ROOT}"
    with serving([BIN / "vivace", *map(str, _COMMAND)], env=environ) as server:
        yield server


async def _drive(server: Server, redis: Broker, done: Path, size: Size) -> Report:
    began = time.monotonic()
    async with asyncio.timeout(LONGEST), AsyncExitStack() as stack:
        port = server.port
        workers = await workers_of(port, WORKERS)
        rates = Rates(Client(port, _AT_ONCE), size)
        loads: dict[str, Load] = {
            "Rate limits": rates,
            "Idempotency keys": Payments(Client(port, 3 * size.keys * size.duplicates), size, done),
            "Refresh tokens": Logins(Client(port, _AT_ONCE), size),
            "Channels": Orders(Client(port, _AT_ONCE), size, port, stack),
        }
        async with asyncio.TaskGroup() as group:
            for load in loads.values():
                group.create_task(load.before())
        down = await _through(list(loads.values()), redis)
        async with asyncio.TaskGroup() as group:
            for load in loads.values():
                group.create_task(load.after())
    assert set(rates.by_worker) == workers, "all of them took part, and nobody has started others"
    unavailable = sum(load.client.unavailable for load in loads.values())
    served = " and ".join(f"{number:,}" for number in rates.by_worker.values())
    facts = {
        "requests that each worker let through its limits": served,
        "requests that were answered 503": f"{unavailable:,}",
        "redis-server was away for": f"{down:.1f} s",
        "the whole run took": f"{time.monotonic() - began:.0f} s",
    }
    return Report({name: load.rows() for name, load in loads.items()}, facts)


async def _through(loads: list[Load], redis: Broker) -> float:
    """Kill the server in the midst of it, start it again when all have met that; the seconds for which it was away."""
    outage = Outage(len(loads))
    async with asyncio.TaskGroup() as group:
        for load in loads:
            group.create_task(load.through(outage))
        await outage.prepared()
        await outage.in_midst()
        await asyncio.to_thread(redis.kill)
        killed = time.monotonic()
        outage.killed.set()
        await outage.met()
        await asyncio.sleep(_DOWN)
        await asyncio.to_thread(redis.start)
        down = time.monotonic() - killed
        outage.back.set()
    return down
