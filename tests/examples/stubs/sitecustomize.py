"""For a server under test: `asyncio.sleep(5)` is over when as many as SLEEPERS says sleep at the same time.

Imported by Python itself where this folder is on PYTHONPATH. All other sleeps are as they were.
"""

from __future__ import annotations

import asyncio
import os

SECONDS = 5
NUMBER = int(os.environ["SLEEPERS"])

_sleep = asyncio.sleep
_together = asyncio.Barrier(NUMBER)


async def sleep(delay: float, result: object = None) -> object:
    if delay != SECONDS:
        return await _sleep(delay, result)
    if await _together.wait() == 0:  # one of them tells
        print(f"{NUMBER} are asleep for {SECONDS} s", flush=True)
    return result


asyncio.sleep = sleep
