"""Idempotency between processes, and when one of them dies."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx2
import pytest

from tests.doors import Call
from tests.kit.applications import application
from tests.kit.hammer import hammer
from vivace import FastAPI, Request
from vivace.kit.limits import KitRoute, Limits
from vivace.kit.limits.idempotency import _fingerprint
from vivace.kit.store import Store

KEY = {"Idempotency-Key": "a"}


def shop(app: FastAPI, store: Store, **terms: Any) -> FastAPI:
    app.router.route_class = KitRoute

    @app.post("/pay")
    @Limits(store).idempotent(**terms)
    async def pay() -> int:
        await asyncio.sleep(0.2)  # long enough for the other process to come meanwhile
        return await store.increment("paid")

    return app


async def pay(store: Store) -> list[Any]:
    transport = httpx2.ASGITransport(app=shop(FastAPI(), store))
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        answers = await asyncio.gather(*[client.post("/pay", headers=KEY) for _ in range(25)])
    return [answer.json() for answer in answers]


@pytest.mark.parametrize("shared", ["sqlite", "redis"])
def test_of_fifty_in_two_processes_one_runs(
    shared: str, namespace: str, request: pytest.FixtureRequest, tmp_path: Any
) -> None:
    url = request.getfixturevalue("redis_url") if shared == "redis" else f"sqlite:///{tmp_path / 'store.db'}"
    assert hammer(url, namespace, f"{__name__}:pay") == [[1] * 25] * 2


def test_after_the_lease_of_a_process_that_died_another_one_runs(call: Call, served_store: Store) -> None:
    app = shop(application(served_store), served_store)
    answered: list[bool] = []

    @app.post("/die")
    async def die() -> None:
        """Leave what a process leaves that dies in the midst."""
        scope = {"type": "http", "method": "POST", "path": "/pay", "query_string": b"", "headers": []}

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b""}

        record = {"state": "pending", "fingerprint": await _fingerprint(Request(scope, receive))}
        place = f"{__name__}.shop.<locals>.pay|0:|a"
        records = served_store.namespace("limits").namespace("idempotency")
        answered.append(await records.compare_and_set(place, None, json.dumps(record).encode(), ttl=0.3))

    with call(app) as client:
        client.post("/die")
        assert answered == [True]
        first, second = (client.post("/pay", headers=KEY) for _ in range(2))
    assert (first.json(), second.json()) == (1, 1)
    assert "idempotency-replayed" not in first.headers
    assert "idempotency-replayed" in second.headers
