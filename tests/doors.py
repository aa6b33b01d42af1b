"""Tests that go through both doors of an application: `def test_it(call): call(app).get("/")`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from vivace import FastAPI
from vivace.testclient import TestClient

Call = Callable[..., TestClient]


@pytest.fixture(params=["asgi", "wire"])
def call(request: pytest.FixtureRequest) -> Call:
    """A client for an application; answers 500 instead of raising only if asked with `raises=False`."""

    def client(app: FastAPI, *, raises: bool = True, **options: Any) -> TestClient:
        return TestClient(app, raise_server_exceptions=raises, door=request.param, **options)

    return client
