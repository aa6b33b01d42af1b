"""Sessions on the server and their cookies; what protects them from other sites. Through both doors, on every store."""

from __future__ import annotations

import time
from http.cookies import SimpleCookie
from typing import Any

import pytest
from starlette.websockets import WebSocketDisconnect

from tests.doors import Call
from tests.kit.auth.conftest import Clock
from tests.kit.auth.program import SECRET, bearer, everything, log_in
from vivace import Depends
from vivace.kit.auth import Session, SessionPolicy, Sessions
from vivace.kit.auth.epochs import Epochs
from vivace.kit.auth.stored import Stored
from vivace.kit.store import Store

ANN = {"username": "ann", "password": "tea"}


def begin(client: Any, **headers: str) -> dict[str, str]:
    """Log in by cookie; the header that everything that changes something needs."""
    answer = client.post("/session", data=ANN, headers=headers)
    assert answer.status_code == 200, answer.text
    return {"X-CSRF-Token": answer.json()["csrf_token"]}


def test_a_login_sets_a_cookie_and_the_cookie_is_who_asks(call: Call, served_store: Store) -> None:
    with call(everything(served_store).app) as client:
        answer = client.post("/session", data=ANN)
        assert set(answer.json()) == {"username", "csrf_token", "scope"}
        assert answer.headers["cache-control"] == "no-store"
        assert client.get("/me").json() == "ann"
        again = client.get("/session")
        assert again.json() == answer.json()
        assert again.headers["cache-control"] == "no-store"


def test_the_cookie_is_for_this_host_over_https_and_not_for_scripts(call: Call, memory: Store) -> None:
    made = everything(memory, sessions=SessionPolicy(lifetime=86400, same_site="strict"))
    with call(made.app, base_url="https://testserver") as client:
        answer = client.post("/session", data=ANN)
        [(name, cookie)] = SimpleCookie(answer.headers["set-cookie"]).items()
        assert name == "__Host-session"
        assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "strict")
        assert (cookie["path"], cookie["domain"], cookie["max-age"]) == ("/", "", "86400")
        assert client.get("/me").json() == "ann"
        csrf = {"X-CSRF-Token": answer.json()["csrf_token"]}
        assert client.delete("/session", headers=csrf).status_code == 204
        assert client.get("/me").status_code == 401


def test_logout_ends_the_session_and_takes_the_cookie_back(call: Call, served_store: Store) -> None:
    with call(everything(served_store).app) as client:
        csrf = begin(client)
        cookie = client.cookies["session"]
        answer = client.delete("/session", headers=csrf)
        assert answer.status_code == 204
        assert "session" not in client.cookies
        client.cookies.set("session", cookie)
        assert client.get("/me").status_code == 401, "whoever kept the cookie has nothing"


def test_a_session_that_has_ended_is_as_good_as_none(call: Call, memory: Store) -> None:
    with call(everything(memory).app) as client:
        csrf = begin(client)
        cookie = client.cookies["session"]
        client.delete("/session", headers=csrf)
        client.cookies.set("session", cookie)
        assert client.get("/maybe").json() is None
        answer = client.get("/me")
        assert (answer.status_code, answer.json()) == (401, {"detail": "Not authenticated"})


def test_a_session_is_not_who_comes_by_token(call: Call, memory: Store) -> None:
    with call(everything(memory).app) as client:
        assert client.get("/session", headers=bearer(log_in(client)["access_token"])).status_code == 401


def test_a_wrong_password_begins_nothing_and_ends_nothing(call: Call, memory: Store) -> None:
    with call(everything(memory).app) as client:
        begin(client)
        answer = client.post("/session", data={"username": "ann", "password": "wrong"})
        assert (answer.status_code, "set-cookie" in answer.headers) == (401, False)
        assert client.get("/me").json() == "ann"


# -- what is kept in it


def cart(call: Call, store: Store) -> Any:
    made = everything(store)

    @made.app.post("/cart/{item}")
    async def add(item: str, session: Session = Depends(made.auth.session)) -> bool:
        session.data.setdefault("cart", []).append(item)
        return await made.auth.sessions.save(session)

    @made.app.get("/cart")
    async def show(session: Session = Depends(made.auth.session)) -> list[str]:
        return session.data.get("cart", [])

    return call(made.app)


def test_a_session_keeps_data(call: Call, served_store: Store) -> None:
    with cart(call, served_store) as client:
        csrf = begin(client)
        for item in ("tea", "ku\u0308mmel"):
            assert client.post(f"/cart/{item}", headers=csrf).json() is True
        assert client.get("/cart").json() == ["tea", "ku\u0308mmel"]
        begin(client)
        assert client.get("/cart").json() == [], "another login, another session"


@pytest.mark.anyio
async def test_who_saves_what_was_changed_meanwhile_is_told(store: Store) -> None:
    made = sessions(store)
    session = await made.begin("ann")
    one, other = await made.find(session.cookie), await made.find(session.cookie)
    assert one is not None
    assert other is not None
    one.data["a"] = 1
    other.data["b"] = 2
    assert await made.save(one)
    assert not await made.save(other)
    one.data["c"] = 3
    assert await made.save(one)
    found = await made.find(session.cookie)
    assert found is not None
    assert found.data == {"a": 1, "c": 3}
    await made.end(session.cookie)
    assert not await made.save(one), "it has ended, and stays so"
    assert await made.find(session.cookie) is None


# -- times


