"""Channels on every broker: `def test_it(channels): ...` runs with each of them, empty."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.kit.channels.brokers import Broker
from tests.kit.nats_server import nats_server, serving_nats
from vivace.kit.channels import Channels

BROKERS = ["memory", "redis", "nats"]


@pytest.fixture(scope="session")
def nats_program() -> Path:
    program = nats_server()
    if program is None:
        brought = sys.platform in ("linux", "darwin")
        assert not (brought and os.environ.get("CI")), "the test extra brings a nats-server"
        pytest.skip("no nats-server: neither from the test extra nor on PATH")
    return program


@pytest.fixture(scope="session")
def nats_url(nats_program: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving_nats(nats_program, tmp_path_factory.mktemp("nats")) as port:
        yield f"nats://127.0.0.1:{port}"


@pytest.fixture(params=BROKERS)
def broker(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(params=["redis", "nats"])
def killable(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Broker]:
    """With "everysec" Redis holds back what it was told while the disk is slow, and a kill takes that with it."""
    broker = Broker(request.param, request.getfixturevalue(f"{request.param}_program"), tmp_path, fsync="always")
    broker.start()
    yield broker
    broker.kill()


@pytest.fixture
def broker_url(broker: str, request: pytest.FixtureRequest) -> str:
    return "memory://" if broker == "memory" else request.getfixturevalue(f"{broker}_url")


@pytest.fixture
async def channels(broker_url: str, namespace: str, anyio_backend: str) -> AsyncIterator[Channels]:
    async with Channels.from_url(broker_url, namespace=namespace) as channels:
        yield channels


@pytest.fixture
def served(broker_url: str, namespace: str) -> Channels:
    """For an application that enters them: `application(channels)` of tests.kit.applications."""
    return Channels.from_url(broker_url, namespace=namespace)
