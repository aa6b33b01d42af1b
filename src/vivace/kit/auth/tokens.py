"""Access tokens: JWTs in the profile of RFC 9068, made by PyJWT with one of our keys, and verified by it.

A token's header only chooses among known keys: the algorithm is the key's, and what the header says of other keys
(`jwk`, `jku`, `x5u`, ...) is not read. Whether a token has been revoked, this file does not know.
"""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import jwt

from vivace.kit.auth.keys import KeyRing, VerifyingKey
from vivace.kit.auth.refusal import InvalidToken
from vivace.kit.auth.verified import VerifiedTokens

Claims = dict[str, Any]

TYPE = "at+jwt"  # RFC 9068 section 2.1: no other kind of JWT is taken for an access token
_REQUIRED = ["exp", "iat", "sub"]
_OURS = {"iss", "aud", "sub", "iat", "nbf", "exp", "jti", "sid", "scope"}
_HEADERS_KEPT = 256
_LONGEST_HEADER = 1024


@dataclass(frozen=True)
class TokenPolicy:
    """How tokens are made and judged. Times are in seconds.

    Attributes:
        issuer: who makes them (`iss`), and the only one whose are taken; None: not said.
        audience: whom they are for (`aud`); one of these has to be in a token. None: tokens for somebody are refused.
        leeway: by how much clocks may differ.
        access_ttl: how long an access token is good for.
        refresh_ttl: how long a refresh token may lie unused.
        lifetime: how long a login may be renewed at most.
        grace: for how long the refresh token before the present one is only refused, when it comes again, and is not
            yet taken for stolen: for clients that renew twice at once. 0: reuse revokes the family at once.
        max_bytes: longer tokens are refused unread.
        verified: how many verified tokens are remembered, so that their signature is not computed again. Their end and
            their revocation are looked at each time. 0: none.
        types: what may stand in the header as `typ`.
    """

    issuer: str | None = None
    audience: str | Sequence[str] | None = None
    leeway: float = 5.0
    access_ttl: float = 15 * 60.0
    refresh_ttl: float = 14 * 86400.0
    lifetime: float = 90 * 86400.0
    grace: float = 0.0
    max_bytes: int = 8192
    verified: int = 0
    types: Sequence[str] = (TYPE,)

    def __post_init__(self) -> None:
        if not 1 <= self.access_ttl <= self.refresh_ttl <= self.lifetime <= 10 * 366 * 86400:
            raise ValueError("1 <= access_ttl <= refresh_ttl <= lifetime, in seconds, at most ten years")
        if not 0 <= self.leeway <= 600 or not 0 <= self.grace <= 600:
            raise ValueError(f"leeway={self.leeway}, grace={self.grace}: 0 to 600 seconds")
        if self.max_bytes < 512 or self.verified < 0:
            raise ValueError(f"max_bytes={self.max_bytes}, verified={self.verified}: at least 512, and 0")


class Keys(Protocol):
    """Where keys are found: in this process, or with an issuer elsewhere."""

    version: int

    def find(self, kid: Any) -> VerifyingKey | None: ...


class Verifier:
    """Verifies tokens with keys that are known. `verified` remembers some of those that were."""

    def __init__(self, keys: Keys, policy: TokenPolicy) -> None:
        self.keys, self.policy = keys, policy
        self._types = {name.lower() for name in policy.types}
        required = _REQUIRED + ["iss"] * (policy.issuer is not None) + ["aud"] * (policy.audience is not None)
        self._jwt = jwt.PyJWT({"require": required, "enforce_minimum_key_length": True})
        self._known: dict[str, VerifyingKey] = {}  # by header: tokens of one key all begin alike
        self._version = keys.version
        self._verified = VerifiedTokens(policy.verified, policy.leeway) if policy.verified else None

    def verify(self, token: str) -> Claims:
        """The claims of a token.

        Raises:
            InvalidToken: it is not one of ours, not for us, not yet or no longer valid.
            UnknownKey: the same, because there is no such key.
        """
        if self._verified is None:
            return self._verify(token)
        claims = self._verified.find(token, self.keys.version)
        if claims is None:
            claims = self._verified.keep(token, self.keys.version, self._verify(token))
        return claims

    def _verify(self, token: str) -> Claims:
        if len(token) > self.policy.max_bytes:
            raise InvalidToken("it is too long")
        header = token.partition(".")[0]
        if self._version != self.keys.version:
            self._known, self._version = {}, self.keys.version
        key = self._known.get(header) or self._key_for(header)
        policy = self.policy
        try:
            return self._jwt.decode(
                token,
                key.verifying,
                key.algorithms,
                audience=policy.audience,
                issuer=policy.issuer,
                leeway=policy.leeway,
            )
        except (jwt.PyJWTError, TypeError, ValueError, OverflowError) as error:  # some versions let others through
            raise InvalidToken(type(error).__name__) from None

    def _key_for(self, header: str) -> VerifyingKey:
        said = _read_header(header)
        if "crit" in said:  # RFC 7515 section 4.1.11: extensions that we don't have
            raise InvalidToken("its header has crit")
        if str(said.get("typ", "")).lower().removeprefix("application/") not in self._types:
            raise InvalidToken("its type is another")
        key = self.keys.find(said.get("kid"))
        if key is None:
            raise UnknownKey("there is no key of its kid")
        if said.get("alg") != key.algorithm:
            raise InvalidToken("its algorithm is not the key's")
        if len(self._known) >= _HEADERS_KEPT:  # nobody but us makes good ones, but anybody makes good-looking ones
            self._known.clear()
        self._known[header] = key
        return key


class UnknownKey(InvalidToken):
    """The key may be a new one of the issuer's."""


def _read_header(header: str) -> Mapping[str, Any]:
    if len(header) > _LONGEST_HEADER:
        raise InvalidToken("its header is too long")
    try:
        said = json.loads(base64.b64decode(header + "=" * (-len(header) % 4), altchars=b"-_", validate=True))
    except (ValueError, RecursionError):
        raise InvalidToken("its header is no JSON") from None
    if not isinstance(said, dict):
        raise InvalidToken("its header is no object")
    return said


class Issuer:
    """Makes access tokens."""

    def __init__(self, keys: KeyRing, policy: TokenPolicy) -> None:
        self._keys, self._policy = keys, policy

    def issue(
        self, subject: str, scopes: Iterable[str], *, sid: str | None = None, claims: Mapping[str, Any] | None = None
    ) -> str:
        """A token for somebody, in which further claims may stand.

        Raises:
            ValueError: a further claim has the name of one that is ours to make.
        """
        if taken := _OURS.intersection(claims or ()):
            raise ValueError(f"claims: {', '.join(sorted(taken))} can't be given, they are made here")
        policy, now = self._policy, int(time.time())
        said: Claims = {**(claims or {}), "sub": subject, "iat": now, "exp": now + int(policy.access_ttl)}
        said |= {"jti": secrets.token_urlsafe(12), "scope": " ".join(sorted(scopes))}
        if policy.issuer is not None:
            said["iss"] = policy.issuer
        if policy.audience is not None:
            said["aud"] = policy.audience if isinstance(policy.audience, str) else list(policy.audience)
        if sid is not None:
            said["sid"] = sid
        key = self._keys.signing
        return jwt.encode(said, key.signing, key.algorithm, headers={"kid": key.kid, "typ": self._policy.types[0]})
