"""What an attacker tries. Each is refused at the route, through both doors."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from tests.doors import Call
from tests.kit.auth.program import SECRET, Program, bearer, everything, log_in, program, refresh
from tests.kit.auth.test_passwords import Counting
from vivace.kit.auth import KeyRing, Passwords, SigningKey, TokenPolicy
from vivace.kit.paginate.signing import Signer
from vivace.kit.store import Store

RSA = SigningKey.generate("RS256", kid="rsa")
POLICY = TokenPolicy(issuer="us", audience="shop")
MIXED = KeyRing(RSA, SigningKey.from_secret(SECRET, kid="hmac"))


def b64(data: bytes | dict[str, Any]) -> str:
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def claims(**changed: Any) -> dict[str, Any]:
    now = int(time.time())
    return {"sub": "ann", "iss": "us", "aud": "shop", "iat": now, "exp": now + 60, "scope": "items:read", **changed}


def rsa_token(header: dict[str, Any] | None = None, **changed: Any) -> str:
    headers = {"kid": "rsa", "typ": "at+jwt", **(header or {})}
    return jwt.encode(claims(**changed), RSA.signing, "RS256", headers=headers)


def forged(header: dict[str, Any], secret: bytes | None, **changed: Any) -> str:
    """Signed by HMAC with whatever secret (None: not at all), under any header."""
    signed = f"{b64({'typ': 'at+jwt', **header})}.{b64(claims(**changed))}"
    signature = b"" if secret is None else jwt.get_algorithm_by_name("HS256").sign(signed.encode(), secret)
    return f"{signed}.{b64(signature)}"


def public_pem() -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return RSA.verifying.public_bytes(serialization.Encoding.PEM, form)


def public_der() -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return RSA.verifying.public_bytes(serialization.Encoding.DER, form)


def jwk_of(key: SigningKey) -> dict[str, Any]:
    return key.public() or {}


ATTACKER = SigningKey.generate("RS256", kid="rsa")


def by_attacker(**header: Any) -> str:
    headers = {"kid": "rsa", "typ": "at+jwt", **header}
    return jwt.encode(claims(), ATTACKER.signing, "RS256", headers=headers)


def tampered(**changed: Any) -> str:
    header, payload, signature = rsa_token().split(".")
    said = json.loads(base64.urlsafe_b64decode(payload + "=="))
    return f"{header}.{b64({**said, **changed})}.{signature}"


TOKENS: dict[str, Callable[[], str]] = {
    "none": lambda: forged({"alg": "none", "kid": "rsa"}, None),
    "None in capitals": lambda: forged({"alg": "NONE", "kid": "rsa"}, None),
    "none, and the secret's kid": lambda: forged({"alg": "none", "kid": "hmac"}, None),
    "no algorithm": lambda: forged({"kid": "rsa"}, None),
    "no signature": lambda: rsa_token().rpartition(".")[0] + ".",
    "HS256 with the public key in PEM": lambda: forged({"alg": "HS256", "kid": "rsa"}, public_pem()),
    "HS256 with the public key in DER": lambda: forged({"alg": "HS256", "kid": "rsa"}, public_der()),
    "HS256 with the public modulus": lambda: forged({"alg": "HS256", "kid": "rsa"}, jwk_of(RSA)["n"].encode()),
    "HS256 with an empty secret": lambda: forged({"alg": "HS256", "kid": "hmac"}, b""),
    "HS256 with the secret, named RS256": lambda: forged({"alg": "RS256", "kid": "hmac"}, SECRET.encode()),
    "HS384 with the secret": lambda: jwt.encode(
        claims(), SECRET + "x" * 32, "HS384", headers={"kid": "hmac", "typ": "at+jwt"}
    ),
    "RS512 with the right key": lambda: jwt.encode(
        claims(), RSA.signing, "RS512", headers={"kid": "rsa", "typ": "at+jwt"}
    ),
    "the algorithm is a list": lambda: forged({"alg": ["RS256", "none"], "kid": "rsa"}, None),
    "kid of another key": lambda: rsa_token({"kid": "hmac"}),
    "kid with a path": lambda: forged({"alg": "HS256", "kid": "../../../../dev/null"}, b""),
    "kid with SQL": lambda: forged({"alg": "HS256", "kid": "x' UNION SELECT 'secret"}, b"secret"),
    "kid with a URL": lambda: forged({"alg": "HS256", "kid": "https://evil.example/key"}, b"secret"),
    "kid that is an object": lambda: forged({"alg": "HS256", "kid": {"$ne": 1}}, SECRET.encode()),
    "no kid": lambda: jwt.encode(claims(), SECRET, "HS256", headers={"typ": "at+jwt"}),
    "the attacker's key in jwk": lambda: by_attacker(jwk=jwk_of(ATTACKER)),
    "the attacker's key at jku": lambda: by_attacker(jku="https://evil.example/jwks.json"),
    "the attacker's key at x5u": lambda: by_attacker(x5u="https://evil.example/cert.pem"),
    "the attacker's key in x5c": lambda: by_attacker(x5c=["MIIB"]),
    "critical extensions": lambda: rsa_token({"crit": ["exp"], "exp": 1}),
    "an unencoded payload": lambda: rsa_token({"crit": ["b64"], "b64": False}),
    "another audience": lambda: rsa_token(aud="other"),
    "several other audiences": lambda: rsa_token(aud=["other", "shops"]),
    "no audience": lambda: rsa_token(aud=""),
    "another issuer": lambda: rsa_token(iss="them"),
    "expired": lambda: rsa_token(exp=int(time.time()) - 60),
    "expired, as a text": lambda: tampered(exp="9999999999"),
    "not yet valid": lambda: rsa_token(nbf=int(time.time()) + 60),
    "made in the future": lambda: rsa_token(iat=int(time.time()) + 60),
    "another subject": lambda: tampered(sub="bob"),
    "more scopes": lambda: tampered(scope="items:read items:write"),
    "another kind of token": lambda: rsa_token({"typ": "JWT"}),
    "an encrypted one's five parts": lambda: rsa_token() + ".x.y",
    "oversize": lambda: rsa_token(pad="x" * 9000),
    "an oversize header": lambda: rsa_token({"pad": "x" * 2000}),
    "a deep header": lambda: f"{b64(b'[' * 700 + b']' * 700)}.e30.x",
    "a header that is no object": lambda: f"{b64(b'[]')}.e30.x",
    "a header with bytes that are no text": lambda: f"{b64(bytes(range(128, 256)))}.e30.x",
    "blanks": lambda: rsa_token().replace(".", ". "),
    "nothing but dots": lambda: "..",
    "letters beyond ASCII": lambda: "\xe9.\xe9.\xe9",
}


@pytest.fixture
def guarded(memory: Store) -> Program:
    return program(memory, keys=MIXED, tokens=POLICY, check_revocation=False)


@pytest.mark.parametrize("name", TOKENS)
def test_a_token_that_was_not_made_here_for_us_and_now(call: Call, guarded: Program, name: str) -> None:
    with call(guarded.app) as client:
        assert client.get("/me", headers=bearer(rsa_token())).status_code == 200, "a good one, to begin with"
        answer = client.get("/me", headers={"Authorization": f"Bearer {TOKENS[name]()}".encode("latin-1")})
        assert (answer.status_code, answer.json()["detail"]) == (
            401,
            "The credential is not valid, or no longer",
        )
        assert client.get("/me", headers=bearer(rsa_token())).status_code == 200


def test_within_the_leeway_clocks_may_differ(call: Call, guarded: Program) -> None:
    now = int(time.time())
    with call(guarded.app) as client:
        for changed in ({"exp": now - 3}, {"nbf": now + 3}, {"iat": now + 3}):
            assert client.get("/me", headers=bearer(rsa_token(**changed))).status_code == 200


def test_headers_that_look_good_do_not_fill_the_memory(call: Call, guarded: Program) -> None:
    """The header is remembered before the signature is looked at: there is a bound."""
    verifier = guarded.auth._verifier
    for number in range(600):
        with pytest.raises(Exception, match="Signature"):
            verifier.verify(by_attacker(number=number))
    assert len(verifier._known) <= 256
    with call(guarded.app) as client:
        assert client.get("/me", headers=bearer(rsa_token())).status_code == 200


def test_a_refresh_token_is_no_access_token_nor_the_other_way(call: Call, memory: Store) -> None:
    with call(program(memory).app) as client:
        tokens = log_in(client)
        assert client.get("/me", headers=bearer(tokens["refresh_token"])).status_code == 401
        assert refresh(client, tokens["access_token"]).status_code in (401, 422)


# -- who there is


@pytest.mark.parametrize("path", ["/login", "/session"])
def test_for_unknown_users_a_password_is_verified_too(call: Call, memory: Store, path: str) -> None:
    counting = Counting()
    made = everything(memory, passwords=Passwords(counting))
    made.people["bob"].disabled = True
    answers = []
    with call(made.app) as client:
        for username in ("ann", "nobody", "bob", "x" * 5000):
            counting.verified.clear()
            answer = client.post(path, data={"username": username, "password": "wrong"})
            answers.append((answer.status_code, answer.content, sorted(answer.headers.items())))
            assert len(counting.verified) == 1, username
    assert len({str(answer) for answer in answers}) == 1, "and the answers are the same"


# -- what is sent beside what was asked for


def test_what_a_form_says_beside_name_and_password_changes_nothing(call: Call, memory: Store) -> None:
    made = everything(memory)
    more = {"roles": "admin", "is_admin": "true", "disabled": "false", "sub": "ann", "password_hash": "x"}
    with call(made.app) as client:
        tokens = log_in(client, "bob", "rum", scope="items:write admin", **more)
        assert tokens["scope"] == ""
        assert set(client.get("/who", headers=bearer(tokens["access_token"])).json()["claims"]) == {
            "sub",
            "iat",
            "exp",
            "jti",
            "sid",
            "scope",
        }
        assert made.people["bob"].roles == set()
        assert refresh(client, tokens["refresh_token"], scope="items:write", sub="ann").json()["scope"] == ""
        client.post("/session", data={"username": "bob", "password": "rum", "scope": "items:write", **more})
        assert client.get("/who").json()["scopes"] == ["items:read"]


# -- names that mean something somewhere

HOSTILE = [
    "ann:admin",
    "../ann",
    "ann/../bob",
    "*",
    "ann*",
    "{ann}",
    "a\x00b",
    "ann\r\nSet-Cookie: x=1",
    "' OR 1=1 --",
    "epoch:ann",
    "🫖",
    '{"sub": "ann"}',
    "\u202eann",
    "%s%n",
    "x" * 1000,
]


@pytest.mark.parametrize("username", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_is_a_name_and_nobody_elses(call: Call, served_store: Store, username: str) -> None:
    made = everything(served_store)
    made.people.add(username, "pw")
    with call(made.app) as client:
        ann, tokens = log_in(client), log_in(client, username, "pw")
        assert client.get("/me", headers=bearer(tokens["access_token"])).json() == username
        tokens = refresh(client, tokens["refresh_token"]).json()
        key = client.portal.call(lambda: made.auth.api_keys.create(username))
        assert client.get("/me", headers={"X-API-Key": key.text}).json() == username
        assert client.portal.call(lambda: made.auth.api_keys.of(username)) == [key.key]
        assert client.portal.call(lambda: made.auth.api_keys.of("ann")) == []
        client.portal.call(made.auth.log_out_everywhere, username)
        assert client.get("/me", headers=bearer(tokens["access_token"])).status_code == 401
        assert client.get("/me", headers=bearer(ann["access_token"])).json() == "ann"


@pytest.mark.parametrize("sid", ["x", "epoch:ann", "../x", "*", "", "\x00", 7, None, ["x"], {"$ne": 1}])
def test_a_login_that_a_token_makes_up_is_none(call: Call, served_store: Store, sid: Any) -> None:
    """Even one that we signed."""
    key = SigningKey.from_secret(SECRET)
    now = int(time.time())
    said = {"sub": "ann", "iat": now, "exp": now + 60, "sid": sid}
    token = jwt.encode(said, SECRET, "HS256", headers={"kid": key.kid, "typ": "at+jwt"})
    with call(program(served_store).app) as client:
        assert client.get("/me", headers=bearer(token)).status_code == 401


@pytest.mark.parametrize("key", ["key_*_x", "key_../../x_y", "key_" + "0" * 16 + "_" + "*" * 43, "\xe9", "x" * 8000])
def test_a_key_that_means_something_is_none(call: Call, served_store: Store, key: str) -> None:
    with call(everything(served_store).app) as client:
        assert client.get("/me", headers={"X-API-Key": key.encode("latin-1")}).status_code == 401


# -- sessions


def test_a_planted_session_is_not_the_victims(call: Call, served_store: Store) -> None:
    """Session fixation: the attacker has the victim's browser send a session of theirs, and waits for the login."""
    app = everything(served_store).app
    with call(app) as attacker, call(app) as victim:
        attacker.post("/session", data={"username": "bob", "password": "rum"})
        planted = attacker.cookies["session"]
        victim.cookies.set("session", planted)
        victim.post("/session", data={"username": "ann", "password": "tea"})
        own = next(cookie.value for cookie in victim.cookies.jar if cookie.value != planted)
        victim.cookies.clear()
        victim.cookies.set("session", own)
        assert victim.get("/me").json() == "ann"
        attacker.cookies.clear()
        attacker.cookies.set("session", planted)
        assert attacker.get("/me").status_code == 401, "what was there before has ended"


