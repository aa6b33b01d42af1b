"""Logging in, staying logged in, and whom a token is for: what this program asks of `vivace.kit.auth`."""

from __future__ import annotations

from typing import Any

from examples.food_delivery.identity.logins import make_auth
from examples.food_delivery.seed import PASSWORD
from tests.examples.food_delivery.city import CUSTOMER, City
from tests.kit.applications import at_once
from vivace.kit.auth import Passwords

SOMEBODY = {"email": "New@example.com", "name": "Nia New", "password": "correct horse"}


def login(city: City, email: str = CUSTOMER, password: str = PASSWORD) -> Any:
    return city.client.post("/login", data={"username": email, "password": password})


def refresh(city: City, token: str) -> Any:
    return city.client.post("/refresh", data={"refresh_token": token})


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
    assert wrong.headers["www-authenticate"].startswith("Bearer")
    assert wrong.headers["content-type"] == "application/problem+json"


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


def test_of_two_that_renew_at_once_one_goes_on_and_the_login_too(city: City) -> None:
    token = login(city).json()["refresh_token"]
    answers = at_once(2, lambda: refresh(city, token))
    assert sorted(answer.status_code for answer in answers) == [200, 401]
    [renewed] = [answer.json() for answer in answers if answer.status_code == 200]
    assert city.client.get("/me", headers=bearer(renewed["access_token"])).status_code == 200
    assert refresh(city, renewed["refresh_token"]).status_code == 200


def test_a_refresh_token_that_comes_again_later_ends_its_login(city: City) -> None:
    first = login(city).json()
    second = refresh(city, first["refresh_token"]).json()
    third = refresh(city, second["refresh_token"]).json()
    assert refresh(city, first["refresh_token"]).status_code == 401
    assert refresh(city, third["refresh_token"]).status_code == 401
    assert city.client.get("/me", headers=bearer(third["access_token"])).status_code == 401


def test_after_a_logout_neither_token_is_good(city: City) -> None:
    pair = login(city).json()
    assert city.client.post("/logout", data={"refresh_token": pair["refresh_token"]}).status_code == 204
    assert refresh(city, pair["refresh_token"]).status_code == 401
    assert city.client.get("/me", headers=bearer(pair["access_token"])).status_code == 401


def test_what_is_no_token_is_nobody(city: City) -> None:
    for token in ("", "x", "x.y", "a.b.c", "é"):
        headers = {"Authorization": b"Bearer " + token.encode()}
        assert city.client.get("/me", headers=headers).status_code == 401, token


def test_a_token_of_another_key_is_nobodys(city: City) -> None:
    parts, user = city.app.state.parts, city.user(CUSTOMER)
    settings = parts.settings.model_copy(update={"secret_key": "another key for tests, of 32 bytes or more"})
    other = make_auth(settings, parts.store, city.services.identity, Passwords())
    foreign = city.run(other.log_in, user).access_token
    assert city.client.get("/me", headers=bearer(foreign)).status_code == 401


def test_guessing_passwords_has_a_limit(city: City) -> None:
    statuses = {login(city, email="nobody@example.com", password="guess").status_code for _ in range(12)}
    assert statuses == {401, 429}
