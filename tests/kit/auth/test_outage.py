"""When the store is down: closed by default, told once, and over as soon as it is back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.doors import Call
from tests.kit.auth.program import bearer, everything, log_in, program, refresh
from tests.kit.redis_server import serving_redis
from tests.servers import free_port
from vivace.kit.store import Store
from vivace.testclient import TestClient

DETAIL = {"detail": "Credentials can't be checked now"}


def ways_in(client: Any, token: str) -> dict[str, Any]:
    """Each thing that the store has to be asked for."""
    key = {"X-API-Key": "key_" + "0" * 16 + "_" + "a" * 43}
    return {
        "token": lambda: client.get("/me", headers=bearer(token)),
        "optional": lambda: client.get("/maybe", headers=bearer(token)),
        "key": lambda: client.get("/me", headers=key),
        "refresh": lambda: refresh(client, "a" * 32 + "." + "b" * 32),
        "logout": lambda: client.post("/logout", data={"refresh_token": "a" * 32 + "." + "b" * 32}),
        "login": lambda: client.post("/login", data={"username": "ann", "password": "tea"}),
        "session": lambda: client.post("/session", data={"username": "ann", "password": "tea"}),
    }


@pytest.fixture
def token(memory: Store) -> str:
    """One that was good while there was a store."""
    with TestClient(program(memory).app) as client:
        return log_in(client)["access_token"]


def test_closed_nobody_comes_in(call: Call, down: Store, token: str, caplog: pytest.LogCaptureFixture) -> None:
    made = everything(down)
    with call(made.app) as client:
        for name, ask in ways_in(client, token).items():
            answer = ask()
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "1"), name
        assert client.get("/me", headers=bearer(token)).json() == DETAIL
        assert client.get("/me").status_code == 401, "who brings nothing need not be looked up"
        assert client.get("/maybe").json() is None
        assert client.get("/me", headers=bearer("x")).status_code == 401, "nor what was never good"
    told = [record.levelname for record in caplog.records if record.name == "vivace.kit.auth"]
    assert told == ["WARNING"], "an outage is told once"


def test_open_only_access_tokens_are_taken_by_their_signature(call: Call, down: Store, token: str) -> None:
    made = everything(down, on_store_down="open")
    with call(made.app) as client:
        statuses = {name: ask().status_code for name, ask in ways_in(client, token).items()}
        assert statuses.pop("token") == statuses.pop("optional") == 200
        assert set(statuses.values()) == {503}
        assert client.get("/me", headers=bearer(token[:-4] + "AAAA")).status_code == 401


def test_a_session_can_not_be_looked_up(call: Call, down: Store, memory: Store) -> None:
    with call(everything(memory).app) as client:
        client.post("/session", data={"username": "ann", "password": "tea"})
        cookie = client.cookies["session"]
    for on_store_down in ("open", "closed"):
        with call(everything(down, on_store_down=on_store_down).app, cookies={"session": cookie}) as client:
            assert client.get("/me").status_code == 503


def test_it_recovers_by_itself(
    call: Call, redis_program: Path, namespace: str, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vivace.kit.store.watch.Watch.check", lambda _: None)  # not to wait for the pause
    port = free_port()
    made = everything(Store.from_url(f"redis://127.0.0.1:{port}/0", namespace=namespace))
    with call(made.app) as client:
        assert client.post("/login", data={"username": "ann", "password": "tea"}).status_code == 503
        with serving_redis(redis_program, port):
            tokens = log_in(client)
            assert client.get("/me", headers=bearer(tokens["access_token"])).status_code == 200
        assert client.get("/me", headers=bearer(tokens["access_token"])).status_code == 503
        with serving_redis(redis_program, port):
            answer = client.get("/me", headers=bearer(tokens["access_token"]))
            assert answer.status_code == 401, "the server has forgotten the login: out, not in"
            assert client.get("/me", headers=bearer(log_in(client)["access_token"])).status_code == 200


def test_what_to_do_is_one_of_two(memory: Store) -> None:
    with pytest.raises(ValueError, match="'open' or 'closed'"):
        program(memory, on_store_down="half")
