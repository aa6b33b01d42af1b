"""What runs beside the requests, from start to stop: the simulation, and the settlement of what was left open."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from examples.food_delivery.ordering.service import Orders
from examples.food_delivery.services import Services
from vivace.kit.sql import DatabaseUnavailable, TransactionConflict

logger = logging.getLogger("food_delivery.background")

_SETTLE_EVERY = 10.0  # seconds


@asynccontextmanager
async def background(services: Services, *, simulate: bool) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(_settling(services.orders), name="settling")]
    if simulate:
        tasks.append(asyncio.create_task(services.simulation.run(), name="simulation"))
    for task in tasks:
        task.add_done_callback(_told)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _settling(orders: Orders) -> None:
    while True:
        await asyncio.sleep(_SETTLE_EVERY)
        try:
            if count := await orders.settle_open():
                logger.info("settled %d orders that were left open", count)
        except (DatabaseUnavailable, TransactionConflict) as error:
            logger.warning("settling pauses: %s", error)


def _told(task: asyncio.Task[None]) -> None:
    """A task that ends by itself ends by a mistake: nobody awaits it, so it is told here."""
    if not task.cancelled() and (error := task.exception()):
        logger.error("%s has ended", task.get_name(), exc_info=error)
