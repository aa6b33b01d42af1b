"""What only the backend on Redis does: its server goes away, comes back, and forgets."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest

from tests.kit.redis_server import serving_redis
from tests.servers import free_port
from vivace.kit.store import Store, StoreError, StoreUnavailable
from vivace.kit.store.redis import RedisBackend

pytestmark = pytest.mark.anyio


async def test_a_server_that_is_not_there_is_unavailable_and_then_recovers(redis_program: Path) -> None:
    port = free_port()
    async with Store.from_url(f"redis://127.0.0.1:{port}/0") as store:
        with pytest.raises(StoreUnavailable, match=rf"redis://127\.0\.0\.1:{port}/0 can't answer"):
            await store.increment("n")
        with serving_redis(redis_program, port):
            assert await store.increment("n") == 1
            await asyncio.gather(*[store.get("n") for _ in range(5)])
        for operation in (store.get("n"), store.set("n", b"1"), store.delete("n"), store.clear(), store.ping()):
            with pytest.raises(StoreUnavailable):
                await operation
        with serving_redis(redis_program, port):
            assert sorted(await asyncio.gather(*[store.increment("n") for _ in range(5)])) == [1, 2, 3, 4, 5]


@pytest.fixture
def deaf_port() -> Iterator[int]:
    """Where connections are taken, and nothing is ever said."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


async def test_a_server_that_says_nothing_is_unavailable_after_a_time(deaf_port: int) -> None:
    async with Store.from_url(f"redis://127.0.0.1:{deaf_port}/0?socket_timeout=0.05") as store:
        with pytest.raises(StoreUnavailable, match=r"[Tt]imeout"):
            await store.get("key")


async def test_no_message_holds_the_password(redis_program: Path) -> None:
    url = f"redis://someone:s3cret@127.0.0.1:{free_port()}/0?client_name=hidden"
    async with Store.from_url(url) as store:
        with pytest.raises(StoreUnavailable) as caught:
            await store.get("key")
        told = f"{caught.value} {caught.value.__cause__} {store!r}"
    assert "s3cret" not in told
    assert "someone" not in told
    assert "hidden" not in told


async def test_wrong_credentials_are_told_as_unavailable(redis_url: str) -> None:
    async with Store.from_url(redis_url.replace("//", "//someone:s3cret@")) as store:
        with pytest.raises(StoreUnavailable, match="invalid username-password"):
            await store.get("key")


async def test_a_server_that_has_forgotten_the_scripts_is_told_them_again(store_on_redis: Store) -> None:
    backend = store_on_redis._backend
    assert isinstance(backend, RedisBackend)
    assert await store_on_redis.increment("n") == 1
    await backend._client().script_flush()
    assert await store_on_redis.increment("n") == 2


async def test_a_value_of_another_kind_is_an_error_of_its_own(store_on_redis: Store) -> None:
    backend = store_on_redis._backend
    assert isinstance(backend, RedisBackend)
    await backend._client().rpush(store_on_redis._key("list"), b"1")
    with pytest.raises(StoreError, match="WRONGTYPE") as caught:
        await store_on_redis.increment("list")
    assert not isinstance(caught.value, StoreUnavailable)


async def test_a_server_that_takes_no_writes_is_unavailable(redis_program: Path) -> None:
    with serving_redis(redis_program) as port:
        async with Store.from_url(f"redis://127.0.0.1:{port}/0") as store:
            backend = store._backend
            assert isinstance(backend, RedisBackend)
            await store.ping()
            await backend._client().config_set("maxmemory", "1")
            with pytest.raises(StoreUnavailable, match="maxmemory"):
                await store.set("key", b"1")
            with pytest.raises(StoreUnavailable, match="maxmemory"):
                await store.increment("n")
            await backend._client().config_set("maxmemory", "0")
            assert await store.increment("n") == 1


async def test_a_cancelled_operation_spoils_no_connection(store_on_redis: Store) -> None:
    await store_on_redis.set("key", b"1")
    for _ in range(20):
        with anyio.move_on_after(0):
            await store_on_redis.get("other")
    assert await asyncio.gather(*[store_on_redis.get("key") for _ in range(10)]) == [b"1"] * 10


def test_each_event_loop_connects_for_itself(redis_url: str, namespace: str) -> None:
    store = Store.from_url(redis_url, namespace=namespace)

    async def visit() -> int:
        try:
            return await store.increment("n")
        finally:
            await store.aclose()

    assert [asyncio.run(visit()) for _ in range(3)] == [1, 2, 3]


@pytest.fixture
async def store_on_redis(redis_url: str, namespace: str, anyio_backend: str) -> Store:
    async with Store.from_url(redis_url, namespace=namespace) as store:
        yield store
