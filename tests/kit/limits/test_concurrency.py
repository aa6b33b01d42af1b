"""How many at once, through both doors, on every store."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import pytest

from tests.doors import Call
from tests.kit.applications import application, at_once
from vivace import Depends, HTTPException
from vivace.kit.limits import Limits, everybody
from vivace.kit.limits.concurrency import ACQUIRE, RELEASE
from vivace.kit.store import Store
from vivace.responses import StreamingResponse


def test_so_many_are_at_it_and_no_more(call: Call, served_store: Store) -> None:
    app = application(served_store)
    refused, seen = asyncio.Event(), Counter[str]()

    @app.get("/slow", dependencies=[Depends(Limits(served_store).concurrency(3, by=everybody))])
    async def slow() -> str:
        seen["inside"] += 1
        await refused.wait()
        return "ok"

    @app.post("/refused")
    async def set_refused() -> None:
        refused.set()

    with call(app) as client:

        def ask() -> int:
            answer = client.get("/slow")
            seen[str(answer.status_code)] += 1
            if seen["429"] == 5:
                client.post("/refused")
            if answer.status_code == 429:
                assert answer.headers["retry-after"] == "1"
                assert answer.json() == {"detail": "Too many requests at once: more than 3"}
            return answer.status_code

        assert Counter(at_once(8, ask)) == {200: 3, 429: 5}
        assert [client.get("/slow").status_code for _ in range(4)] == [200] * 4, "they have given it back"


@pytest.mark.parametrize("kind", ["an error", "a refusal", "a stream"])
def test_it_is_given_back_however_the_request_ends(call: Call, served_store: Store, kind: str) -> None:
    app = application(served_store)

    async def pieces() -> AsyncIterator[bytes]:
        yield b"a"
        yield b"b"

    @app.get("/", dependencies=[Depends(Limits(served_store).concurrency(1))])
    async def end() -> object:
        if kind == "an error":
            raise RuntimeError
        if kind == "a refusal":
            raise HTTPException(404)
        return StreamingResponse(pieces())

    with call(app, raises=False) as client:
        statuses = {client.get("/").status_code for _ in range(3)}
    assert statuses == {{"an error": 500, "a refusal": 404, "a stream": 200}[kind]}


@pytest.mark.anyio
async def test_what_a_process_that_died_held_is_given_back_after_its_lease(store: Store) -> None:
    second = 1_000_000
    assert await store.run(ACQUIRE, "key", 2, second // 20, b"dead") == 1
    assert await store.run(ACQUIRE, "key", 2, 3600 * second, b"alive") == 1
    assert await store.run(ACQUIRE, "key", 2, second, b"third") in (0, 1)
    async with asyncio.timeout(10):
        while not await store.run(ACQUIRE, "key", 2, 3600 * second, b"next"):
            await asyncio.sleep(0.01)
    assert await store.run(RELEASE, "key", b"dead") == 0
    assert await store.run(RELEASE, "key", b"alive") == 1
    assert await store.run(RELEASE, "key", b"next") == 1


@pytest.mark.anyio
async def test_leases_count_exactly(store: Store) -> None:
    hour = 3600 * 1_000_000
    tokens = [b"%d" % number for number in range(20)]
    taken = await asyncio.gather(*[store.run(ACQUIRE, "key", 7, hour, token) for token in tokens])
    assert sum(taken) == 7
    released = await asyncio.gather(*[store.run(RELEASE, "key", token) for token in tokens])
    assert released == taken
    assert await store.get("key") is None


@pytest.mark.parametrize(("on_store_down", "status"), [("open", 200), ("closed", 503)])
def test_without_the_store(call: Call, down: Store, on_store_down: str, status: int) -> None:
    app = application(down)
    limits = Limits(down, on_store_down=on_store_down)  # type: ignore[arg-type]
    app.get("/", dependencies=[Depends(limits.concurrency(1))])(lambda: "ok")
    with call(app) as client:
        assert [client.get("/").status_code for _ in range(2)] == [status] * 2


def test_by_what_a_dependency_says(call: Call, served_store: Store) -> None:
    app = application(served_store)

    def user(who: str) -> str:
        return who

    inside: list[int] = []

    @app.get("/", dependencies=[Depends(Limits(served_store).concurrency(1, by=Depends(user)))])
    async def nested(who: str, again: str = "") -> int:
        inside.append(1)
        return len(inside)

    with call(app) as client:
        assert [client.get(f"/?who={who}").status_code for who in ("a", "b", "a")] == [200] * 3
        assert client.get("/").status_code == 422


@pytest.mark.parametrize(("most", "lease"), [(0, 1.0), (1, 0.0), (1, 1e9)])
def test_what_makes_no_sense_is_refused(most: int, lease: float) -> None:
    with pytest.raises(ValueError, match="at least 1, for up to a day"):
        Limits(Store.from_url("memory://")).concurrency(most, lease=lease)
