"""What is killed meanwhile: after a third of the time a worker, after two thirds redis-server, which comes back."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

from examples.food_delivery.full import Program
from examples.food_delivery.load.usage import Usage

AWAY = 2.0  # seconds without Redis


async def kill(web: Program, redis: Program, usage: Usage, seconds: float) -> list[str]:
    """Both, within so many seconds. What is said of it in the report."""
    await asyncio.sleep(seconds / 3)
    os.kill(workers(web)[-1], signal.SIGKILL)
    await asyncio.sleep(seconds / 3)
    usage.leaves("Redis")
    await asyncio.to_thread(redis.kill)
    await asyncio.sleep(AWAY)
    await asyncio.to_thread(redis.start)
    assert redis.process is not None
    usage.comes("Redis", redis.process.pid)
    return [
        f"a worker was killed after {seconds / 3:.0f} s",
        f"redis-server {seconds / 3:.0f} s later, and started again after {AWAY:.0f} s",
    ]


def workers(web: Program) -> list[int]:
    assert web.process is not None
    pid = web.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]
