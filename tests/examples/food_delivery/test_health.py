"""What probes ask: whether it lives, and whether it is ready, while the database goes away and comes back."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from examples.food_delivery.app import create_app
from examples.food_delivery.settings import Settings
from tests.doors import Call, call
from tests.examples.food_delivery.city import City
from tests.examples.food_delivery.conftest import settings_for
from tests.kit.sql.servers import Postgres, postgres_server
from vivace.testclient import TestClient

__all__ = ["call"]


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """One of its own: others are in the middle of their tests."""
    with postgres_server() as server:
        yield server


def test_without_its_database_it_lives_and_is_not_ready(call: Call, server: Postgres) -> None:
    with call(create_app(settings_for(server.database()))) as client:
        server.stop()
        try:
            lives, ready = client.get("/health/live"), client.get("/health/ready")
        finally:
            server.start()
        assert (lives.status_code, ready.status_code) == (200, 503)
        report = ready.json()
        assert {name: check["status"] == "ok" for name, check in report["checks"].items()} == {
            "database": False,
            "store": True,
            "cache": True,
            "channels": True,
        }
        assert "postgres" not in ready.text, "why it failed is for the log"
        _await_ready(client)


def _await_ready(client: TestClient) -> None:
    """A result is kept for a moment, so it isn't the next request that finds all well again."""
    deadline = time.monotonic() + 20
    while client.get("/health/ready").status_code != 200:
        assert time.monotonic() < deadline, client.get("/health/ready").text
        time.sleep(0.05)


def test_without_its_cache_it_is_ready_all_the_same(call: Call, settings: Settings) -> None:
    nowhere = settings.model_copy(update={"cache_url": SecretStr("redis://:hunter2@127.0.0.1:1/0")})
    with call(create_app(nowhere)) as client:
        answer = client.get("/health/ready")
        assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
        assert answer.json()["checks"]["cache"]["status"] == "failed"
        assert "hunter2" not in answer.text
        assert client.get("/cuisines").status_code == 200


def test_probes_are_not_counted_and_everything_else_is(city: City) -> None:
    before = city.client.get("/metrics").text
    assert 'route="/health/' not in before
    city.client.get("/cuisines")
    told = city.client.get("/metrics").text
    assert 'http_requests_total{method="GET",route="/cuisines",status="200"}' in told
    assert "http_request_duration_seconds_bucket" in told
