"""Refresh tokens: each is good once, whoever comes at once, from however many processes; reuse ends the login."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest

from tests.doors import Call
from tests.kit.applications import at_once
from tests.kit.auth.conftest import Clock
from tests.kit.auth.program import bearer, log_in, program, refresh
from tests.kit.hammer import hammer
from vivace.kit.auth import TokenPolicy
from vivace.kit.auth.epochs import Epochs
from vivace.kit.auth.refresh import Families, Family
from vivace.kit.auth.refusal import InvalidToken
from vivace.kit.auth.stored import Stored
from vivace.kit.store import Store

GRACE = TokenPolicy(grace=600)


def test_reuse_ends_the_login(call: Call, served_store: Store, caplog: pytest.LogCaptureFixture) -> None:
    with call(program(served_store).app) as client:
        first, other = log_in(client), log_in(client)
        second = refresh(client, first["refresh_token"]).json()
        assert client.get("/me", headers=bearer(second["access_token"])).status_code == 200
        assert refresh(client, first["refresh_token"]).status_code == 401
        for tokens in (first, second):
            assert client.get("/me", headers=bearer(tokens["access_token"])).status_code == 401
            assert refresh(client, tokens["refresh_token"]).status_code == 401
        assert refresh(client, other["refresh_token"]).status_code == 200, "another login goes on"
    warned = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert len(warned) == 1
    assert "of 'ann', is revoked" in warned[0]


def test_a_token_from_long_ago_ends_the_login_too(call: Call, served_store: Store) -> None:
    with call(program(served_store, tokens=GRACE).app) as client:
        first = tokens = log_in(client)
        for _ in range(3):
            tokens = refresh(client, tokens["refresh_token"]).json()
        assert refresh(client, first["refresh_token"]).status_code == 401
        assert refresh(client, tokens["refresh_token"]).status_code == 401


def test_within_the_grace_the_one_before_is_refused_and_the_login_goes_on(call: Call, served_store: Store) -> None:
    with call(program(served_store, tokens=GRACE).app) as client:
        first = log_in(client)
        second = refresh(client, first["refresh_token"]).json()
        assert refresh(client, first["refresh_token"]).status_code == 401
        assert refresh(client, second["refresh_token"]).status_code == 200


def test_who_knows_a_logins_name_but_none_of_its_tokens_ends_nothing(call: Call, served_store: Store) -> None:
    with call(program(served_store).app) as client:
        tokens = log_in(client)
        sid = client.get("/who", headers=bearer(tokens["access_token"])).json()["claims"]["sid"]
        for forged in (f"{sid[:32]}.{'a' * 32}", f"{'a' * 32}.{tokens['refresh_token'][33:]}", sid):
            assert refresh(client, forged).status_code == 401
        assert refresh(client, tokens["refresh_token"]).status_code == 200


def test_of_many_at_once_one_succeeds_and_the_login_ends(call: Call, served_store: Store) -> None:
    """Without grace, one of two who have the same token is a thief: nobody can tell which."""
    with call(program(served_store).app) as client:
        token = log_in(client)["refresh_token"]
        answers = at_once(12, lambda: refresh(client, token))
        assert Counter(answer.status_code for answer in answers) == {200: 1, 401: 11}
        won = next(answer.json() for answer in answers if answer.status_code == 200)
        assert client.get("/me", headers=bearer(won["access_token"])).status_code == 401
        assert refresh(client, won["refresh_token"]).status_code == 401


def test_of_many_at_once_within_the_grace_one_succeeds_and_goes_on(call: Call, served_store: Store) -> None:
    with call(program(served_store, tokens=GRACE).app) as client:
        token = log_in(client)["refresh_token"]
        answers = at_once(12, lambda: refresh(client, token))
        assert Counter(answer.status_code for answer in answers) == {200: 1, 401: 11}
        won = next(answer.json() for answer in answers if answer.status_code == 200)
        assert client.get("/me", headers=bearer(won["access_token"])).status_code == 200
        assert refresh(client, won["refresh_token"]).status_code == 200


def test_what_fails_before_the_rotation_does_not_use_the_token_up(call: Call, memory: Store) -> None:
    made = program(memory)
    with call(made.app, raises=False) as client:
        token = log_in(client)["refresh_token"]
        made.people.fail = True
        assert refresh(client, token).status_code == 500
        made.people.fail = False
        assert refresh(client, token).status_code == 200


# -- times, by the store's clock


def families(store: Store, policy: TokenPolicy) -> Families:
    stored = Stored(store)
    return Families(stored, Epochs(store, policy.lifetime), policy)


@pytest.mark.anyio
async def test_a_token_that_lies_unused_too_long_has_ended(timed_store: Store, clock: Clock) -> None:
    made = families(timed_store, TokenPolicy(access_ttl=10, refresh_ttl=100, lifetime=1000))
    family = await made.begin("ann", ["a"])
    clock.advance(99)
    family = await made.rotate(family)
    clock.advance(99)
    family = await made.rotate(family)
    clock.advance(101)
    with pytest.raises(InvalidToken):
        await made.rotate(family)
    assert await made.is_revoked(family.sid, "ann")


@pytest.mark.anyio
async def test_a_login_ends_with_its_lifetime_however_often_it_is_renewed(timed_store: Store, clock: Clock) -> None:
    made = families(timed_store, TokenPolicy(access_ttl=10, refresh_ttl=100, lifetime=250))
    family = await made.begin("ann", ["a"])
    for _ in range(3):
        clock.advance(80)
        family = await made.rotate(family)
    assert not await made.is_revoked(family.sid, "ann")
    clock.advance(11)
    assert await made.is_revoked(family.sid, "ann")
    with pytest.raises(InvalidToken):
        await made.rotate(family)


@pytest.mark.anyio
async def test_after_the_grace_the_one_before_is_taken_for_stolen(timed_store: Store, clock: Clock) -> None:
    made = families(timed_store, TokenPolicy(grace=10))
    first = await made.begin("ann", ["a"])
    second = await made.rotate(first)
    clock.advance(9.9)
    with pytest.raises(InvalidToken, match="used just now"):
        await made.rotate(first)
    clock.advance(0.2)
    with pytest.raises(InvalidToken, match="its family is revoked"):
        await made.rotate(first)
    with pytest.raises(InvalidToken, match="has ended"):
        await made.rotate(second)


@pytest.mark.anyio
async def test_an_epoch_is_forgotten_when_nothing_from_before_can_be_left(timed_store: Store, clock: Clock) -> None:
    policy = TokenPolicy(access_ttl=10, refresh_ttl=100, lifetime=100)
    made, epochs = families(timed_store, policy), Epochs(timed_store, policy.lifetime)
    before = await made.begin("ann", [])
    clock.advance(50)
    await epochs.end("ann")
    after = await made.begin("ann", [])
    assert await made.is_revoked(before.sid, "ann")
    assert not await made.is_revoked(after.sid, "ann")
    clock.advance(60)
    assert await made.is_revoked(before.sid, "ann")
    assert not await made.is_revoked(after.sid, "ann")
    clock.advance(40)
    last = await made.begin("ann", [])
    assert not await made.is_revoked(last.sid, "ann")


@pytest.mark.anyio
async def test_a_store_that_forgets_logs_out_and_never_in() -> None:
    """The least recently used goes first: the epoch, which was looked at with the family, after the family."""
    store = Store.from_url("memory://?max_entries=6")
    made, epochs = families(store, TokenPolicy()), Epochs(store, 1000)
    ended = await made.begin("ann", [])
    await epochs.end("ann")
    for number in range(6):
        assert await made.is_revoked(ended.sid, "ann")
        await store.set(f"flood {number}", b"")
    for number in range(6, 12):
        await store.set(f"flood {number}", b"")
        assert await made.is_revoked(ended.sid, "ann")


@pytest.mark.anyio
async def test_a_family_is_its_subjects_only(store: Store) -> None:
    made = families(store, TokenPolicy())
    family = await made.begin("ann", [])
    assert not await made.is_revoked(family.sid, "ann")
    assert await made.is_revoked(family.sid, "bob")


# -- between processes


SHARED = "a" * 32 + "." + "b" * 32


async def race(store: Store) -> list[str]:
    """What each of this process's tries with the shared token gives: a token, or why not."""
    made = families(store, TokenPolicy(grace=600))
    family = await made.peek(SHARED)

    async def once(_: int) -> str:
        try:
            return (await made.rotate(family)).token
        except InvalidToken as error:
            return str(error)

    return await asyncio.gather(*map(once, range(20)))


@pytest.mark.anyio
@pytest.mark.parametrize("shared", ["sqlite", "redis"])
async def test_of_forty_in_two_processes_one_succeeds(
    shared: str, namespace: str, request: pytest.FixtureRequest, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = request.getfixturevalue("redis_url") if shared == "redis" else f"sqlite:///{tmp_path / 'store.db'}"
    async with Store.from_url(url, namespace=namespace) as store:
        made = families(store, TokenPolicy(grace=600))
        parts = iter(SHARED.split("."))
        with monkeypatch.context() as patch:
            patch.setattr("vivace.kit.auth.refresh.secrets.token_urlsafe", lambda _: next(parts))
            assert (await made.begin("ann", [])).token == SHARED
        results = [result for results in hammer(url, namespace, f"{__name__}:race") for result in results]
        won = [result for result in results if "." in result]
        assert len(won) == 1
        assert Counter(results)["it was used just now"] == 39
        family: Family = await made.peek(won[0])
        assert await made.rotate(family)
