"""One computes, also between processes."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from tests.kit.hammer import hammer
from vivace.kit.cache import Cache
from vivace.kit.store import Store

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["sqlite", "redis"])
def backend(request: pytest.FixtureRequest) -> str:
    return request.param


async def compute(store: Store) -> list[int]:
    """Slow enough for the other process to come meanwhile: it has begun at the same moment."""

    @Cache(store)(ttl=60)
    async def slow() -> int:
        await asyncio.sleep(0.3)
        return await store.increment("computed")

    return await asyncio.gather(*[slow() for _ in range(10)])


async def test_of_two_processes_one_computes(store: Store, store_url: str, namespace: str) -> None:
    assert hammer(store_url, namespace, f"{__name__}:compute") == [[1] * 10] * 2
    assert await store.get("computed") == b"1"


async def test_one_whose_process_died_is_computed_by_another(store: Store, ran: Counter[str]) -> None:
    cache = Cache(store)

    @cache(ttl=60)
    async def slow() -> int:
        ran["slow"] += 1
        return ran["slow"]

    name = f"{__name__}.test_one_whose_process_died_is_computed_by_another.<locals>.slow|[]"
    assert await cache.store.lock(name, ttl=0.2).try_acquire()  # and is never released
    assert await slow() == 1


@pytest.fixture
def ran() -> Counter[str]:
    return Counter()
