"""Logins are throttled: by address, by account, by both; the same for accounts that there aren't."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.doors import Call
from tests.kit.applications import at_once
from tests.kit.auth.program import everything, log_in, program
from vivace.kit.auth import LoginRates
from vivace.kit.auth.throttle import same_name
from vivace.kit.store import Store

FREE = "1000/s"


def attempt(client: Any, username: str = "ann", password: str = "wrong", path: str = "/login") -> int:
    return client.post(path, data={"username": username, "password": password}).status_code


@pytest.mark.parametrize("username", ["ann", "nobody"])
def test_after_so_many_tries_even_the_right_password_is_not_looked_at(
    call: Call, served_store: Store, username: str
) -> None:
    made = program(served_store, login_rates=LoginRates(pair="3/day"))
    with call(made.app) as client:
        assert [attempt(client, username) for _ in range(3)] == [401] * 3
        made.people.asked.clear()
        answer = client.post("/login", data={"username": username, "password": "tea"})
        assert (answer.status_code, answer.json()) == (429, {"detail": "Too many tries to log in"})
        assert 0 < int(answer.headers["retry-after"]) <= 2 * 86400
        assert made.people.asked == []
        assert attempt(client, "bob", "rum") == 200, "another account"


def test_capitals_and_blanks_make_no_more_tries(call: Call, memory: Store) -> None:
    made = program(memory, login_rates=LoginRates(pair="3/day"))
    with call(made.app) as client:
        names = ["ann", "ANN", " Ann ", "\uff41nn", "ann"]  # one of them in full width
        assert [attempt(client, name) for name in names] == [401, 401, 401, 429, 429]
    assert same_name("Straße ") == same_name("STRASSE")


def test_one_address_has_only_so_many_tries_whatever_the_account(call: Call, memory: Store) -> None:
    made = program(memory, login_rates=LoginRates(address="3/day"))
    with call(made.app) as client, call(made.app, client=("192.0.2.7", 1)) as elsewhere:
        assert [attempt(client, f"user {number}") for number in range(5)] == [401] * 3 + [429] * 2
        assert attempt(elsewhere, "ann", "tea") == 200


def test_one_account_has_only_so_many_tries_wherever_from(call: Call, memory: Store) -> None:
    made = program(memory, login_rates=LoginRates(account="3/day"))
    statuses = []
    for number in range(5):
        with call(made.app, client=(f"192.0.2.{number}", 1)) as client:
            statuses.append(attempt(client))
    assert statuses == [401] * 3 + [429] * 2


def test_many_at_once_gain_nothing(call: Call, served_store: Store) -> None:
    made = program(served_store, login_rates=LoginRates(address=FREE, pair="5/day", account=FREE))
    with call(made.app) as client:
        assert Counter(at_once(15, lambda: attempt(client))) == {401: 5, 429: 10}


def test_logins_by_token_and_by_cookie_count_together(call: Call, memory: Store) -> None:
    made = everything(memory, login_rates=LoginRates(pair="2/day"))
    with call(made.app) as client:
        assert [attempt(client, path=path) for path in ("/login", "/session", "/session", "/login")] == [
            401,
            401,
            429,
            429,
        ]


def test_without_rates_nothing_is_counted(call: Call, memory: Store) -> None:
    with call(program(memory, login_rates=None).app) as client:
        assert {attempt(client) for _ in range(50)} == {401}
        log_in(client)


def test_by_default_it_is_throttled(call: Call, memory: Store) -> None:
    with call(program(memory, login_rates=LoginRates()).app) as client:
        assert [attempt(client) for _ in range(11)] == [401] * 10 + [429]
