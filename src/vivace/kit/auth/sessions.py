"""Sessions kept on the server. The cookie holds a signed random id; the store holds, under its digest, whose it is.

Every login makes a new id, whatever the browser sent: an id that somebody planted is never anybody's session.
"""

from __future__ import annotations

import hmac
import json
import secrets
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Literal

from vivace import Response
from vivace.kit.auth.epochs import Epochs, subject_key
from vivace.kit.auth.keys import Secret
from vivace.kit.auth.stored import Stored, packed
from vivace.kit.paginate.signing import Signer
from vivace.kit.secure.origin import checked_origins

_PURPOSE = "vivace session"
_LONGEST_COOKIE = 512
_TOUCHED_AFTER = 0.1  # of the idle time: a write for each request is not worth more


@dataclass(frozen=True)
class SessionPolicy:
    """What sessions are like.

    Attributes:
        idle: seconds that one may lie unused.
        lifetime: seconds that it lasts at most.
        secure: over HTTPS only, and by a name that no other host can set (`__Host-`). Browsers take `localhost` for
            secure; elsewhere False is for development.
        cookie: its name, before which `__Host-` is put.
        same_site: whether other sites' links send it.
        csrf_header: the header that has the CSRF token, on everything but GET, HEAD, OPTIONS and TRACE.
        origins: other origins whose pages may use it, such as `https://app.example.com`.
    """

    idle: float = 24 * 3600.0
    lifetime: float = 30 * 86400.0
    secure: bool = True
    cookie: str = "session"
    same_site: Literal["lax", "strict", "none"] = "lax"
    csrf_header: str = "X-CSRF-Token"
    origins: Sequence[str] = ()

    def __post_init__(self) -> None:
        if not 1 <= self.idle <= self.lifetime <= 10 * 366 * 86400:
            raise ValueError(f"idle={self.idle}, lifetime={self.lifetime}: seconds, 1 <= idle <= lifetime <= ten years")
        if self.same_site == "none" and not self.secure:
            raise ValueError("same_site='none' needs secure=True: browsers refuse the cookie otherwise")
        checked_origins(self.origins)

    @property
    def cookie_name(self) -> str:
        return f"__Host-{self.cookie}" if self.secure else self.cookie


@dataclass
class Session:
    """Somebody's session.

    Attributes:
        subject: whose it is.
        scopes: what it may do.
        created, ends: seconds since 1970.
        data: whatever JSON can hold; kept by `Sessions.save`.
        csrf_token: what has to come in the header with every change.
        cookie: what the browser has.
    """

    subject: str
    scopes: frozenset[str]
    created: float
    ends: float
    data: dict[str, Any]
    csrf_token: str = field(repr=False)
    cookie: str = field(repr=False)
    kept: bytes = field(repr=False)  # as it stands in the store


class Sessions:
    """Begins, finds, saves and ends sessions."""

    def __init__(self, stored: Stored, epochs: Epochs, policy: SessionPolicy, signing: Sequence[Secret]) -> None:
        self._stored, self._store, self._epochs, self.policy = stored, stored.store, epochs, policy
        self._signer = Signer(*signing)

    async def begin(self, subject: str, scopes: Iterable[str] = (), *, instead_of: str | None = None) -> Session:
        """A new session. The one of the cookie `instead_of` ends."""
        name, csrf, now = secrets.token_urlsafe(32), secrets.token_urlsafe(32), time.time()
        epoch = await self._stored.insist(lambda: self._epochs.current(subject))
        record = {"sub": subject, "scopes": sorted(scopes), "created": now, "ends": now + self.policy.lifetime}
        kept = packed({**record, "csrf": csrf, "epoch": epoch, "seen": now, "data": {}})
        await self._stored.insist(lambda: self._store.set(_place(name), kept, ttl=self.policy.idle))
        if instead_of is not None:
            await self.end(instead_of)
        return _session(self._signer.sign([_PURPOSE, name]), kept)

    async def find(self, cookie: str) -> Session | None:
        """The session of a cookie; None if there is none, or no longer."""
        name = self._id(cookie)
        if name is None:
            return None
        return await self._stored.insist(lambda: self._find(name, cookie))

    async def _find(self, name: str, cookie: str) -> Session | None:
        kept = await self._store.get(_place(name))
        if kept is None:
            return None
        session, now = _session(cookie, kept), time.time()
        record = json.loads(kept)
        if session.ends <= now or not Epochs.holds(record["epoch"], await self._epoch(session.subject)):
            return None
        if now - record["seen"] > self.policy.idle * _TOUCHED_AFTER:
            touched = packed({**record, "seen": now})
            await self._replace(name, session, kept, touched)  # or somebody else did something to it: as good
        return session

    async def save(self, session: Session) -> bool:
        """Keep the session's data; False if it has ended, or was changed by another request meanwhile.

        Raises:
            TypeError: the data holds something that JSON can't.
        """
        name = self._id(session.cookie)
        return name is not None and await self._stored.insist(lambda: self._save(name, session))

    async def _save(self, name: str, session: Session) -> bool:
        loaded = json.loads(session.kept)["data"]
        while (kept := await self._store.get(_place(name))) is not None:
            record = json.loads(kept)
            if record["data"] != loaded:
                return False
            value = packed({**record, "data": session.data, "seen": time.time()})
            if await self._replace(name, session, kept, value):
                session.kept = value
                return True
        return False

    async def end(self, cookie: str) -> bool:
        """End the session of a cookie; False if there was none."""
        name = self._id(cookie)
        return name is not None and await self._stored.insist(lambda: self._store.delete(_place(name)))

    def set_cookie(self, response: Response, session: Session) -> None:
        policy = self.policy
        response.set_cookie(
            policy.cookie_name,
            session.cookie,
            max_age=int(policy.lifetime),
            path="/",
            secure=policy.secure,
            httponly=True,
            samesite=policy.same_site,
        )

    def delete_cookie(self, response: Response) -> None:
        policy = self.policy
        response.delete_cookie(
            policy.cookie_name, path="/", secure=policy.secure, httponly=True, samesite=policy.same_site
        )

    async def _epoch(self, subject: str) -> bytes | None:
        return await self._store.get(subject_key(subject))

    async def _replace(self, name: str, session: Session, kept: bytes, value: bytes) -> bool:
        ttl = min(self.policy.idle, session.ends - time.time())
        return ttl > 0 and await self._store.compare_and_set(_place(name), kept, value, ttl=ttl)

    def _id(self, cookie: str) -> str | None:
        """The id in a cookie that we signed."""
        if len(cookie) > _LONGEST_COOKIE:
            return None
        try:
            said = self._signer.read(cookie)
        except (ValueError, RecursionError):
            return None
        return said[1] if isinstance(said, list) and len(said) == 2 and said[0] == _PURPOSE else None


def _session(cookie: str, kept: bytes) -> Session:
    record = json.loads(kept)
    return Session(
        subject=record["sub"],
        scopes=frozenset(record["scopes"]),
        created=record["created"],
        ends=record["ends"],
        data=record["data"],
        csrf_token=record["csrf"],
        cookie=cookie,
        kept=kept,
    )


def _place(name: str) -> str:
    return f"session:{sha256(name.encode()).hexdigest()}"


def same_token(one: str, other: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))
