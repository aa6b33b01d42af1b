"""Payloads under keys, with tags, and two times: until when they are fresh, and until when they serve at all.

Each tag has a version in the store, a random one. A payload is kept with the versions that its tags had before it was
made, and counts as long as they are the same: to invalidate is to change one version, whatever hangs on it, and a
payload that was being made meanwhile is never taken for a new one. A version that the store has lost is only a miss.

The store's clock decides on freshness: a mark beside the payload ends when the payload is no longer fresh.
"""

from __future__ import annotations

import secrets
from typing import Any, NamedTuple

from vivace.kit.store import Store, ValueTooLarge

_TAG_TTL = 30 * 86400.0  # seconds
_PAYLOAD, _MARK, _TAG = "p", "f", "t"  # what the keys of each kind begin with: one namespace, one round trip


class Found(NamedTuple):
    """What is on the shelf: the payload (None: nothing that counts), and the present versions of its tags."""

    payload: bytes | None
    fresh: bool
    versions: list[bytes | None]


class Kept(bytes):
    """What the shelf gives the store. A store of this process gives back the same object, with what was made of it."""

    ready: Any = None

    @property
    def head(self) -> bytes:
        return self.partition(b"\n")[0]

    @property
    def payload(self) -> bytes:
        return self.partition(b"\n")[2]


class Shelf:
    """Payloads in a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def look(self, key: str, tags: list[str]) -> Found:
        """One round trip."""
        kept, mark, *versions = await self._store.get_many(*_names(key, tags))
        if kept is None:
            return Found(None, fresh=False, versions=versions)
        head, _, payload = kept.partition(b"\n")
        if head != _head(versions):
            return Found(None, fresh=False, versions=versions)
        return Found(payload, mark is not None, versions)

    def keys(self, key: str, tags: list[str]) -> list[bytes]:
        """What `look_now` takes."""
        return [self._store.full_key(name) for name in _names(key, tags)]

    def look_now(self, keys: list[bytes]) -> Kept | None:
        """A fresh payload in a store of this process, without waiting; None where there is none, and for others."""
        found = self._store.get_now(keys)
        if found is None:
            return None
        kept = found[0]
        if type(kept) is not Kept or found[1] is None:
            return None
        is_valid = kept.head == _head(found[2:]) if len(found) > 2 else kept.startswith(b"\n")
        return kept if is_valid else None

    async def begin(self, tags: list[str], versions: list[bytes | None]) -> list[bytes | None]:
        """The versions of tags, each made where there is none yet: before a payload is made."""
        return [version or await self._version(tag) for tag, version in zip(tags, versions, strict=True)]

    async def _version(self, tag: str) -> bytes:
        new = _new_version()
        while not await self._store.compare_and_set(_TAG + tag, None, new, ttl=_TAG_TTL):
            if (other := await self._store.get(_TAG + tag)) is not None:
                return other
        return new

    async def put(self, key: str, payload: bytes, versions: list[bytes | None], *, ttl: float, stale: float) -> None:
        """Keep a payload; one that is too large is not kept."""
        try:
            await self._store.set(_PAYLOAD + key, Kept(_head(versions) + b"\n" + payload), ttl=ttl + stale)
        except ValueTooLarge:
            return
        await self._store.set(_MARK + key, b"1", ttl=ttl)

    async def drop(self, key: str) -> None:
        await self._store.delete(_PAYLOAD + key)

    async def invalidate(self, tags: list[str]) -> None:
        for tag in tags:
            await self._store.set(_TAG + tag, _new_version(), ttl=_TAG_TTL)


def _names(key: str, tags: list[str]) -> list[str]:
    return [_PAYLOAD + key, _MARK + key, *[_TAG + tag for tag in tags]]


def _new_version() -> bytes:
    return secrets.token_hex(8).encode()


def _head(versions: list[bytes | None]) -> bytes:
    """A version that is not there fits none that is."""
    return b",".join([version or b"-" for version in versions])
