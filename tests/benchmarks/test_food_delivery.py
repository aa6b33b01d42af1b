"""The flagship's hottest routes: both programs answer them rightly, on real servers."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from benchmarks import interpreter
from benchmarks.food_delivery.__main__ import PEERS, environment, scenarios
from benchmarks.run import Settings, check_all
from examples.food_delivery.full import servers
from tests.kit.nats_server import nats_server
from tests.kit.redis_server import redis_server


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def own_interpreter() -> Iterator[None]:
    interpreter.keep_own()
    yield
    interpreter._own_only = False
    interpreter.choose.cache_clear()


@pytest.mark.socket
@pytest.mark.timeout(120)
@pytest.mark.skipif(
    redis_server() is None or nats_server() is None, reason="needs redis-server and nats-server: vivace[test]"
)
@pytest.mark.anyio
async def test_each_answers_each_scenario_as_the_services_do(
    own_interpreter: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    core = min(os.sched_getaffinity(0))
    with servers() as running:
        for name, value in environment(running).items():
            monkeypatch.setenv(name, value)
        check_all(list(PEERS), list(await scenarios()), Settings(server_core=core))
