"""The password flow: login, refresh, logout, through both doors, on every store."""

from __future__ import annotations

from typing import Any

import pytest
from argon2 import PasswordHasher

from tests.doors import Call
from tests.kit.auth.program import SECRET, bearer, everything, log_in, program, refresh
from vivace import FastAPI
from vivace.kit.auth import Auth, TokenPair, TokenPolicy
from vivace.kit.store import Store


def test_a_password_gives_tokens_and_a_token_the_user(call: Call, served_store: Store) -> None:
    made = program(served_store)
    with call(made.app) as client:
        answer = client.post("/login", data={"username": "ann", "password": "tea", "grant_type": "password"})
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        tokens = answer.json()
        assert set(tokens) == {"access_token", "token_type", "expires_in", "refresh_token", "scope"}
        assert (tokens["token_type"], tokens["expires_in"]) == ("bearer", 900)
        assert tokens["scope"] == "items:read items:write"
        assert client.get("/me", headers=bearer(tokens["access_token"])).json() == "ann"


@pytest.mark.parametrize(("username", "password"), [("ann", "coffee"), ("nobody", "tea"), ("ann", "x" * 5000)])
def test_what_is_wrong_is_not_told(call: Call, memory: Store, username: str, password: str) -> None:
    with call(program(memory).app) as client:
        answer = client.post("/login", data={"username": username, "password": password})
        assert answer.status_code == 401
        assert answer.json() == {"detail": "Incorrect username or password"}
        assert answer.headers["www-authenticate"] == 'Bearer error="invalid_grant"'


def test_a_user_without_a_password_or_disabled_does_not_come_in(call: Call, memory: Store) -> None:
    made = program(memory)
    made.people["ann"].password_hash = None
    made.people["bob"].disabled = True
    made.people.add("cyn", "gin").password_hash = "$unknown$kind"
    with call(made.app) as client:
        for username, password in (("ann", "tea"), ("bob", "rum"), ("cyn", "gin"), ("ann", "")):
            data = {"username": username, "password": password or "None"}
            assert client.post("/login", data=data).status_code == 401


def test_who_is_disabled_or_gone_is_out_at_once(call: Call, served_store: Store) -> None:
    made = program(served_store)
    with call(made.app) as client:
        ann, bob = log_in(client), log_in(client, "bob", "rum")
        made.people["ann"].disabled = True
        del made.people["bob"]
        for tokens in (ann, bob):
            assert client.get("/me", headers=bearer(tokens["access_token"])).status_code == 401
            assert refresh(client, tokens["refresh_token"]).status_code == 401
        made.people["ann"].disabled = False
        assert refresh(client, ann["refresh_token"]).status_code == 401, "that login has ended"


def test_active_says_who_may_come_in(call: Call, memory: Store) -> None:
    made = program(memory, active=lambda person: "admin" in person.roles)
    with call(made.app) as client:
        log_in(client)
        assert client.post("/login", data={"username": "bob", "password": "rum"}).status_code == 401


def test_an_old_hash_is_replaced_at_login(call: Call, memory: Store) -> None:
    async def save(person: Any, hash: str) -> None:
        person.password_hash = hash

    made = program(memory, save_hash=save)
    old = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash("tea")
    made.people["ann"].password_hash = old
    with call(made.app) as client:
        client.post("/login", data={"username": "ann", "password": "wrong"})
        assert made.people["ann"].password_hash == old
        log_in(client)
        new = made.people["ann"].password_hash
        assert new is not None
        assert "m=8,t=1" in new
        log_in(client)
        assert made.people["ann"].password_hash == new


def test_an_old_hash_that_nobody_saves_still_logs_in(call: Call, memory: Store) -> None:
    made = program(memory)
    made.people["ann"].password_hash = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash("tea")
    with call(made.app) as client:
        log_in(client)


def test_no_more_scopes_are_granted_than_the_user_has(call: Call, served_store: Store) -> None:
    with call(program(served_store).app) as client:
        assert log_in(client, scope="items:write root admin")["scope"] == "items:write"
        assert log_in(client, "bob", "rum", scope="items:write")["scope"] == ""
        assert log_in(client, "bob", "rum")["scope"] == "items:read"


def test_a_refresh_gives_new_tokens_and_uses_the_old_one_up(call: Call, served_store: Store) -> None:
    with call(program(served_store).app) as client:
        first = log_in(client)
        answer = refresh(client, first["refresh_token"], grant_type="refresh_token")
        assert answer.headers["cache-control"] == "no-store"
        second = answer.json()
        assert set(second) == set(first)
        assert second["refresh_token"] != first["refresh_token"]
        assert second["access_token"] != first["access_token"]
        third = refresh(client, second["refresh_token"]).json()
        for tokens in (first, second, third):
            assert client.get("/me", headers=bearer(tokens["access_token"])).json() == "ann"


def test_a_refresh_may_ask_for_less_and_never_for_more(call: Call, memory: Store) -> None:
    made = program(memory)
    with call(made.app) as client:
        tokens = log_in(client, scope="items:read")
        tokens = refresh(client, tokens["refresh_token"], scope="items:write").json()
        assert tokens["scope"] == ""
        tokens = refresh(client, tokens["refresh_token"]).json()
        assert tokens["scope"] == "items:read"
        made.people["ann"].scopes.clear()
        assert refresh(client, tokens["refresh_token"]).json()["scope"] == ""


