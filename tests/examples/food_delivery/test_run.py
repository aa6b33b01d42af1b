"""`python -m examples.food_delivery`, as somebody starts it: couriers move within seconds, over a real socket."""

from __future__ import annotations

import json
import sys
from typing import Any

import httpx2
import pytest

from examples.food_delivery.seed import DEMO, PASSWORD
from tests.servers import serving

pytestmark = pytest.mark.socket


def test_the_city_moves_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FOOD_DATABASE_URL", raising=False)
    with (
        serving([sys.executable, "-m", "examples.food_delivery"]) as server,
        httpx2.Client(base_url=server.url) as client,
    ):
        assert len(courier_positions(client, 3)) == 3
        form = {"username": DEMO[0].email, "password": PASSWORD}
        assert client.post("/login", data=form).status_code == 200
        status, output = server.stop()
    assert status in (0, 130, -2)
    assert "Traceback" not in output
    for demo in DEMO:
        assert demo.email in output
    assert PASSWORD in output


def courier_positions(client: httpx2.Client, number: int) -> set[tuple[float, float]]:
    """So many different places of a courier, as the city is told."""
    places: set[tuple[float, float]] = set()
    with client.stream("GET", "/city/events") as events:
        for data in _data(events):
            places |= {(courier["x"], courier["y"]) for courier in data["couriers"][:1]}
            if len(places) >= number:
                break
    return places


def _data(events: httpx2.Response) -> Any:
    for line in events.iter_lines():
        if line.startswith("data: "):
            yield json.loads(line.removeprefix("data: "))
