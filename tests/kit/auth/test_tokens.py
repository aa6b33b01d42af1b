"""Access tokens: issuer, audience, times; verified ones that are remembered."""

from __future__ import annotations

import json
import time
from typing import Any

import jwt
import pytest

from tests.doors import Call
from tests.kit.auth.program import SECRET, bearer, log_in, program, refresh
from vivace.kit.auth import KeyRing, SigningKey, TokenPolicy
from vivace.kit.auth.refusal import InvalidToken
from vivace.kit.auth.tokens import Issuer, Verifier
from vivace.kit.auth.verified import VerifiedTokens
from vivace.kit.store import Store

KEY = SigningKey.from_secret(SECRET)
RING = KeyRing(KEY)


def signed(header: dict[str, Any] | None = None, **claims: Any) -> str:
    """A token with a good signature, and whatever else; a claim of None is left out."""
    now = int(time.time())
    said = {"sub": "ann", "iat": now, "exp": now + 60, **claims}
    headers = {"kid": KEY.kid, "typ": "at+jwt", **(header or {})}
    return jwt.encode({k: v for k, v in said.items() if v is not None}, SECRET, "HS256", headers=headers)


def raw(**claims: Any) -> str:
    """The same with claims that PyJWT would not encode."""
    payload = json.dumps({"sub": "ann", **claims}).encode()
    return jwt.PyJWS().encode(payload, SECRET, "HS256", headers={"kid": KEY.kid, "typ": "at+jwt"})


def verify(token: str, **policy: Any) -> dict[str, Any]:
    return Verifier(RING, TokenPolicy(**policy)).verify(token)


def test_a_token_says_what_rfc_9068_asks_for() -> None:
    policy = TokenPolicy(issuer="https://shop.example", audience=["shop", "stock"])
    token = Issuer(RING, policy).issue("ann", ["b", "a"], sid="login", claims={"plan": "gold"})
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "kid": KEY.kid, "typ": "at+jwt"}
    claims = Verifier(RING, policy).verify(token)
    assert set(claims) == {"iss", "aud", "sub", "iat", "exp", "jti", "scope", "sid", "plan"}
    assert (claims["scope"], claims["aud"], claims["exp"] - claims["iat"]) == ("a b", ["shop", "stock"], 900)


def test_only_from_our_issuer() -> None:
    assert verify(signed(iss="us"), issuer="us")
    for iss in ("them", "us/", "", None):
        with pytest.raises(InvalidToken):
            verify(signed(iss=iss), issuer="us")
    with pytest.raises(InvalidToken):
        verify(raw(iss=["us"], iat=0, exp=2**33), issuer="us")


def test_only_for_us() -> None:
    assert verify(signed(aud="us"), audience="us")
    assert verify(signed(aud=["them", "us"]), audience="us")
    assert verify(signed(aud="us"), audience=["us", "also us"])
    for aud in ("them", ["them"], [], None):
        with pytest.raises(InvalidToken):
            verify(signed(aud=aud), audience="us")
    with pytest.raises(InvalidToken, match="InvalidAudienceError"):
        verify(signed(aud="them"))


@pytest.mark.parametrize(
    ("claim", "seconds", "good"),
    [
        ("exp", -8, True),
        ("exp", -12, False),
        ("nbf", 8, True),
        ("nbf", 60, False),
        ("iat", 8, True),
        ("iat", 60, False),
    ],
)
def test_times_hold_within_the_leeway(claim: str, seconds: int, good: bool) -> None:
    token = signed(**{claim: int(time.time()) + seconds})
    if good:
        assert verify(token, leeway=10)
    else:
        with pytest.raises(InvalidToken):
            verify(token, leeway=10)


@pytest.mark.parametrize(
    ("claim", "values"),
    [
        ("exp", [None, "", "x", [], {}, 1e400, -1e400, float("nan"), -(2**70)]),
        ("iat", [None, "", "x", [], {}, 1e400, float("nan"), 2**70]),
        ("sub", [None, 7, True, [], ["ann"], {}]),
    ],
)
def test_what_has_to_be_said_has_to_be_said_well(claim: str, values: list[Any]) -> None:
    for value in values:
        with pytest.raises(InvalidToken):
            verify(raw(**{"iat": 0, "exp": 2**33, claim: value}))


def test_a_token_of_another_type_is_none_of_ours() -> None:
    assert verify(signed({"typ": "application/AT+JWT"}))
    for typ in ("JWT", "", None, "logout+jwt", 7):
        with pytest.raises(InvalidToken):
            verify(signed({"typ": typ}))
    assert verify(signed({"typ": "JWT"}), types=("JWT",))


def test_a_token_that_has_expired_is_refused_at_the_route(call: Call, memory: Store) -> None:
    made = program(memory, tokens=TokenPolicy(leeway=0), check_revocation=False)
    with call(made.app) as client:
        assert client.get("/me", headers=bearer(signed())).status_code == 200
        answer = client.get("/me", headers=bearer(signed(exp=int(time.time()) - 1)))
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'
        assert answer.json() == {"detail": "The credential is not valid, or no longer"}


# -- remembered


def test_a_remembered_token_is_not_verified_again_and_may_not_be_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    verifier = Verifier(RING, TokenPolicy(verified=2))
    decoded: list[str] = []
    genuine = verifier._jwt.decode
    monkeypatch.setattr(
        verifier._jwt, "decode", lambda token, *a, **k: decoded.append(token) or genuine(token, *a, **k)
    )
    first, second, third = (signed(sub=name) for name in ("ann", "bob", "cyn"))
    for token in (first, second, first, second):
        verifier.verify(token)["sub"] = "root"
    assert decoded == [first, second]
    assert verifier.verify(first)["sub"] == "ann"
    verifier.verify(third)
    verifier.verify(first)
    verifier.verify(second)
    assert decoded == [first, second, third, second], "the least recently used was forgotten"


def test_a_remembered_token_expires_and_is_forgotten_with_the_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    remembered = VerifiedTokens(10, leeway=5)
    remembered.keep("token", 1, {"exp": 1000, "sub": "ann"})
    for now, version, found in ((1004.9, 1, True), (1004.9, 2, False), (1004.9, 1, False)):
        monkeypatch.setattr("vivace.kit.auth.verified.time.time", lambda now=now: now)
        assert (remembered.find("token", version) is not None) is found
    remembered.keep("token", 1, {"exp": 1000, "sub": "ann"})
    monkeypatch.setattr("vivace.kit.auth.verified.time.time", lambda: 1005.0)
    assert remembered.find("token", 1) is None


def test_one_character_more_is_another_token() -> None:
    verifier = Verifier(RING, TokenPolicy(verified=10))
    token = signed()
    verifier.verify(token)
    for other in (token + "A", token[:-1], token.replace(".", "..", 1), " " + token):
        with pytest.raises(InvalidToken):
            verifier.verify(other)


def test_a_remembered_token_is_revoked_at_once(call: Call, served_store: Store) -> None:
    with call(program(served_store, tokens=TokenPolicy(verified=10)).app) as client:
        tokens = log_in(client)
        for _ in range(2):
            assert client.get("/me", headers=bearer(tokens["access_token"])).status_code == 200
        refresh(client, tokens["refresh_token"])
        refresh(client, tokens["refresh_token"])
        assert client.get("/me", headers=bearer(tokens["access_token"])).status_code == 401
