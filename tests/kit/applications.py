"""Applications for tests of the kit, and many requests at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

from vivace import FastAPI
from vivace.kit.store import Store


def application(store: Store, **options: Any) -> FastAPI:
    """One that closes its store in the end: `with call(app) as client`."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with store:
            yield

    return FastAPI(lifespan=lifespan, **options)


class Meeting:
    """So many are awaited before somebody goes on."""

    def __init__(self, number: int) -> None:
        self._missing, self._all = number, asyncio.Event()

    def come(self) -> None:
        self._missing -= 1
        if not self._missing:
            self._all.set()

    async def all_here(self) -> None:
        await self._all.wait()


def at_once(number: int, request: Callable[[], Any]) -> list[Any]:
    """What `number` requests answer that are all under way together."""
    with ThreadPoolExecutor(number) as threads:
        return [future.result() for future in [threads.submit(request) for _ in range(number)]]
