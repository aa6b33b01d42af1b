"""Signing keys. The algorithm belongs to the key, never to the token; `none` is no algorithm here.

`SigningKey`, `VerifyingKey`: one key. `KeyRing`: the key that signs, and all that are known. Nothing here knows what
is in a token.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from typing import Any, Literal, get_args

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt import get_algorithm_by_name
from pydantic import SecretBytes, SecretStr

Algorithm = Literal["HS256", "RS256", "ES256", "EdDSA"]
Secret = str | bytes | SecretStr | SecretBytes

SHORTEST_SECRET = 32  # bytes: RFC 7518 section 3.2
SMALLEST_RSA = 2048  # bits: section 3.3
_LONGEST_KID = 256

# RFC 7638 section 3.2, RFC 8037 section 2: what a thumbprint is made of, and what a public key consists of.
_MEMBERS = {"RSA": ("e", "kty", "n"), "EC": ("crv", "kty", "x", "y"), "OKP": ("crv", "kty", "x")}


class VerifyingKey:
    """A key that verifies signatures of one algorithm.

    Attributes:
        kid: its id; by default the thumbprint of RFC 7638.
        algorithm: the only one that it is good for.
        verifying: the key itself, as PyJWT takes it.
    """

    def __init__(self, verifying: Any, algorithm: str, kid: str) -> None:
        if not 0 < len(kid) <= _LONGEST_KID:
            raise ValueError(f"kid={kid!r:.80}: a string of 1 to {_LONGEST_KID} characters")
        self.verifying, self.algorithm, self.kid = verifying, algorithm, kid
        self.algorithms = [algorithm]

    @classmethod
    def from_pem(cls, pem: str | bytes, *, kid: str | None = None) -> VerifyingKey:
        """A public key of another program, or a retired one of ours.

        Raises:
            ValueError: it is none, or too weak.
        """
        try:
            public = serialization.load_pem_public_key(_plain(pem))
        except (ValueError, UnsupportedAlgorithm):
            raise ValueError("This is no public key in PEM: it begins with -----BEGIN PUBLIC KEY-----") from None
        algorithm = _algorithm_of(public)
        return cls(public, algorithm, kid or thumbprint(_jwk(public, algorithm)))

    def public(self) -> dict[str, Any] | None:
        """The public key as a JWK (RFC 7517); None for a secret, which is never shown."""
        if self.algorithm == "HS256":
            return None
        return _jwk(self.verifying, self.algorithm) | {"kid": self.kid, "alg": self.algorithm, "use": "sig"}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.algorithm} kid={self.kid!r}>"


class SigningKey(VerifyingKey):
    """A key that signs, too. Made by `from_secret`, `from_pem` or `generate`."""

    def __init__(self, signing: Any, verifying: Any, algorithm: str, kid: str) -> None:
        super().__init__(verifying, algorithm, kid)
        self.signing = signing

    @classmethod
    def from_secret(cls, secret: Secret, *, kid: str | None = None) -> SigningKey:
        """HS256: whoever can verify can sign. The id is derived from the secret and tells nothing of it.

        Raises:
            ValueError: it has less than 32 bytes, or is a key in PEM.
        """
        plain = _plain(secret)
        if len(plain) < SHORTEST_SECRET:
            raise ValueError(f"The secret has {len(plain)} bytes, at least {SHORTEST_SECRET}: secrets.token_hex(32)")
        if b"-----BEGIN" in plain:
            raise ValueError("This is a key in PEM, not a secret: SigningKey.from_pem(...)")
        derived = base64.urlsafe_b64encode(hmac.digest(plain, b"vivace.kit.auth kid", "sha256")[:9]).decode()
        return cls(plain, plain, "HS256", kid or derived)

    @classmethod
    def from_pem(cls, pem: Secret, *, kid: str | None = None, password: Secret | None = None) -> SigningKey:
        """RS256, ES256 or EdDSA, by the kind of the private key.

        Raises:
            ValueError: it is no private key, too weak, or the password is wrong.
        """
        try:
            private = serialization.load_pem_private_key(_plain(pem), None if password is None else _plain(password))
        except (TypeError, ValueError, UnsupportedAlgorithm):
            raise ValueError("This is no private key in PEM, or its password is wrong") from None
        return cls._of(private, kid)

    @classmethod
    def generate(cls, algorithm: Algorithm = "EdDSA", *, kid: str | None = None) -> SigningKey:
        """A new key, for tests and first steps: one that nobody keeps ends with the process."""
        if algorithm == "HS256":
            return cls.from_secret(secrets.token_bytes(SHORTEST_SECRET), kid=kid)
        if algorithm == "RS256":
            return cls._of(rsa.generate_private_key(public_exponent=65537, key_size=SMALLEST_RSA), kid)
        if algorithm == "ES256":
            return cls._of(ec.generate_private_key(ec.SECP256R1()), kid)
        if algorithm == "EdDSA":
            return cls._of(ed25519.Ed25519PrivateKey.generate(), kid)
        raise ValueError(f"algorithm={algorithm!r}: one of {', '.join(get_args(Algorithm))}")

    @classmethod
    def _of(cls, private: Any, kid: str | None) -> SigningKey:
        public = private.public_key()
        algorithm = _algorithm_of(public)
        return cls(private, public, algorithm, kid or thumbprint(_jwk(public, algorithm)))


class KeyRing:
    """The key that signs, and further ones that are known: the next, and those before.

    To rotate without a moment of refusal: make the new key known everywhere (`KeyRing(old, new)`), then sign with it
    (`KeyRing(new, old)`), and leave the old one out when its last token has expired. `rotate` and `retire` do the same
    in a running process.
    """

    def __init__(self, signing: SigningKey, *known: VerifyingKey) -> None:
        if not isinstance(signing, SigningKey):
            raise TypeError(f"The first key signs: a SigningKey, not {type(signing).__name__}")
        self.signing = signing
        self._keys: dict[str, VerifyingKey] = {}
        for key in (signing, *known):
            self._add(key)
        self.version = 0

    def find(self, kid: Any) -> VerifyingKey | None:
        """The key of that id."""
        return self._keys.get(kid) if isinstance(kid, str) else None

    def rotate(self, signing: SigningKey) -> None:
        """Sign with another key from now on; those before stay known."""
        if self._keys.get(signing.kid) is not signing:
            self._add(signing)
        self.signing = signing
        self.version += 1

    def retire(self, kid: str) -> None:
        """Know a key no longer: what it signed is refused.

        Raises:
            ValueError: it is the one that signs, or there is none of that id.
        """
        if kid == self.signing.kid or kid not in self._keys:
            raise ValueError(f"kid={kid!r:.80} is the key that signs, or none: rotate to another first")
        del self._keys[kid]
        self.version += 1

    @property
    def is_public(self) -> bool:
        """Whether there is a key that others can verify with."""
        return any(key.algorithm != "HS256" for key in self._keys.values())

    def jwks(self) -> dict[str, Any]:
        """The public keys as a JWK Set (RFC 7517 section 5)."""
        return {"keys": [public for key in self._keys.values() if (public := key.public()) is not None]}

    def __repr__(self) -> str:
        return f"<KeyRing {', '.join(repr(key) for key in self._keys.values())}>"

    def _add(self, key: VerifyingKey) -> None:
        if key.kid in self._keys:
            raise ValueError(f"kid={key.kid!r:.80} is the id of two keys: give one of them another")
        self._keys[key.kid] = key


def _algorithm_of(public: Any) -> str:
    if isinstance(public, rsa.RSAPublicKey):
        if public.key_size < SMALLEST_RSA:
            raise ValueError(f"The RSA key has {public.key_size} bits, at least {SMALLEST_RSA}")
        return "RS256"
    if isinstance(public, ec.EllipticCurvePublicKey) and isinstance(public.curve, ec.SECP256R1):
        return "ES256"
    if isinstance(public, ed25519.Ed25519PublicKey):
        return "EdDSA"
    raise ValueError("A key is an RSA key, one on the curve P-256, or an Ed25519 key")


def _jwk(public: Any, algorithm: str) -> dict[str, Any]:
    """The members of a public key, and nothing else."""
    jwk = get_algorithm_by_name(algorithm).to_jwk(public, as_dict=True)
    return {name: jwk[name] for name in _MEMBERS[jwk["kty"]]}


def thumbprint(jwk: Mapping[str, Any]) -> str:
    """RFC 7638: the SHA-256 of the members that make the key, in base64url."""
    members = {name: jwk[name] for name in _MEMBERS[jwk["kty"]]}
    digest = hashlib.sha256(json.dumps(members, separators=(",", ":"), sort_keys=True).encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _plain(secret: Secret) -> bytes:
    plain = secret.get_secret_value() if isinstance(secret, SecretStr | SecretBytes) else secret
    return plain.encode() if isinstance(plain, str) else plain
