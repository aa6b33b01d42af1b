"""Stores of every backend: `def test_it(store): ...` runs with each of them, empty."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.doors import call as call
from tests.kit.redis_server import redis_server, serving_redis
from tests.servers import free_port
from vivace.kit.store import Store

BACKENDS = ["memory", "sqlite", "redis"]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def redis_program() -> Path:
    program = redis_server()
    if program is None:
        brought = sys.platform == "linux" and sys.version_info < (3, 14)
        assert not (brought and os.environ.get("CI")), "the test extra brings a redis-server for this Python"
        pytest.skip("no redis-server: neither from the test extra (which has none for this Python) nor on PATH")
    return program


@pytest.fixture(scope="session")
def redis_url(redis_program: Path) -> Iterator[str]:
    with serving_redis(redis_program) as port:
        yield f"redis://127.0.0.1:{port}/0"


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def store_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if backend == "redis":
        return request.getfixturevalue("redis_url")
    return "memory://" if backend == "memory" else f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture
def namespace() -> str:
    """One that no other test has: they share a Redis server."""
    return uuid4().hex


@pytest.fixture
async def store(store_url: str, namespace: str, anyio_backend: str) -> AsyncIterator[Store]:
    async with Store.from_url(store_url, namespace=namespace) as store:
        yield store


@pytest.fixture
def served_store(store_url: str, namespace: str) -> Store:
    """For an application that closes it: `application(store)` of tests.kit.applications."""
    return Store.from_url(store_url, namespace=namespace)


@pytest.fixture
def down() -> Store:
    """A store that is never there."""
    return Store.from_url(f"redis://127.0.0.1:{free_port()}/0")
