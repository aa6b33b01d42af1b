"""Tokens of another issuer: its keys are fetched, kept, fetched again; and borne for a while when they can't be."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import anyio
import jwt
import pytest

from tests.doors import Call
from tests.kit.auth.program import People, bearer, program
from vivace.kit.auth import Auth, RemoteKeys, SigningKey, TokenPolicy
from vivace.kit.auth.jwks import JWKSUnavailable
from vivace.kit.store import Store

URL = "https://issuer.example/jwks.json"
POLICY = TokenPolicy(issuer="https://issuer.example", audience="shop", types=("JWT", "at+jwt"))


class Issuer:
    """One elsewhere: which keys it has, whether it answers, how often it was asked."""

    def __init__(self, *keys: SigningKey) -> None:
        self.keys, self.asked, self.now = list(keys), 0, 1000.0
        self.answer: Any = None  # in place of its keys: a document, or an exception

    async def fetch(self, url: str) -> bytes:
        self.asked += 1
        await asyncio.sleep(0)
        if isinstance(self.answer, Exception):
            raise self.answer
        keys = {"keys": [key.public() for key in self.keys]}
        return json.dumps(keys if self.answer is None else self.answer).encode()

    def remote(self, **options: Any) -> RemoteKeys:
        return RemoteKeys(URL, fetch=self.fetch, clock=lambda: self.now, **options)

    def token(self, key: SigningKey | None = None, headers: dict[str, Any] | None = None, **claims: Any) -> str:
        key, now = key or self.keys[0], int(time.time())
        said = {"sub": "ann", "iss": POLICY.issuer, "aud": "shop", "iat": now, "exp": now + 60, **claims}
        return jwt.encode(said, key.signing, key.algorithm, headers={"kid": key.kid, **(headers or {})})


@pytest.fixture
def issuer() -> Issuer:
    return Issuer(SigningKey.generate())


def test_a_token_of_the_issuer_is_taken(call: Call, memory: Store, issuer: Issuer) -> None:
    with call(program(memory, keys=issuer.remote(), tokens=POLICY).app) as client:
        for _ in range(3):
            answer = client.get("/who", headers=bearer(issuer.token(scope="items:read more")))
            assert answer.json()["scopes"] == ["items:read", "more"], "they are the issuer's to grant"
        assert issuer.asked == 1
        assert client.get("/read", headers=bearer(issuer.token(scp=["items:read"]))).status_code == 200
        assert client.get("/read", headers=bearer(issuer.token())).status_code == 403
        for claims in ({"iss": "https://other.example"}, {"aud": "other"}, {"exp": 1}, {"sub": "nobody"}):
            assert client.get("/me", headers=bearer(issuer.token(**claims))).status_code == 401
        assert client.post("/login", data={"username": "ann", "password": "tea"}).status_code == 404
        schemes = client.get("/openapi.json").json()["components"]["securitySchemes"]
        assert schemes == {"Token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}


def test_a_new_key_is_found_and_an_old_one_is_gone(call: Call, memory: Store, issuer: Issuer) -> None:
    old, new = issuer.keys[0], SigningKey.generate("ES256")
    with call(program(memory, keys=issuer.remote(pause=10, ttl=300), tokens=POLICY).app) as client:

        def status(key: SigningKey) -> int:
            return client.get("/me", headers=bearer(issuer.token(key))).status_code

        assert status(old) == 200
        issuer.keys = [new]
        assert (status(new), issuer.asked) == (401, 1), "it was fetched just now"
        issuer.now += 11
        assert (status(new), status(old), issuer.asked) == (200, 401, 2)


def test_keys_are_fetched_again_after_their_time(call: Call, memory: Store, issuer: Issuer) -> None:
    old = issuer.keys[0]
    with call(program(memory, keys=issuer.remote(ttl=300), tokens=POLICY).app) as client:
        assert client.get("/me", headers=bearer(issuer.token(old))).status_code == 200
        issuer.keys = [SigningKey.generate()]
        issuer.now += 299
        assert client.get("/me", headers=bearer(issuer.token(old))).status_code == 200
        issuer.now += 1
        assert client.get("/me", headers=bearer(issuer.token(old))).status_code == 401


def test_tokens_of_unknown_keys_do_not_make_us_ask_and_ask(call: Call, memory: Store, issuer: Issuer) -> None:
    with call(program(memory, keys=issuer.remote(), tokens=POLICY).app) as client:
        for number in range(20):
            token = issuer.token(SigningKey.generate(kid=f"unknown {number}"))
            assert client.get("/me", headers=bearer(token)).status_code == 401
    assert issuer.asked == 1


@pytest.mark.parametrize("answer", [OSError("no route"), TimeoutError(), {"no": "keys"}, [], "text", {"keys": 7}])
def test_an_issuer_that_fails_is_borne_for_a_while_and_recovers(
    call: Call, memory: Store, issuer: Issuer, answer: Any, caplog: pytest.LogCaptureFixture
) -> None:
    remote = issuer.remote(ttl=300, stale=600, pause=10)
    with call(program(memory, keys=remote, tokens=POLICY).app) as client:

        def status() -> int:
            return client.get("/me", headers=bearer(issuer.token())).status_code

        issuer.answer = answer
        refused = client.get("/me", headers=bearer(issuer.token()))
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
        issuer.now += 11
        issuer.answer = None
        assert status() == 200, "nothing had to restart"
        issuer.answer, issuer.now = answer, issuer.now + 301
        assert status() == 200, "stale keys are still good"
        issuer.now += 600
        assert status() == 503, "for so long"
        issuer.answer, issuer.now = None, issuer.now + 11
        assert status() == 200
    assert f"The keys of {URL} can't be had" in caplog.text


def test_only_keys_that_are_for_this_are_taken(call: Call, memory: Store, issuer: Issuer) -> None:
    good, secret = issuer.keys[0], "s" * 32
    public = good.public()
    assert public is not None
    oct_key = {"kty": "oct", "k": "c3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3M", "kid": "oct"}
    issuer.answer = {
        "keys": [
            oct_key,
            {**oct_key, "kid": "named", "alg": "HS256"},
            {**public, "kid": "encryption", "use": "enc"},
            {**public, "kid": "private", "d": public["x"]},
            {**public, "kid": "other", "alg": "RS256"},
            {**public, "kid": "no algorithm", "alg": "none"},
            {**public, "kid": "odd", "alg": ["EdDSA"]},
            {**public, "kid": 7},
            {"kty": "RSA", "n": "!!", "e": "AQAB", "kid": "broken"},
            {"kty": [], "kid": "list"},
            None,
            7,
            {},
            {**public, "kid": "good"},
        ]
    }
    with call(program(memory, keys=issuer.remote(), tokens=POLICY).app) as client:
        for kid in ("encryption", "private", "other", "no algorithm", "odd"):
            token = issuer.token(headers={"kid": kid})
            assert client.get("/me", headers=bearer(token)).status_code == 401, kid
        for kid in ("oct", "named"):
            claims = jwt.decode(issuer.token(), options={"verify_signature": False})
            token = jwt.encode(claims, secret, "HS256", headers={"kid": kid})
            assert client.get("/me", headers=bearer(token)).status_code == 401, kid
        assert client.get("/me", headers=bearer(issuer.token(headers={"kid": "good"}))).status_code == 200


def test_without_a_kid_the_only_key_counts(call: Call, memory: Store, issuer: Issuer) -> None:
    key = issuer.keys[0]
    claims = jwt.decode(issuer.token(), options={"verify_signature": False})
    token = jwt.encode(claims, key.signing, key.algorithm)
    for keys, status in (([key], 200), ([key, SigningKey.generate()], 401)):
        issuer.keys = keys
        with call(program(memory, keys=issuer.remote(), tokens=POLICY).app) as client:
            assert client.get("/me", headers=bearer(token)).status_code == status


@pytest.mark.parametrize("algorithm", ["RS256", "PS256"])
def test_an_rsa_key_that_does_not_say_is_for_the_first_of_the_algorithms(
    call: Call, memory: Store, algorithm: str
) -> None:
    issuer = Issuer(SigningKey.generate("RS256"))
    issuer.answer = {"keys": [{k: v for k, v in (issuer.keys[0].public() or {}).items() if k != "alg"}]}
    claims = jwt.decode(issuer.token(), options={"verify_signature": False})
    key = issuer.keys[0]
    token = jwt.encode(claims, key.signing, algorithm, headers={"kid": key.kid})
    for algorithms, status in (([algorithm], 200), (["ES256", algorithm], 200), (["RS512"], 401)):
        with call(program(memory, keys=issuer.remote(algorithms=algorithms), tokens=POLICY).app) as client:
            assert client.get("/me", headers=bearer(token)).status_code == status


@pytest.mark.anyio
async def test_many_at_once_fetch_once(issuer: Issuer) -> None:
    remote = issuer.remote()
    async with anyio.create_task_group() as tasks:
        for _ in range(20):
            tasks.start_soon(remote.fresh)
    assert issuer.asked == 1


@pytest.mark.anyio
async def test_who_goes_away_does_not_stop_the_fetch_for_the_others(issuer: Issuer) -> None:
    begun, go = asyncio.Event(), asyncio.Event()

    async def fetch(url: str) -> bytes:
        begun.set()
        await go.wait()
        return await issuer.fetch(url)

    remote = RemoteKeys(URL, fetch=fetch)
    leaves, stays = asyncio.create_task(remote.fresh()), asyncio.create_task(remote.fresh())
    await begun.wait()
    leaves.cancel()
    await asyncio.wait([leaves])
    go.set()
    await stays
    assert remote.find(issuer.keys[0].kid) is not None


@pytest.mark.anyio
async def test_an_issuer_that_hangs_is_given_up() -> None:
    async def fetch(_: str) -> bytes:
        await asyncio.Event().wait()
        raise AssertionError

    with pytest.raises(JWKSUnavailable, match=URL):
        await RemoteKeys(URL, fetch=fetch, timeout=0.01).fresh()


def test_what_does_not_go_together_is_told(memory: Store, issuer: Issuer) -> None:
    for url in ("http://issuer.example/jwks.json", "file:///etc/passwd", "jwks.json"):
        with pytest.raises(ValueError, match="fetched by https"):
            RemoteKeys(url)
    for algorithms in (["HS256"], ["none"], ["RS256", "HS256"], []):
        with pytest.raises(ValueError, match="some of RS256"):
            RemoteKeys(URL, algorithms=algorithms)
    with pytest.raises(ValueError, match="say whose tokens are taken, and for whom"):
        Auth(People().load, keys=issuer.remote(), store=memory, tokens=TokenPolicy(issuer="x"))
    auth = Auth(People().load, keys=issuer.remote(), store=memory, tokens=POLICY)
    with pytest.raises(RuntimeError, match=r"auth\.log_in needs"):
        asyncio.run(auth.log_in(People()["ann"]))


# -- over the network


@contextmanager
def answering(body: bytes, status: int = 200, location: str = "") -> Iterator[str]:
    """A server that gives one answer; its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/jwks.json"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.socket
@pytest.mark.anyio
async def test_keys_come_over_the_network_and_redirects_are_not_followed(issuer: Issuer) -> None:
    keys = await issuer.fetch(URL)
    with answering(keys) as good, answering(b"", 302, good) as moved, answering(b"x" * 600_000) as large:
        remote = RemoteKeys(good)
        await remote.fresh()
        assert remote.find(issuer.keys[0].kid) is not None
        for url in (moved, large):
            with pytest.raises(JWKSUnavailable):
                await RemoteKeys(url).fresh()
        with answering(b"", 500) as broken, pytest.raises(JWKSUnavailable):
            await RemoteKeys(broken).fresh()
    with pytest.raises(JWKSUnavailable):
        await RemoteKeys(good).fresh()
