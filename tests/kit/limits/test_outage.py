"""Idempotent requests whose store goes away while they are under way, and what takes longer than its lease.

`other` is another application on the same store: to it, another process.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.doors import Call
from tests.kit.redis_server import serving_redis
from tests.servers import free_port
from vivace import FastAPI
from vivace.kit.limits import KitRoute, Limits, unwritten
from vivace.kit.store import Store

LOGGER = "vivace.kit.limits"


class Redis:
    """A server that keeps nothing when it is killed."""

    def __init__(self, program: Path) -> None:
        self._program, self._port, self._running = program, free_port(), ExitStack()
        self.url = f"redis://127.0.0.1:{self._port}/0"

    def start(self) -> None:
        self._running.enter_context(serving_redis(self._program, self._port))

    def kill(self) -> None:
        self._running.close()


@pytest.fixture
def redis(redis_program: Path) -> Iterator[Redis]:
    redis = Redis(redis_program)
    redis.start()
    yield redis
    redis.kill()


def key(value: str = "a") -> dict[str, str]:
    return {"Idempotency-Key": value}


def shop(store: Store, work: Callable[[], Any], **terms: Any) -> FastAPI:
    limits = Limits(store)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with store, limits:
            yield

    app = FastAPI(lifespan=lifespan)
    app.router.route_class = KitRoute

    @app.post("/pay")
    @limits.idempotent(**terms)
    async def pay() -> Any:
        return await work()

    @app.get("/unwritten")
    async def count_unwritten() -> int:
        return len(limits._records._unwritten)

    return app


class Work:
    """Counts how often it ran, and has the server killed meanwhile."""

    def __init__(self, redis: Redis) -> None:
        self.redis, self.ran = redis, 0

    async def __call__(self) -> int:
        self.ran += 1
        await asyncio.to_thread(self.redis.kill)
        return self.ran


def told(caplog: pytest.LogCaptureFixture, level: str) -> list[str]:
    return [record.getMessage() for record in caplog.records if (record.name, record.levelname) == (LOGGER, level)]


# -- the store is away when the endpoint ends


def test_the_answer_is_kept_in_memory_and_written_when_the_store_is_back(
    call: Call, redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    work = Work(redis)
    caplog.set_level(logging.INFO, LOGGER)
    with call(shop(Store.from_url(redis.url), work)) as client:
        first, again = (client.post("/pay", headers=key()) for _ in range(2))
        assert first.json() == again.json() == 1
        assert "idempotency-replayed" not in first.headers
        assert again.headers["idempotency-replayed"] == "true", "duplicates get it here, without the store"
        assert client.post("/pay?x=1", headers=key()).status_code == 422
        assert client.post("/pay", headers=key("b")).status_code == 503, "others are refused as before"
        redis.start()
        while client.get("/unwritten").json():
            pass
        assert told(caplog, "INFO") == ["The answers of idempotent requests are written"]
        with call(shop(Store.from_url(redis.url), work)) as other:
            there = other.post("/pay", headers=key())
        assert (there.json(), there.headers["idempotency-replayed"]) == (1, "true")
    assert work.ran == 1
    assert len([text for text in told(caplog, "WARNING") if "kept in memory until" in text]) == 1


def test_at_the_end_there_is_a_last_try(call: Call, redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unwritten, "_FIRST_PAUSE", 3600)
    work = Work(redis)
    with call(shop(Store.from_url(redis.url), work)) as client:
        assert client.post("/pay", headers=key()).json() == 1
        redis.start()
    with call(shop(Store.from_url(redis.url), work)) as other:
        assert other.post("/pay", headers=key()).headers["idempotency-replayed"] == "true"
    assert work.ran == 1


def test_what_is_lost_with_the_process_is_told(call: Call, redis: Redis, caplog: pytest.LogCaptureFixture) -> None:
    with call(shop(Store.from_url(redis.url), Work(redis))) as client:
        assert client.post("/pay", headers=key()).json() == 1
    assert told(caplog, "ERROR") == ["1 answers of idempotent requests are lost: they may run again"]


# -- the endpoint takes longer than its lease


class Slow:
    """Counts how often it ran; the first run goes on until it may end."""

    def __init__(self, meanwhile: Callable[[], Any] | None = None) -> None:
        self.ran, self._meanwhile = 0, meanwhile
        self.began, self.may_end = threading.Event(), threading.Event()

    async def __call__(self) -> int:
        self.ran += 1
        if self._meanwhile is not None:
            await self._meanwhile()
        self.began.set()
        await asyncio.to_thread(self.may_end.wait, 20)
        return self.ran


def test_a_lease_is_prolonged_while_the_endpoint_is_at_it(call: Call, served_store: Store) -> None:
    work = Slow()
    with (
        call(shop(served_store, work, lease=0.3)) as client,
        call(shop(served_store, work, lease=0.3, wait=1)) as other,
        ThreadPoolExecutor(1) as thread,
    ):
        first = thread.submit(client.post, "/pay", headers=key())
        assert work.began.wait(20)
        assert other.post("/pay", headers=key()).status_code == 409, "after three leases it has not begun"
        work.may_end.set()
        assert first.result().json() == 1
        assert other.post("/pay", headers=key()).headers["idempotency-replayed"] == "true"
    assert work.ran == 1


def test_a_store_that_comes_back_empty_is_told_who_is_under_way(call: Call, redis: Redis) -> None:
    store = Store.from_url(redis.url)

    async def lose_everything() -> None:
        assert await records() == 1
        await asyncio.to_thread(redis.kill)
        await asyncio.to_thread(redis.start)
        while not await records():
            await asyncio.sleep(0.01)

    async def records() -> int:
        backend: Any = store._backend
        return int(await backend._client().dbsize())

    work = Slow(lose_everything)
    with (
        call(shop(store, work, lease=0.3)) as client,
        call(shop(Store.from_url(redis.url), work, wait=0)) as other,
        ThreadPoolExecutor(1) as thread,
    ):
        first = thread.submit(client.post, "/pay", headers=key())
        assert work.began.wait(20)
        assert other.post("/pay", headers=key()).status_code == 409
        work.may_end.set()
        assert first.result().json() == 1
        assert other.post("/pay", headers=key()).headers["idempotency-replayed"] == "true"
    assert work.ran == 1


def test_duplicates_here_wait_without_a_store(call: Call, redis: Redis) -> None:
    """What is under way in this process is known to it."""

    async def lose_the_store() -> None:
        await asyncio.to_thread(redis.kill)

    work = Slow(lose_the_store)
    counted = Counter[int]()
    with call(shop(Store.from_url(redis.url), work, wait=0)) as client, ThreadPoolExecutor(1) as thread:
        first = thread.submit(client.post, "/pay", headers=key())
        assert work.began.wait(20)
        counted[client.post("/pay", headers=key()).status_code] += 1
        work.may_end.set()
        counted[first.result().status_code] += 1
        counted[client.post("/pay", headers=key()).status_code] += 1
    assert counted == {409: 1, 200: 2}
    assert work.ran == 1
