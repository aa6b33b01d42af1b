"""Signing keys, and rings of them."""

from __future__ import annotations

from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from pydantic import SecretBytes, SecretStr

from tests.doors import Call
from tests.kit.auth.program import SECRET, bearer, log_in, program
from vivace.kit.auth import Auth, KeyRing, SigningKey, TokenPolicy, VerifyingKey
from vivace.kit.auth.keys import thumbprint
from vivace.kit.store import Store

ALGORITHMS: list[Any] = ["HS256", "RS256", "ES256", "EdDSA"]


def pem_of(private: Any, password: bytes | None = None) -> bytes:
    encryption = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)


def public_pem_of(private: Any) -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return private.public_key().public_bytes(serialization.Encoding.PEM, form)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_tokens_of_each_algorithm(call: Call, memory: Store, algorithm: Any) -> None:
    made = program(memory, keys=SigningKey.generate(algorithm))
    with call(made.app) as client:
        tokens = log_in(client)
        assert jwt.get_unverified_header(tokens["access_token"])["alg"] == algorithm
        assert client.get("/me", headers=bearer(tokens["access_token"])).json() == "ann"


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
def test_others_verify_by_the_keys_that_are_published(call: Call, memory: Store, algorithm: Any) -> None:
    key = SigningKey.generate(algorithm)
    with call(program(memory, keys=key).app) as client:
        token = log_in(client)["access_token"]
        answer = client.get("/.well-known/jwks.json")
    assert answer.headers["cache-control"] == "public, max-age=300"
    [published] = answer.json()["keys"]
    assert published["kid"] == key.kid == jwt.get_unverified_header(token)["kid"] == thumbprint(published)
    assert (published["alg"], published["use"]) == (algorithm, "sig")
    assert set(published) <= {"kty", "crv", "x", "y", "n", "e", "kid", "alg", "use"}, "nothing private"
    assert jwt.decode(token, jwt.PyJWK(published), algorithms=[algorithm])["sub"] == "ann"


def test_a_secret_is_published_nowhere(call: Call, memory: Store) -> None:
    with call(program(memory).app) as client:
        assert client.get("/.well-known/jwks.json").status_code == 404
    mixed = KeyRing(SigningKey.generate("EdDSA"), SigningKey.from_secret(SECRET))
    with call(program(memory, keys=mixed).app) as client:
        assert [key["alg"] for key in client.get("/.well-known/jwks.json").json()["keys"]] == ["EdDSA"]


def test_a_thumbprint_is_rfc_7638s() -> None:
    example = {
        "kty": "RSA",
        "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCi"
        "FV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7"
        "d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-"
        "csFCur-kEgU8awapJzKnqDKgw",
        "e": "AQAB",
        "alg": "RS256",
        "kid": "2011-04-29",
    }
    assert thumbprint(example) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


def test_keys_rotate_and_are_retired(call: Call, memory: Store) -> None:
    old, new = SigningKey.generate(), SigningKey.generate("ES256")
    made = program(memory, keys=KeyRing(old, new), tokens=TokenPolicy(verified=10))
    ring = made.auth.keys
    assert isinstance(ring, KeyRing)
    with call(made.app) as client:

        def status(token: str) -> int:
            return client.get("/me", headers=bearer(token)).status_code

        before = log_in(client)["access_token"]
        ring.rotate(new)
        after = log_in(client)["access_token"]
        kids = [jwt.get_unverified_header(token)["kid"] for token in (before, after)]
        assert kids == [old.kid, new.kid]
        assert [status(before), status(after)] == [200, 200]
        with pytest.raises(ValueError, match="rotate to another first"):
            ring.retire(new.kid)
        ring.retire(old.kid)
        assert [status(before), status(after)] == [401, 200]
        assert [key["kid"] for key in client.get("/.well-known/jwks.json").json()["keys"]] == [new.kid]
        ring.rotate(SigningKey.generate())
        assert status(log_in(client)["access_token"]) == 200


def test_several_secrets_rotate(call: Call, memory: Store) -> None:
    new = "another secret of thirty-two bytes"
    with call(program(memory).app) as client:
        token = log_in(client)["access_token"]
    for secret, status in (([new, SECRET], 200), ([SECRET, new], 200), (new, 401)):
        with call(program(memory, secret=secret).app) as client:
            assert client.get("/me", headers=bearer(token)).status_code == status


def test_a_retired_key_needs_only_its_public_half(call: Call, memory: Store) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    with call(program(memory, keys=SigningKey.from_pem(pem_of(private))).app) as client:
        token = log_in(client)["access_token"]
    ring = KeyRing(SigningKey.generate(), VerifyingKey.from_pem(public_pem_of(private)))
    with call(program(memory, keys=ring).app) as client:
        assert client.get("/me", headers=bearer(token)).status_code == 200


def test_keys_from_pem() -> None:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    plain = SigningKey.from_pem(pem_of(private).decode())
    locked = SigningKey.from_pem(SecretBytes(pem_of(private, b"open")), password=SecretStr("open"), kid="mine")
    assert (plain.algorithm, locked.kid) == ("RS256", "mine")
    assert plain.kid == VerifyingKey.from_pem(public_pem_of(private)).kid
    for wrong in (None, "shut"):
        with pytest.raises(ValueError, match="no private key in PEM, or its password is wrong"):
            SigningKey.from_pem(pem_of(private, b"open"), password=wrong)
    for text in (b"", public_pem_of(private), b"-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----"):
        with pytest.raises(ValueError, match="no private key"):
            SigningKey.from_pem(text)
    with pytest.raises(ValueError, match="no public key"):
        VerifyingKey.from_pem(pem_of(private))


def test_keys_that_are_weak_or_of_another_kind_are_refused() -> None:
    for private, why in (
        (rsa.generate_private_key(public_exponent=65537, key_size=1024), "1024 bits, at least 2048"),
        (ec.generate_private_key(ec.SECP384R1()), "on the curve P-256"),
        (dsa.generate_private_key(key_size=2048), "RSA key, one on the curve"),
    ):
        with pytest.raises(ValueError, match=why):
            SigningKey.from_pem(pem_of(private))
    for secret, why in (("x" * 31, "31 bytes, at least 32"), (public_pem_of(private), "a key in PEM, not a secret")):
        with pytest.raises(ValueError, match=why):
            SigningKey.from_secret(secret)
    for algorithm in ("none", "HS512", ""):
        with pytest.raises(ValueError, match="one of HS256, RS256, ES256, EdDSA"):
            SigningKey.generate(algorithm)  # type: ignore[arg-type]


def test_rings_that_do_not_fit_are_told(memory: Store) -> None:
    key = SigningKey.generate()
    with pytest.raises(ValueError, match="the id of two keys"):
        KeyRing(key, key)
    with pytest.raises(TypeError, match="The first key signs"):
        KeyRing(VerifyingKey(key.verifying, "EdDSA", "x"))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="1 to 256 characters"):
        SigningKey.from_secret(SECRET, kid="x" * 257)

    async def nobody(username: str) -> None: ...

    with pytest.raises(ValueError, match="Give Auth a secret of 32 bytes or more"):
        Auth(nobody, store=memory)
