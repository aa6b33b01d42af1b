"""The keys of an issuer elsewhere: fetched from its JWK Set (RFC 7517 section 5), and kept for a while.

One fetch at a time, however many ask. An issuer that doesn't answer is borne for a time with the keys that are there.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from http.client import HTTPException as HTTPClientError
from typing import Any, cast
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import jwt
from anyio import to_thread

from vivace.kit.auth.keys import VerifyingKey
from vivace.kit.auth.stored import logger

Fetch = Callable[[str], Awaitable[bytes]]

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
# By kind and curve: RFC 7518 section 3.1, RFC 8037 section 3.1.
_FITTING: dict[tuple[Any, Any], Sequence[str]] = {
    ("RSA", None): ALGORITHMS[:6],
    ("EC", "P-256"): ("ES256",),
    ("EC", "P-384"): ("ES384",),
    ("OKP", "Ed25519"): ("EdDSA",),
}
_MOST_BYTES = 512 * 1024
_MOST_KEYS = 100
_HOME = {"localhost", "127.0.0.1", "::1"}


class JWKSUnavailable(Exception):
    """The issuer's keys can't be had now. Nothing has to restart: they are fetched again."""


class RemoteKeys:
    """Keys from `https://issuer/.well-known/jwks.json`.

    Args:
        url: of the JWK Set; https, or http on this machine.
        algorithms: the ones that are taken. Asymmetric ones only: what everybody can read is no secret.
        ttl: seconds after which keys are fetched again.
        pause: seconds between two fetches at least: for a key that is not known, and after a failure.
        stale: seconds, after `ttl`, for which keys are still good when the issuer doesn't answer.
        timeout: seconds for a fetch.
        fetch: how to fetch, `async (url) -> bytes`; by default with the standard library, in a thread, no redirects.
        clock: seconds.

    Raises:
        ValueError: the URL is not https, or an algorithm is not one of the asymmetric ones.
    """

    def __init__(
        self,
        url: str,
        *,
        algorithms: Sequence[str] = ("RS256", "ES256", "EdDSA"),
        ttl: float = 300.0,
        pause: float = 10.0,
        stale: float = 3600.0,
        timeout: float = 5.0,
        fetch: Fetch | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _HOME):
            raise ValueError(f"{url!r}: keys are fetched by https (http only on this machine)")
        if not algorithms or not set(algorithms) <= set(ALGORITHMS):
            raise ValueError(f"algorithms={list(algorithms)}: some of {', '.join(ALGORITHMS)}")
        self.url, self.version = url, 0
        self._algorithms, self._ttl, self._pause, self._stale = tuple(algorithms), ttl, pause, stale
        self._timeout, self._clock = timeout, clock
        self._fetch = fetch or self._fetch_in_thread
        self._keys: dict[str | None, VerifyingKey] = {}
        self._document: Any = None
        self._fetched: float | None = None
        self._tried: float | None = None
        self._running: asyncio.Task[None] | None = None

    def find(self, kid: Any) -> VerifyingKey | None:
        """The key of that id among those that are there. Without an id, the only one that there is."""
        if kid is None and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        return self._keys.get(kid) if isinstance(kid, str) else None

    async def fresh(self) -> None:
        """See to it that there are keys, and that they are not too old.

        Raises:
            JWKSUnavailable: they can't be had, or have been too old for too long.
        """
        age = None if self._fetched is None else self._clock() - self._fetched
        if age is not None and age < self._ttl:
            return
        await self._fetch_unless_just_tried()
        if self._fetched is None or self._clock() - self._fetched >= self._ttl + self._stale:
            raise JWKSUnavailable(f"The keys of {self.url} can't be had now")

    async def look_again(self) -> bool:
        """For a key that is not known: fetch, unless that was just done. Whether the keys are others now."""
        before = self.version
        await self._fetch_unless_just_tried()
        return self.version != before

    async def _fetch_unless_just_tried(self) -> None:
        """Together with whoever else wants to."""
        loop, running = asyncio.get_running_loop(), self._running
        if running is None or running.done() or running.get_loop() is not loop:
            if self._tried is not None and self._clock() - self._tried < self._pause:
                return
            self._tried = self._clock()
            running = self._running = loop.create_task(self._refresh(), name=f"keys of {self.url}")
        await asyncio.shield(running)

    async def _refresh(self) -> None:
        try:
            document = json.loads(await asyncio.wait_for(self._fetch(self.url), self._timeout))
            keys = self._usable(document)
        except (OSError, TimeoutError, ValueError, RecursionError, HTTPClientError) as error:
            logger.warning("The keys of %s can't be had: %s", self.url, type(error).__name__)
            return
        self._fetched = self._clock()
        if document != self._document:
            self._keys, self._document, self.version = keys, document, self.version + 1

    def _usable(self, document: Any) -> dict[str | None, VerifyingKey]:
        entries = document.get("keys") if isinstance(document, dict) else None
        if not isinstance(entries, list):
            raise ValueError("no JWK Set")
        keys: dict[str | None, VerifyingKey] = {}
        for entry in entries[:_MOST_KEYS]:
            key = self._usable_key(entry)
            if key is not None:
                keys.setdefault(key.kid, key)
        return keys

    def _usable_key(self, entry: Any) -> VerifyingKey | None:
        """None for what is for encryption, symmetric, private, of another algorithm, or no key at all."""
        if not isinstance(entry, dict) or entry.get("use", "sig") != "sig" or entry.get("kty") == "oct" or "d" in entry:
            return None
        try:
            algorithm = entry.get("alg") or self._algorithm_for(entry)
            if algorithm not in self._algorithms:
                return None
            return VerifyingKey(jwt.PyJWK.from_dict(entry, algorithm).key, algorithm, entry.get("kid") or "-")
        except (jwt.PyJWTError, ValueError, TypeError, KeyError):
            return None

    def _algorithm_for(self, entry: dict[str, Any]) -> str | None:
        """A key that doesn't say for which algorithm is for the first of ours that its kind is good for."""
        fitting = _FITTING.get((entry.get("kty"), entry.get("crv")), ())
        return next((name for name in self._algorithms if name in fitting), None)

    async def _fetch_in_thread(self, url: str) -> bytes:
        return await to_thread.run_sync(_get, url, self._timeout, abandon_on_cancel=True)

    def __repr__(self) -> str:
        return f"<RemoteKeys {self.url}>"


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Whoever could redirect us, could give us keys."""


def _get(url: str, timeout: float) -> bytes:
    request = Request(url, headers={"Accept": "application/jwk-set+json, application/json"})  # noqa: S310  # checked
    try:
        with build_opener(_NoRedirect).open(request, timeout=timeout) as response:
            body = cast("bytes", response.read(_MOST_BYTES + 1))
    except HTTPError as error:
        error.close()
        raise URLError(f"status {error.code}") from None
    if len(body) > _MOST_BYTES:
        raise URLError("the answer is too large")
    return body