def sessions(store: Store, **policy: Any) -> Sessions:
    return Sessions(Stored(store), Epochs(store, 1e6), SessionPolicy(**policy), [SECRET])


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Clock:
    """This machine's clock goes with the store's."""
    start, began = time.time(), clock.now
    monkeypatch.setattr("vivace.kit.auth.sessions.time.time", lambda: start + (clock.now - began) / 1e6)
    return clock


@pytest.mark.anyio
async def test_a_session_that_is_used_lives_on_and_one_that_lies_ends(timed_store: Store, wall: Clock) -> None:
    made = sessions(timed_store, idle=100, lifetime=1000)
    used, lies = await made.begin("ann"), await made.begin("ann")
    for _ in range(2):
        wall.advance(60)
        assert await made.find(used.cookie)
    assert await made.find(lies.cookie) is None


@pytest.mark.anyio
async def test_a_session_ends_with_its_lifetime(timed_store: Store, wall: Clock) -> None:
    made = sessions(timed_store, idle=100, lifetime=150)
    session = await made.begin("ann")
    wall.advance(90)
    assert await made.find(session.cookie)
    wall.advance(59)
    assert await made.find(session.cookie)
    wall.advance(2)
    assert await made.find(session.cookie) is None


@pytest.mark.anyio
async def test_a_request_in_a_session_that_was_used_just_now_writes_nothing(timed_store: Store, wall: Clock) -> None:
    made = sessions(timed_store, idle=100, lifetime=1000)
    session = await made.begin("ann")
    backend, written = timed_store._backend, []
    genuine = backend.run

    async def counting(step: Any, key: bytes, args: Any) -> Any:
        written.append(key)
        return await genuine(step, key, args)

    backend.run = counting  # type: ignore[method-assign]
    for seconds, writes in ((0, 0), (9, 0), (2, 1), (5, 1), (6, 2)):
        wall.advance(seconds)
        await made.find(session.cookie)
        assert len(written) == writes


# -- CSRF


def test_what_changes_something_needs_the_token(call: Call, served_store: Store) -> None:
    with call(everything(served_store).app) as client:
        csrf = begin(client)
        other = {"X-CSRF-Token": "x" * 43}
        for headers in ({}, other, {"X-CSRF-Token": ""}, {"X-CSRF-Token": "é".encode("latin-1")}):
            answer = client.post("/me", headers=headers)
            assert answer.status_code == 403
            assert answer.json() == {"detail": "CSRF token missing or wrong: send the session's in X-CSRF-Token"}
            assert client.delete("/session", headers=headers).status_code == 403
        assert client.get("/me").status_code == 200, "what changes nothing needs none"
        assert client.post("/me", headers=csrf).json() == "ann"


def test_the_token_is_this_sessions(call: Call, memory: Store) -> None:
    app = everything(memory).app
    with call(app) as client, call(app) as attacker:
        theirs, ours = begin(attacker), begin(client)
        assert client.post("/me", headers=theirs).status_code == 403
        assert client.post("/me", headers=ours).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "http://other.testserver"},
        {"origin": "http://testserver.evil.example"},
    ],
)
def test_another_origin_is_refused_even_with_the_token_and_at_login(
    call: Call, memory: Store, headers: dict[str, str]
) -> None:
    with call(everything(memory).app) as client:
        assert client.post("/session", data=ANN, headers=headers).status_code == 403
        csrf = begin(client, origin="http://testserver")
        answer = client.post("/me", headers={**csrf, **headers})
        assert (answer.status_code, answer.json()) == (403, {"detail": "Cross-origin request refused"})
        assert client.post("/me", headers={**csrf, "origin": "http://testserver"}).status_code == 200


def test_other_origins_of_ours_may_send(call: Call, memory: Store) -> None:
    policy = SessionPolicy(secure=False, origins=["https://app.example"], csrf_header="X-Own")
    with call(everything(memory, sessions=policy).app) as client:
        ours = {"origin": "https://app.example", "sec-fetch-site": "cross-site"}
        token = begin(client, **ours)["X-CSRF-Token"]
        assert client.post("/me", headers={**ours, "X-Own": token}).status_code == 200
        assert client.post("/me", headers=ours).status_code == 403


def test_other_credentials_need_no_csrf_token(call: Call, memory: Store) -> None:
    """No browser sends them by itself. But a cookie beside them is not taken in their place."""
    made = everything(memory)
    with call(made.app) as client:
        begin(client)
        key = client.portal.call(lambda: made.auth.api_keys.create("ann")).text
        assert client.post("/me", headers=bearer(log_in(client)["access_token"])).status_code == 200
        assert client.post("/me", headers={"X-API-Key": key}).status_code == 200
        assert client.post("/me", headers={"Authorization": "Bearer"}).status_code == 403


def test_a_websocket_with_a_cookie_comes_from_here(call: Call, memory: Store) -> None:
    made = everything(memory)

    with call(made.app) as client:
        begin(client)
        cookie = {"cookie": f"session={client.cookies['session']}"}
        with client.websocket_connect("/ws", headers={**cookie, "origin": "http://testserver"}) as session:
            assert session.receive_text() == "ann"
        evil = {**cookie, "origin": "https://evil.example"}
        with pytest.raises(WebSocketDisconnect), client.websocket_connect("/ws", headers=evil):
            pass


def test_policies_that_do_not_fit_are_told() -> None:
    with pytest.raises(ValueError, match="same_site='none' needs secure=True"):
        SessionPolicy(same_site="none", secure=False)
    with pytest.raises(ValueError, match="idle <= lifetime"):
        SessionPolicy(idle=10, lifetime=5)
    with pytest.raises(ValueError, match="is no origin"):
        SessionPolicy(origins=["app.example"])
