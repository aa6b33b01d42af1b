"""Asking a store that may be down: what is limited then is let through, or answered 503."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Literal, TypeVar

from vivace import HTTPException
from vivace.kit.store import Store, StoreUnavailable, Watch

T = TypeVar("T")
OnStoreDown = Literal["open", "closed"]

_logger = logging.getLogger("vivace.kit.limits")


class Guarded:
    """A store, and what to do without it."""

    def __init__(self, store: Store, on_store_down: OnStoreDown) -> None:
        if on_store_down not in ("open", "closed"):
            raise ValueError(f"on_store_down={on_store_down!r}: 'open' or 'closed'")
        self.store, self.on_store_down = store, on_store_down
        self._watch = Watch(_logger)

    async def ask(self, operation: Callable[[], Awaitable[T]]) -> T | None:
        """What the store answers; None if it is down and things go on without it.

        Raises:
            HTTPException: 503, if they don't.
        """
        try:
            self._watch.check()
            answer = await operation()
        except StoreUnavailable as error:
            self._watch.failed(error)
            if self.on_store_down == "open":
                return None
            retry_after = {"Retry-After": str(max(1, round(self._watch.pause)))}
            raise HTTPException(503, "Limits can't be checked now", headers=retry_after) from error
        self._watch.answered()
        return answer
