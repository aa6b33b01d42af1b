"""API keys: made once, shown once, kept as digests.

A key is `<prefix>_<id>_<secret>`. It acts for its owner, with no more scopes than it was given and its owner has.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import re
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from vivace.kit.auth.stored import Stored, packed

_FORM = re.compile(r"([A-Za-z0-9-]{1,20})_([0-9a-f]{16})_([\w-]{43})", re.ASCII)
_PREFIX = re.compile(r"[A-Za-z0-9-]{1,20}")


@dataclass(frozen=True)
class ApiKey:
    """What is known of a key; not the key.

    Attributes:
        id: names it, and is no secret.
        owner: the user it acts for.
        name: what it is for, in the owner's words.
        scopes: what it may do.
        created, expires: seconds since 1970; `expires` is None for one that doesn't.
    """

    id: str
    owner: str
    name: str
    scopes: frozenset[str]
    created: float
    expires: float | None


@dataclass(frozen=True)
class NewApiKey:
    """A key that was made just now, and its text, which nobody can give again."""

    key: ApiKey
    text: str = field(repr=False)


class ApiKeys:
    """Makes, knows, lists and revokes API keys.

    Args:
        stored: where they are kept.
        prefix: what they begin with, so that people and secret scanners know them.
    """

    def __init__(self, stored: Stored, prefix: str = "key") -> None:
        if not _PREFIX.fullmatch(prefix):
            raise ValueError(f"prefix={prefix!r:.60}: 1 to 20 letters, digits and dashes")
        self._stored, self._store, self._prefix = stored, stored.store, prefix

    async def create(
        self, owner: str, *, scopes: Iterable[str] = (), name: str = "", ttl: float | None = None
    ) -> NewApiKey:
        """A new key, good for `ttl` seconds (None: until it is revoked)."""
        key_id, secret, now = secrets.token_hex(8), secrets.token_urlsafe(32), time.time()
        key = ApiKey(key_id, owner, name, frozenset(scopes), now, None if ttl is None else now + ttl)
        record = packed({**vars(key), "scopes": sorted(key.scopes), "digest": _digest(secret)})

        async def keep() -> None:
            await self._store.set(
                _place(key_id), record, ttl=ttl
            )  # before it is listed: what is not there, is unlisted
            await self._change_list(owner, lambda ids: [*ids, key_id])

        await self._stored.insist(keep)
        return NewApiKey(key, f"{self._prefix}_{key_id}_{secret}")

    async def find(self, text: str) -> ApiKey | None:
        """The key of which this is the text; None if there is none, or no longer."""
        found = _FORM.fullmatch(text)
        if found is None or found[1] != self._prefix:
            return None
        record = await self._stored.insist(lambda: self._store.get(_place(found[2])))
        kept: dict[str, Any] = {"digest": ""} if record is None else json.loads(record)
        if not hmac.compare_digest(kept.pop("digest"), _digest(found[3])):
            return None
        return _key(kept)

    async def of(self, owner: str) -> list[ApiKey]:
        """The keys that somebody has, in the order in which they were made."""

        async def read() -> list[bytes | None]:
            ids = _ids(await self._store.get(_list(owner)))
            return await self._store.get_many(*map(_place, ids))

        records = await self._stored.insist(read)
        return [_key(json.loads(record)) for record in records if record is not None]

    async def revoke(self, id: str, *, owner: str | None = None) -> bool:
        """End a key, if it is of this owner (None: whoever's); False if there is none."""

        async def end() -> bool:
            record = await self._store.get(_place(id))
            kept = None if record is None else _key(json.loads(record))
            if kept is None or owner not in (None, kept.owner):
                return False
            await self._store.delete(_place(id))
            await self._change_list(kept.owner, lambda ids: [other for other in ids if other != id])
            return True

        return await self._stored.insist(end)

    async def _change_list(self, owner: str, change: Any) -> None:
        """Those that have ended are left out on the occasion."""
        while True:
            before = await self._store.get(_list(owner))
            ids = _ids(before)
            there = await self._store.get_many(*map(_place, ids))
            after = change([one for one, record in zip(ids, there, strict=True) if record is not None])
            value = packed({"ids": after}) if after else None
            if await self._store.compare_and_set(_list(owner), before, value):
                return
            await asyncio.sleep(0)


def _key(kept: dict[str, Any]) -> ApiKey:
    kept.pop("digest", None)
    return ApiKey(**{**kept, "scopes": frozenset(kept["scopes"])})


def _place(id: str) -> str:
    return f"key:{id}"


def _list(owner: str) -> str:
    return f"keys:{owner}"


def _ids(record: bytes | None) -> list[str]:
    return [] if record is None else json.loads(record)["ids"]


def _digest(secret: str) -> str:
    """A plain one: of 256 random bits nothing can be guessed, so that nothing has to be slow."""
    return sha256(secret.encode()).hexdigest()
