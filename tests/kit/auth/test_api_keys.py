"""API keys, through both doors, on every store."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from tests.doors import Call
from tests.kit.auth.conftest import Clock
from tests.kit.auth.program import everything
from tests.kit.hammer import hammer
from vivace.kit.auth import ApiKeys
from vivace.kit.auth.stored import Stored
from vivace.kit.store import Store


def test_a_key_acts_for_its_owner_with_its_scopes(call: Call, served_store: Store) -> None:
    made = everything(served_store, api_key_prefix="shop")
    with call(made.app) as client:
        new = client.portal.call(lambda: made.auth.api_keys.create("bob", scopes=["items:read", "items:write"]))
        assert new.text.startswith(f"shop_{new.key.id}_")
        key = {"X-API-Key": new.text}
        assert client.get("/me", headers=key).json() == "bob"
        assert client.get("/who", headers=key).json()["scopes"] == ["items:read"], "no more than its owner has"
        made.people["bob"].disabled = True
        assert client.get("/me", headers=key).status_code == 401


def test_a_revoked_key_is_none(call: Call, served_store: Store) -> None:
    made = everything(served_store)
    with call(made.app) as client:
        keys = made.auth.api_keys
        one, other = (client.portal.call(lambda: keys.create("ann")) for _ in range(2))
        assert not client.portal.call(lambda: keys.revoke(one.key.id, owner="bob")), "it is ann's"
        assert client.get("/me", headers={"X-API-Key": one.text}).status_code == 200
        assert client.portal.call(lambda: keys.revoke(one.key.id, owner="ann"))
        assert not client.portal.call(lambda: keys.revoke(one.key.id))
        assert client.get("/me", headers={"X-API-Key": one.text}).status_code == 401
        assert client.get("/me", headers={"X-API-Key": other.text}).status_code == 200
        assert client.portal.call(lambda: keys.revoke(other.key.id))


def test_keys_come_in_the_header_that_was_said(call: Call, memory: Store) -> None:
    made = everything(memory, api_keys="X-Shop-Key")
    with call(made.app) as client:
        new = client.portal.call(lambda: made.auth.api_keys.create("ann"))
        assert client.get("/me", headers={"X-Shop-Key": new.text}).status_code == 200
        assert client.get("/me", headers={"X-API-Key": new.text}).status_code == 401


@pytest.mark.anyio
async def test_keys_are_listed_by_owner_and_tell_nothing_of_the_key(store: Store) -> None:
    keys = ApiKeys(Stored(store))
    before = time.time()
    new = [await keys.create("ann", name=name, scopes=["a"], ttl=ttl) for name, ttl in (("ci", None), ("tmp", 3600))]
    await keys.create("bob")
    listed = await keys.of("ann")
    assert listed == [one.key for one in new]
    assert [(key.name, key.scopes, key.owner) for key in listed] == [("ci", {"a"}, "ann"), ("tmp", {"a"}, "ann")]
    assert listed[0].expires is None
    assert before + 3600 <= (listed[1].expires or 0) <= time.time() + 3600
    assert before <= listed[0].created <= time.time()
    await keys.revoke(new[0].key.id)
    assert await keys.of("ann") == [new[1].key]
    assert await keys.of("cyn") == []


@pytest.mark.anyio
async def test_the_key_is_not_in_the_store(store: Store) -> None:
    kept: list[bytes] = []

    genuine = store._backend.set

    async def keeping(key: bytes, value: bytes, ttl: int | None) -> None:
        kept.append(key + value)
        await genuine(key, value, ttl)

    store._backend.set = keeping  # type: ignore[method-assign]
    new = await ApiKeys(Stored(store)).create("ann")
    secret = new.text.split("_", 2)[2]
    assert kept
    assert all(secret.encode() not in record for record in kept)


@pytest.mark.anyio
async def test_a_key_ends_with_its_time(timed_store: Store, clock: Clock) -> None:
    keys = ApiKeys(Stored(timed_store))
    new, other = await keys.create("ann", ttl=60), await keys.create("ann")
    clock.advance(59)
    assert await keys.find(new.text) == new.key
    clock.advance(2)
    assert await keys.find(new.text) is None
    assert await keys.of("ann") == [other.key]


@pytest.mark.anyio
async def test_what_is_nearly_a_key_is_none(store: Store) -> None:
    keys = ApiKeys(Stored(store))
    one, other = await keys.create("ann"), await keys.create("ann")
    prefix, key_id, secret = one.text.split("_", 2)
    for text in (
        f"{prefix}_{other.key.id}_{secret}",
        f"{prefix}_{key_id}_{secret[:-1]}",
        f"{prefix}_{key_id}_{'A' * 43}",
        f"other_{key_id}_{secret}",
        f"{prefix}_{key_id.upper()}_{secret}",
        one.text + "\n",
        one.text + "=",
        f"{prefix}_{key_id}",
        "",
    ):
        assert await keys.find(text) is None, text
    assert await keys.find(one.text) == one.key


@pytest.mark.anyio
async def test_many_that_are_made_at_once_are_all_listed(store: Store) -> None:
    keys = ApiKeys(Stored(store))
    made = await asyncio.gather(*(keys.create("ann") for _ in range(15)))
    assert {key.id for key in await keys.of("ann")} == {new.key.id for new in made}


async def make_some(store: Store) -> list[str]:
    keys = ApiKeys(Stored(store))
    return [(await keys.create("ann")).key.id for _ in range(15)]


@pytest.mark.anyio
@pytest.mark.parametrize("shared", ["sqlite", "redis"])
async def test_those_of_two_processes_are_all_listed(
    shared: str, namespace: str, request: pytest.FixtureRequest, tmp_path: Any
) -> None:
    url = request.getfixturevalue("redis_url") if shared == "redis" else f"sqlite:///{tmp_path / 'store.db'}"
    made = {key_id for ids in hammer(url, namespace, f"{__name__}:make_some") for key_id in ids}
    async with Store.from_url(url, namespace=namespace) as store:
        assert {key.id for key in await ApiKeys(Stored(store)).of("ann")} == made
    assert len(made) == 30


def test_a_prefix_that_could_not_be_told_from_the_rest_is_refused(memory: Store) -> None:
    for prefix in ("", "a_b", "x" * 21, "é"):
        with pytest.raises(ValueError, match="letters, digits and dashes"):
            ApiKeys(Stored(memory), prefix)
