"""Kitchens and couriers in a process of their own, as they would be: they are no part of the servers that they use."""

from __future__ import annotations

import asyncio
import contextlib
import signal

import uvloop

from examples.food_delivery.background import alone
from examples.food_delivery.parts import Parts
from examples.food_delivery.services import Services
from examples.food_delivery.settings import Settings
from examples.food_delivery.simulation import TICK


async def live() -> None:
    """Until the process is terminated."""
    settings = Settings.load_or_exit()
    parts = Parts(settings)
    services = Services(parts)
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    async with parts.running():
        await alone(parts.store, "simulation", services.simulation.tick, every=TICK)


if __name__ == "__main__":
    with contextlib.suppress(asyncio.CancelledError, KeyboardInterrupt):
        uvloop.run(live())
