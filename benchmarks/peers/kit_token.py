"""The access token of the kit's scenarios, which every program takes: a JWT that is good until 2100. Needs no package.

A token that the server made could not be known to the load generator before the server has started.
"""

import base64
import hmac
import json
from typing import Any

SECRET = "for measuring only: thirty-two bytes or more"
KEY_ID = "bench"
USER = {"username": "ann", "name": "Ann Lee"}
CLAIMS = {"sub": USER["username"], "iat": 1767225600, "exp": 4102444800, "jti": "bench", "scope": "items:read"}


def encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def make_token(secret: str) -> str:
    """HS256 (RFC 7515), with the header that RFC 9068 asks of access tokens."""
    parts: list[dict[str, Any]] = [{"alg": "HS256", "typ": "at+jwt", "kid": KEY_ID}, CLAIMS]
    signed = ".".join(encoded(json.dumps(part, separators=(",", ":")).encode()) for part in parts)
    return f"{signed}.{encoded(hmac.digest(secret.encode(), signed.encode(), 'sha256'))}"


TOKEN = make_token(SECRET)
FORGED = make_token(SECRET + "!")


class Uncached(Exception):
    """An endpoint ran although what it gives was in the cache."""


class Made:
    """Counts how often a cached endpoint ran: as often as there are connections at most, when all come at once."""

    most = 64

    def __init__(self) -> None:
        self._times = 0

    def one_more(self) -> None:
        self._times += 1
        if self._times > self.most:
            raise Uncached(f"it ran {self._times} times")