@pytest.mark.parametrize("token", ["x", "", "." * 65, "a" * 32 + "." + "b" * 32, "\x00", "a" * 513])
def test_what_is_no_refresh_token_is_refused(call: Call, served_store: Store, token: str) -> None:
    with call(program(served_store).app) as client:
        assert refresh(client, token).status_code in (401, 422)


@pytest.mark.parametrize("by", ["refresh token", "access token"])
def test_logout_ends_the_login_and_only_this_one(call: Call, served_store: Store, by: str) -> None:
    with call(program(served_store).app) as client:
        ended, other = log_in(client), log_in(client)
        if by == "refresh token":
            answer = client.post("/logout", data={"refresh_token": ended["refresh_token"]})
        else:
            answer = client.post("/logout", headers=bearer(ended["access_token"]))
        assert (answer.status_code, answer.content) == (204, b"")
        assert client.get("/me", headers=bearer(ended["access_token"])).status_code == 401
        assert refresh(client, ended["refresh_token"]).status_code == 401
        assert client.get("/me", headers=bearer(other["access_token"])).status_code == 200
        assert refresh(client, other["refresh_token"]).status_code == 200


def test_logout_without_a_token_is_refused_and_with_a_bad_one_ends_nothing(call: Call, memory: Store) -> None:
    with call(program(memory).app) as client:
        tokens = log_in(client)
        assert client.post("/logout").status_code == 401
        assert client.post("/logout", headers=bearer("x.y.z")).status_code == 401
        assert client.post("/logout", data={"refresh_token": "x" * 32 + "." + "y" * 32}).status_code == 204
        assert client.get("/me", headers=bearer(tokens["access_token"])).status_code == 200


def test_logging_out_everywhere_ends_tokens_and_sessions_of_one_user(call: Call, served_store: Store) -> None:
    made = everything(served_store)
    with call(made.app) as client:
        logins, bob = [log_in(client), log_in(client)], log_in(client, "bob", "rum")
        client.post("/session", data={"username": "ann", "password": "tea"})
        assert client.get("/me").json() == "ann"
        client.portal.call(made.auth.log_out_everywhere, "ann")
        assert client.get("/me").status_code == 401
        for tokens in logins:
            assert client.get("/me", headers=bearer(tokens["access_token"])).status_code == 401
            assert refresh(client, tokens["refresh_token"]).status_code == 401
        assert client.get("/me", headers=bearer(bob["access_token"])).json() == "bob"
        client.cookies.clear()
        again = log_in(client)
        assert client.get("/me", headers=bearer(again["access_token"])).json() == "ann"
        assert refresh(client, again["refresh_token"]).status_code == 200


def test_a_program_logs_somebody_in_by_itself(call: Call, memory: Store) -> None:
    made = program(memory)
    with call(made.app) as client:
        pair: TokenPair = client.portal.call(
            lambda: made.auth.log_in(made.people["ann"], scopes=["items:read"], claims={"by": "mail"})
        )
        told = client.get("/who", headers=bearer(pair.access_token)).json()
        assert (told["scopes"], told["claims"]["by"]) == (["items:read"], "mail")
        with pytest.raises(ValueError, match="exp, sub can't be given"):
            client.portal.call(lambda: made.auth.log_in(made.people["ann"], claims={"sub": "bob", "exp": 1}))


def test_without_checking_revocation_the_store_is_not_asked(call: Call, down: Store, memory: Store) -> None:
    issuing = program(memory)
    with call(issuing.app) as client:
        tokens = log_in(client)
    with call(program(down, check_revocation=False).app) as client:
        assert client.get("/me", headers=bearer(tokens["access_token"])).json() == "ann"


def test_a_prefix_goes_for_paths_and_for_the_document(call: Call, memory: Store) -> None:
    made = program(memory, prefix="/v1/auth")
    with call(made.app) as client:
        assert client.post("/v1/auth/login", data={"username": "ann", "password": "tea"}).status_code == 200
        flow = client.get("/openapi.json").json()["components"]["securitySchemes"]["Token"]["flows"]["password"]
        assert (flow["tokenUrl"], flow["refreshUrl"]) == ("v1/auth/login", "v1/auth/refresh")


def test_a_loader_that_is_not_asynchronous_is_told_so(call: Call, memory: Store) -> None:
    app = FastAPI()
    app.include_router(Auth({}.get, secret=SECRET, store=memory).router)  # type: ignore[arg-type]
    with call(app) as client, pytest.raises(TypeError, match="async def load_user"):
        client.post("/login", data={"username": "ann", "password": "tea"})


def test_times_that_do_not_fit_are_told() -> None:
    with pytest.raises(ValueError, match="access_ttl <= refresh_ttl"):
        TokenPolicy(access_ttl=10, refresh_ttl=5)
    with pytest.raises(ValueError, match="grace=-1"):
        TokenPolicy(grace=-1)
    with pytest.raises(ValueError, match="max_bytes=1"):
        TokenPolicy(max_bytes=1)
