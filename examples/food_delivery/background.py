"""What runs beside the requests, from start to stop: the simulation, and the settlement of what was left open.

Of all processes that share a store one does it; if it dies, another one goes on as soon as its lock has run out.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from examples.food_delivery.services import Services
from examples.food_delivery.simulation import TICK
from vivace.kit.sql import DatabaseUnavailable, TransactionConflict
from vivace.kit.store import Lock, LockLost, Store, StoreUnavailable

logger = logging.getLogger("food_delivery.background")

_SETTLE_EVERY = 10.0  # seconds
_LEARN_EVERY = 300.0
_LEASE = 30.0  # for so long nobody does the work of a process that died
_PAUSE = 5.0  # after something was not there


@asynccontextmanager
async def background(services: Services, store: Store, *, simulate: bool) -> AsyncIterator[None]:
    tasks = [
        _task("settling", alone(store, "settling", services.orders.settle_open, every=_SETTLE_EVERY)),
        _task("learning", _again(services.suggestions.learn, every=_LEARN_EVERY)),  # each process for itself
    ]
    if simulate:
        tasks.append(_task("simulation", alone(store, "simulation", services.simulation.tick, every=TICK)))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def alone(store: Store, name: str, work: Callable[[], Awaitable[object]], *, every: float) -> None:
    """Do it again and again, in one process of all, until cancelled."""
    while True:
        try:
            async with store.lock(name, ttl=_LEASE, wait=None) as lock:
                while True:
                    pause = await _once(name, lock, work)
                    await asyncio.sleep(pause or every)
        except (LockLost, StoreUnavailable) as error:
            logger.warning("%s pauses: %s", name, error)
            await asyncio.sleep(_PAUSE)


async def _once(name: str, lock: Lock, work: Callable[[], Awaitable[object]]) -> float:
    """Do it, if the lock is still held. After something was not there: how long to wait, in seconds.

    The lock is kept meanwhile: let go of while the store is away, it would stand until its lease has run out.
    """
    try:
        await lock.extend()
        await work()
    except (StoreUnavailable, DatabaseUnavailable, TransactionConflict) as error:
        logger.warning("%s pauses: %s", name, error)
        return _PAUSE
    return 0.0


async def _again(work: Callable[[], Awaitable[object]], *, every: float) -> None:
    while True:
        await asyncio.sleep(every)
        try:
            await work()
        except (DatabaseUnavailable, TransactionConflict) as error:
            logger.warning("what people like is not learnt now: %s", error)


def _task(name: str, work: Awaitable[None]) -> asyncio.Task[None]:
    task = asyncio.ensure_future(work)
    assert isinstance(task, asyncio.Task)
    task.set_name(name)
    task.add_done_callback(_told)
    return task


def _told(task: asyncio.Task[None]) -> None:
    """A task that ends by itself ends by a mistake: nobody awaits it, so it is told here."""
    if not task.cancelled() and (error := task.exception()):
        logger.error("%s has ended", task.get_name(), exc_info=error)
