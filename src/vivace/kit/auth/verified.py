"""Tokens that were verified before: their claims by the digest of the token. Bounded; the least recently used goes."""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from threading import Lock
from typing import Any, NamedTuple

Claims = dict[str, Any]


class _Kept(NamedTuple):
    claims: Claims
    ends: float
    version: int  # of the keys: with other keys it is verified anew


class VerifiedTokens:
    """Spares the signature, and nothing else: whoever asks still has to ask whether the token was revoked."""

    def __init__(self, most: int, leeway: float) -> None:
        self._most, self._leeway = most, leeway
        self._kept: OrderedDict[bytes, _Kept] = OrderedDict()
        self._lock = Lock()

    def find(self, token: str, version: int) -> Claims | None:
        """Its claims, if it was verified with these keys and has not ended."""
        digest = _digest(token)
        with self._lock:
            kept = self._kept.get(digest)
            if kept is None:
                return None
            if kept.version != version or kept.ends <= time.time():
                del self._kept[digest]
                return None
            self._kept.move_to_end(digest)
        return dict(kept.claims)

    def keep(self, token: str, version: int, claims: Claims) -> Claims:
        """Remember what was verified just now."""
        with self._lock:
            self._kept[_digest(token)] = _Kept(dict(claims), int(claims["exp"]) + self._leeway, version)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return claims


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
