"""A city for each test: on SQLite by the wire door, on PostgreSQL by ASGI, with nobody in it who acts by themselves.

Two of the four pairs, since what differs between the doors does not depend on the database.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from examples.food_delivery.app import create_app
from examples.food_delivery.settings import Settings
from tests.examples.food_delivery.city import City
from tests.kit.sql.conftest import postgres as postgres
from vivace import FastAPI
from vivace.testclient import Door, TestClient


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


DOORS: dict[str, Door] = {"sqlite": "wire", "postgresql": "asgi"}


@pytest.fixture(params=DOORS)
def database(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with a city in it, to be copied: seeding takes longer than most tests."""
    file = tmp_path_factory.mktemp("city") / "city.db"
    with TestClient(create_app(settings_for(f"sqlite:///{file}"))):
        pass
    return file


@pytest.fixture
def url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if database == "postgresql":
        return request.getfixturevalue("postgres").database()
    return f"sqlite:///{shutil.copy(request.getfixturevalue('seeded'), tmp_path / 'city.db')}"


@pytest.fixture
def settings(url: str) -> Settings:
    return settings_for(url)


def settings_for(url: str, **others: Any) -> Settings:
    return Settings(
        _env_file=None,
        database_url=url,
        secret_key="a key for tests, of 32 bytes or more",
        simulation=False,
        model=False,
        secure_cookies=False,
        payment_failures=0,
        payment_seconds=0,
        **others,
    )


@pytest.fixture
def app(settings: Settings) -> FastAPI:
    return create_app(settings)


@pytest.fixture
def city(app: FastAPI, database: str) -> Iterator[City]:
    with TestClient(app, door=DOORS[database]) as client:
        yield City(app, client)
