"""A city for each test: on SQLite and on PostgreSQL, through both doors, with nobody in it who acts by themselves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from examples.food_delivery.app import create_app
from examples.food_delivery.settings import Settings
from tests.doors import Call
from tests.doors import call as call
from tests.examples.food_delivery.city import City
from tests.kit.sql.conftest import postgres as postgres
from tests.kit.sql.conftest import url as url
from vivace import FastAPI


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def settings(url: str) -> Settings:
    return Settings(
        _env_file=None,
        database_url=url,
        secret_key="a key for tests, of 32 bytes or more",
        simulation=False,
        payment_failures=0,
        payment_seconds=0,
    )


@pytest.fixture
def app(settings: Settings) -> FastAPI:
    return create_app(settings)


@pytest.fixture
def city(app: FastAPI, call: Call) -> Iterator[City]:
    with call(app) as client:
        yield City(app, client)
