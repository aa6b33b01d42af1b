"""All customers in one process: what they are told comes as a line of JSON, what they have seen goes to a file.

Apart from the script, so that what making load costs is known, and so that it waits for nothing but the servers.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import aiohttp
import uvloop

from examples.food_delivery.load.people import Customer, Seen


@dataclass
class Task:
    """`seconds`: for so long they begin new orders."""

    url: str
    tokens: Sequence[str]
    seconds: float
    seen: str  # the file


async def order(task: Task) -> Seen:
    seen = Seen()
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=4.0)  # less than the server's, which ends them at 5
    async with aiohttp.ClientSession(task.url, connector=connector) as session:
        until = time.monotonic() + task.seconds
        people = [Customer(session, token, seen, number) for number, token in enumerate(task.tokens)]
        await asyncio.gather(*(person.live(until) for person in people))
    return seen


async def start(task: Task) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", __spec__.name, stdin=asyncio.subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write(json.dumps(asdict(task)).encode() + b"\n")
    await process.stdin.drain()
    return process


async def seen_by(process: asyncio.subprocess.Process, task: Task) -> tuple[Seen, float]:
    """What they have seen, when all are done, and the CPU seconds that it took them.

    Raises:
        RuntimeError: they came to an end by themselves.
    """
    if await process.wait():
        raise RuntimeError(f"the customers' process ended with {process.returncode}")
    said = json.loads(Path(task.seen).read_text())
    seen = Seen(**said["seen"])
    seen.statuses, seen.reasons = Counter(seen.statuses), Counter(seen.reasons)
    return seen, said["cpu"]


def main() -> None:
    task = Task(**json.loads(sys.stdin.readline()))
    seen = vars(uvloop.run(order(task)))
    Path(task.seen).write_text(json.dumps({"seen": seen, "cpu": time.process_time()}))


if __name__ == "__main__":
    main()