@pytest.mark.parametrize("change", ["signature", "payload", "unsigned", "other secret", "long", "purpose"])
def test_a_cookie_that_we_did_not_sign_does_not_reach_the_store(
    call: Call, down: Store, memory: Store, change: str
) -> None:
    with call(everything(memory).app) as client:
        client.post("/session", data={"username": "ann", "password": "tea"})
        good = client.cookies["session"]
    session_id = Signer(SECRET).read(good)[1]
    bad = {
        "signature": ("B" if good[0] == "A" else "A") + good[1:],
        "payload": good[:-6] + ("B" if good[-6] == "A" else "A") + good[-5:],
        "unsigned": session_id,
        "other secret": Signer("another secret of thirty-two bytes").sign(["vivace session", session_id]),
        "long": good + "A" * 600,
        "purpose": Signer(SECRET).sign(["page", session_id]),
    }[change]
    with call(everything(down).app, cookies={"session": bad}) as client:
        assert client.get("/me").status_code == 401, "not 503: the store was not asked"


# -- requests


def test_nothing_here_redirects(call: Call, memory: Store) -> None:
    """No `next`, no `redirect_uri`: there is nowhere to be sent to."""
    with call(everything(memory).app, follow_redirects=False) as client:
        for path in ("/login", "/session"):
            answer = client.post(
                f"{path}?next=https://evil.example&redirect_uri=https://evil.example",
                data={"username": "ann", "password": "tea", "next": "https://evil.example"},
                headers={"referer": "https://evil.example/"},
            )
            assert answer.status_code == 200
            assert "location" not in answer.headers
            assert "evil" not in answer.text


def test_a_large_form_is_refused(call: Call, memory: Store) -> None:
    with call(everything(memory).app) as client:
        for path in ("/login", "/refresh", "/logout", "/session"):
            answer = client.post(path, data={"username": "ann", "password": "x" * 100_000})
            assert answer.status_code == 413
