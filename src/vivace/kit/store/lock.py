"""A lock that holds across everything that shares the store, and ends by itself if its holder dies."""

from __future__ import annotations

import random
import secrets
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Self

import anyio

from vivace.kit.store.errors import LockLost, LockTimeout, StoreUnavailable

if TYPE_CHECKING:
    from vivace.kit.store.store import Store

_FIRST_PAUSE, _LONGEST_PAUSE = 0.005, 0.25  # seconds


class Lock:
    """`async with store.lock("report"): ...`. One object is for one holder at a time; it can be used again.

    It is not re-entrant and not fair: who waits asks again, at growing intervals of up to a quarter of a second.
    """

    def __init__(self, store: Store, key: str, *, ttl: float, wait: float | None) -> None:
        self._store, self._key = store, key
        self.ttl, self.wait = ttl, wait
        self._token: bytes | None = None

    async def try_acquire(self) -> bool:
        """Take the lock if it is free now."""
        if self._token is not None:
            raise RuntimeError(f"The lock {self._key!r} is held by this very object: make another with store.lock()")
        token = secrets.token_bytes(16)
        try:
            taken = await self._store.compare_and_set(self._key, None, token, ttl=self.ttl)
        except StoreUnavailable:  # if it is ours for all that, it ends by itself
            raise
        except BaseException:  # cancelled: it may be ours for all that
            with anyio.CancelScope(shield=True), suppress(StoreUnavailable):
                await self._store.compare_and_set(self._key, token, None)
            raise
        self._token = token if taken else None
        return taken

    async def acquire(self) -> None:
        """Take the lock, waiting for it.

        Raises:
            LockTimeout: it was not to be had within `wait` seconds.
        """
        pause = _FIRST_PAUSE
        deadline = anyio.current_time() + self.wait if self.wait is not None else float("inf")
        while not await self.try_acquire():
            left = deadline - anyio.current_time()
            if left <= 0:
                raise LockTimeout(f"The lock {self._key!r} was not free within {self.wait} s")
            await anyio.sleep(min(pause * random.uniform(0.5, 1), left))  # noqa: S311  # no secret
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def extend(self, ttl: float | None = None) -> None:
        """Hold the lock for `ttl` seconds from now (default: those it was made with).

        Raises:
            LockLost: it has run out.
        """
        token = self._token
        seconds = self.ttl if ttl is None else ttl
        if token is None or not await self._store.compare_and_set(self._key, token, token, ttl=seconds):
            raise LockLost(f"The lock {self._key!r} is not held: it ran out, or was never taken")

    async def release(self) -> bool:
        """Give the lock back; False if it had run out."""
        token, self._token = self._token, None
        return token is not None and await self._store.compare_and_set(self._key, token, None)

    async def __aenter__(self) -> Self:
        await self.acquire()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        held = False
        try:
            with anyio.CancelScope(shield=True):
                held = await self.release()
        except StoreUnavailable:
            if error is None:
                raise
        else:
            if not held and error is None:
                raise LockLost(f"The lock {self._key!r} ran out within {self.ttl} s: give it a longer ttl, or extend()")
