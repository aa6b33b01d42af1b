"""No secret is in a representation, a log line, or the answer to an error."""

from __future__ import annotations

import logging

import pytest

from tests.doors import Call
from tests.kit.auth.program import SECRET, bearer, everything, log_in, program, refresh
from vivace.kit.auth import KeyRing, SigningKey
from vivace.kit.store import Store

RSA = SigningKey.generate("RS256", kid="rsa")
MIXED = KeyRing(RSA, SigningKey.from_secret(SECRET, kid="hmac"))


def test_no_secret_is_in_a_representation(call: Call, memory: Store) -> None:
    made = everything(memory, keys=MIXED, secret=SECRET)
    with call(made.app) as client:
        pair = client.portal.call(lambda: made.auth.log_in(made.people["ann"]))
        new = client.portal.call(lambda: made.auth.api_keys.create("ann"))
        session = client.portal.call(lambda: made.auth.sessions.begin("ann"))
        family = client.portal.call(lambda: made.auth._families.peek(pair.refresh_token))
    shown = "\n".join(
        f"{thing!r} {thing}"
        for thing in (
            made.auth,
            made.auth.keys,
            *(made.auth.keys.find(kid) for kid in ("rsa", "hmac")),
            made.auth.policy,
            made.auth.passwords,
            made.auth.sessions,
            made.auth.api_keys,
            made.auth._verifier,
            made.auth._guard,
            pair,
            new,
            session,
            family,
        )
    )
    secrets = [
        SECRET,
        pair.access_token,
        pair.refresh_token,
        *pair.refresh_token.split("."),
        new.text,
        new.text.split("_", 2)[2],
        session.cookie,
        session.csrf_token,
        str(RSA.signing.private_numbers().d),
    ]
    for secret in secrets:
        assert secret not in shown


def test_no_secret_is_in_a_log(call: Call, served_store: Store, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    made = everything(served_store)
    seen: list[str] = [SECRET, "my password", "hunter2"]
    with call(made.app) as client:
        tokens = log_in(client)
        seen += [tokens["access_token"], *tokens["refresh_token"].split(".")]
        new = client.portal.call(lambda: made.auth.api_keys.create("ann"))
        seen.append(new.text.split("_", 2)[2])
        seen.append(client.post("/session", data={"username": "ann", "password": "tea"}).json()["csrf_token"])
        seen.append(client.cookies["session"])
        client.get("/me", headers={"X-API-Key": new.text})
        client.post("/me")
        client.post("/login", data={"username": "my password", "password": "hunter2"})
        client.get("/me", headers=bearer(tokens["access_token"] + "x"))
        refresh(client, tokens["refresh_token"])
        refresh(client, tokens["refresh_token"])
        refresh(client, tokens["refresh_token"])
    assert any("came again" in record.getMessage() for record in caplog.records)
    written = "\n".join(f"{record.getMessage()} {record.exc_text or ''}" for record in caplog.records)
    for secret in seen:
        assert secret not in written


def test_an_error_on_the_way_shows_the_client_nothing(call: Call, memory: Store) -> None:
    made = program(memory)
    with call(made.app, raises=False) as client:
        tokens = log_in(client)
        made.people.fail = True
        for answer in (
            client.get("/me", headers=bearer(tokens["access_token"])),
            client.post("/login", data={"username": "ann", "password": "tea"}),
        ):
            assert (answer.status_code, answer.text) == (500, "Internal Server Error")
