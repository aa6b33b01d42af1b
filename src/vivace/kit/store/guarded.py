"""Asking a store that may be down: things go on without it, or it is answered 503."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Literal, TypeVar

from vivace import HTTPException
from vivace.kit.store.errors import StoreUnavailable
from vivace.kit.store.store import Store
from vivace.kit.store.watch import Watch

T = TypeVar("T")
OnStoreDown = Literal["open", "closed"]


class Guarded:
    """A store, and what to do without it.

    Args:
        store: the store.
        on_store_down: "open" or "closed", see `ask`.
        logger: where the beginning and the end of an outage are told.
        detail: of the 503.
    """

    def __init__(self, store: Store, on_store_down: OnStoreDown, *, logger: logging.Logger, detail: str) -> None:
        if on_store_down not in ("open", "closed"):
            raise ValueError(f"on_store_down={on_store_down!r}: 'open' or 'closed'")
        self.store, self.on_store_down, self._detail = store, on_store_down, detail
        self._watch = Watch(logger)

    async def ask(self, operation: Callable[[], Awaitable[T]]) -> T | None:
        """What the store answers; None if it is down and things go on without it.

        Raises:
            HTTPException: 503, if they don't.
        """
        try:
            return await self._watched(operation)
        except StoreUnavailable as error:
            if self.on_store_down == "open":
                return None
            raise unavailable(self._detail, self._watch.pause) from error

    async def insist(self, operation: Callable[[], Awaitable[T]]) -> T:
        """What the store answers, whatever is to be done without it.

        Raises:
            HTTPException: 503, if it doesn't.
        """
        try:
            return await self._watched(operation)
        except StoreUnavailable as error:
            raise unavailable(self._detail, self._watch.pause) from error

    async def _watched(self, operation: Callable[[], Awaitable[T]]) -> T:
        try:
            self._watch.check()
            answer = await operation()
        except StoreUnavailable as error:
            self._watch.failed(error)
            raise
        self._watch.answered()
        return answer


def unavailable(detail: str, seconds: float) -> HTTPException:
    """503, with when to come back."""
    return HTTPException(503, detail, headers={"Retry-After": str(max(1, round(seconds)))})
