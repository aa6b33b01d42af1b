"""Logging somebody out everywhere: what began in an earlier epoch of theirs holds no longer."""

from __future__ import annotations

import secrets

from vivace.kit.store import Store


class Epochs:
    """The epoch that each subject is in; none, if nobody has ended one lately.

    An epoch is remembered for as long as anything from before it could last. After that nothing from before is left,
    and whatever there is, holds.
    """

    def __init__(self, store: Store, lifetime: float) -> None:
        self._store, self._lifetime = store, lifetime

    async def current(self, subject: str) -> str:
        return _text(await self._store.get(subject_key(subject)))

    async def end(self, subject: str) -> None:
        """Begin a new one."""
        await self._store.set(subject_key(subject), secrets.token_hex(8).encode(), ttl=self._lifetime)

    @staticmethod
    def holds(began_in: str, current: bytes | None) -> bool:
        """Whether something that began in one epoch holds in the current one."""
        return current is None or began_in == _text(current)


def subject_key(subject: str) -> str:
    """The key of an epoch, beside the families and sessions of the same namespace."""
    return f"epoch:{subject}"


def _text(current: bytes | None) -> str:
    return "" if current is None else current.decode()
