"""Logging in, staying logged in, and whom a token is for."""

from __future__ import annotations

from typing import Any

from pydantic import SecretStr

from examples.food_delivery.identity.models import Role
from examples.food_delivery.identity.tokens import Tokens
from examples.food_delivery.seed import PASSWORD
from tests.examples.food_delivery.city import CUSTOMER, City

SOMEBODY = {"email": "New@example.com", "name": "Nia New", "password": "correct horse"}


def login(city: City, email: str = CUSTOMER, password: str = PASSWORD) -> Any:
    return city.client.post("/login", data={"username": email, "password": password})


def refresh(city: City, token: str) -> Any:
    return city.client.post("/refresh", json={"refresh_token": token})


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_a_login_gives_tokens_that_say_who_one_is(city: City) -> None:
    pair = login(city).json()
    assert pair["token_type"] == "bearer"
    me = city.client.get("/me", headers=bearer(pair["access_token"])).json()
    assert (me["email"], me["role"]) == (CUSTOMER, "customer")


def test_a_wrong_password_and_an_unknown_address_are_told_alike(city: City) -> None:
    wrong, unknown = login(city, password="wrong"), login(city, email="nobody@example.com")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert wrong.headers["www-authenticate"] == "Bearer"


def test_who_registers_can_log_in_and_is_a_customer(city: City) -> None:
    account = city.client.post("/register", json=SOMEBODY | {"role": "admin"})
    assert (account.status_code, account.json()["role"]) == (201, "customer")
    assert "password" not in account.text
    assert login(city, "new@EXAMPLE.com", "correct horse").status_code == 200
    assert city.client.post("/register", json=SOMEBODY).status_code == 409


def test_a_registration_that_makes_no_account(city: City) -> None:
    for wrong in ({"password": "pass123"}, {"email": "none"}, {"name": " "}, {"x": -1}):
        answer = city.client.post("/register", json=SOMEBODY | wrong)
        assert answer.status_code == 422, wrong
        assert "pass123" not in answer.text


def test_a_refresh_token_is_good_once_and_gives_the_next(city: City) -> None:
    first = login(city).json()
    second = refresh(city, first["refresh_token"]).json()
    third = refresh(city, second["refresh_token"])
    assert third.status_code == 200
    assert city.client.get("/me", headers=bearer(third.json()["access_token"])).status_code == 200


def test_a_refresh_token_used_twice_ends_its_login(city: City) -> None:
    first = login(city).json()
    second = refresh(city, first["refresh_token"]).json()
    assert refresh(city, first["refresh_token"]).status_code == 401
    assert refresh(city, second["refresh_token"]).status_code == 401


def test_after_a_logout_there_is_no_refresh(city: City) -> None:
    token = login(city).json()["refresh_token"]
    assert city.client.post("/logout", json={"refresh_token": token}).status_code == 204
    assert refresh(city, token).status_code == 401


def test_what_is_no_token_is_nobody(city: City) -> None:
    for token in ("", "x", "x.y", "a.b.c", "é"):
        headers = {"Authorization": b"Bearer " + token.encode()}
        assert city.client.get("/me", headers=headers).status_code == 401, token


def test_tokens_end_and_are_of_one_key(city: City) -> None:
    user = city.user(CUSTOMER)
    ended = Tokens(city.app.state.parts.settings.secret_key, -1).issue(user)
    foreign = Tokens(SecretStr("another key for tests, of 32 bytes or more"), 60).issue(user)
    for token in (ended, foreign):
        assert city.client.get("/me", headers=bearer(token)).status_code == 401
    caller = city.services.tokens.read(city.services.tokens.issue(user))
    assert caller is not None
    assert (caller.id, caller.role) == (user.id, Role.CUSTOMER)


def test_guessing_passwords_has_a_limit(city: City) -> None:
    statuses = {login(city, email="nobody@example.com", password="").status_code for _ in range(61)}
    assert 429 in statuses
