"""Families of refresh tokens: a login is a family, of which one token is good at a time (RFC 9700 section 4.14.2).

A token is `secret of the family . secret of its own`. The store holds digests only: the first one names the family,
and is the `sid` in access tokens. A family that is not there is revoked: a store that forgets logs out, never in.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from vivace.kit.auth.epochs import Epochs, subject_key
from vivace.kit.auth.refusal import InvalidToken
from vivace.kit.auth.rotation import BEGIN, IN_GRACE, REUSED, ROTATE, ROTATED
from vivace.kit.auth.stored import Stored, logger, packed
from vivace.kit.auth.tokens import TokenPolicy

_SECRET = 24  # bytes; a multiple of three needs no padding
_FORM = re.compile(r"([\w-]{32})\.([\w-]{32})", re.ASCII)
_MICROSECONDS = 1_000_000


@dataclass(frozen=True)
class Family:
    """A login that can be renewed.

    Attributes:
        sid: its name, which is no secret.
        subject: whose it is.
        scopes: what it was granted.
        token: the refresh token that is good now.
    """

    sid: str
    subject: str
    scopes: frozenset[str]
    token: str = field(repr=False)


class Families:
    """Begins, renews and revokes them."""

    def __init__(self, stored: Stored, epochs: Epochs, policy: TokenPolicy) -> None:
        self._stored, self._store, self._epochs, self._policy = stored, stored.store, epochs, policy

    async def begin(self, subject: str, scopes: Iterable[str]) -> Family:
        """A new family."""
        secret, own = secrets.token_urlsafe(_SECRET), secrets.token_urlsafe(_SECRET)
        family = Family(_digest(secret), subject, frozenset(scopes), f"{secret}.{own}")
        policy = self._policy

        async def keep() -> None:
            epoch = await self._epochs.current(subject)
            about = packed({"sub": subject, "scopes": sorted(family.scopes), "epoch": epoch})
            times = int(policy.refresh_ttl * _MICROSECONDS), int(policy.lifetime * _MICROSECONDS)
            await self._store.run(BEGIN, _key(family.sid), _digest(own).encode(), *times, about)

        await self._stored.insist(keep)
        return family

    async def peek(self, token: str) -> Family:
        """The family that a token is of, good or not: nothing changes.

        Raises:
            InvalidToken: there is none.
        """
        sid, _ = _parts(token)
        about = await self._stored.insist(lambda: self._about(sid))
        if about is None:
            raise InvalidToken("there is no such family, or no longer")
        return Family(sid, about["sub"], frozenset(about["scopes"]), token)

    async def rotate(self, family: Family) -> Family:
        """The same family with a new token in place of the one that is given.

        Raises:
            InvalidToken: the token is not the one that is good now. If it was so before, the family is revoked.
        """
        sid, own = _parts(family.token)
        new = secrets.token_urlsafe(_SECRET)
        args = _digest(own).encode(), _digest(new).encode()
        times = int(self._policy.refresh_ttl * _MICROSECONDS), int(self._policy.grace * _MICROSECONDS)
        result = await self._stored.insist(lambda: self._store.run(ROTATE, _key(sid), *args, *times))
        if result == ROTATED:
            return Family(sid, family.subject, family.scopes, f"{family.token.partition('.')[0]}.{new}")
        if result == REUSED:
            logger.warning("A refresh token came again; its login %s, of %r, is revoked", sid, family.subject)
            raise InvalidToken("it was used before; its family is revoked")
        raise InvalidToken("it was used just now" if result == IN_GRACE else "its family has ended")

    async def revoke(self, sid: str) -> bool:
        """End a family, and the access tokens that were issued with it; False if there was none."""
        return await self._stored.insist(lambda: self._store.delete(_key(sid)))

    async def is_revoked(self, sid: str, subject: str) -> bool:
        """Whether the family has ended. If the store is down and that is to be borne, it has not."""
        return await self._stored.ask(lambda: self._is_live(sid, subject)) is False

    async def _is_live(self, sid: str, subject: str) -> bool:
        about = await self._about(sid, subject)
        return about is not None and about["sub"] == subject

    async def _about(self, sid: str, subject: str | None = None) -> dict[str, Any] | None:
        """What a family is about; None if it has ended. One round trip if its subject is known already."""
        # The family first: in a store that forgets the least recently used, its epoch is never forgotten before it.
        keys = [_key(sid)] if subject is None else [_key(sid), subject_key(subject)]
        record, *epoch = await self._store.get_many(*keys)
        if record is None:
            return None
        about: dict[str, Any] = json.loads(record.partition(b"\n")[2])
        current = epoch[0] if epoch else await self._store.get(subject_key(about["sub"]))
        return about if Epochs.holds(about["epoch"], current) else None


def _key(sid: str) -> str:
    return f"family:{sid}"


def _parts(token: str) -> tuple[str, str]:
    """The family's name, and the token's own secret.

    Raises:
        InvalidToken: it has not the form of one.
    """
    found = _FORM.fullmatch(token)
    if found is None:
        raise InvalidToken("it has not the form of one")
    return _digest(found[1]), found[2]


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()[:40]
