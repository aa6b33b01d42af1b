"""Asking the store, which may be down. Fail closed is the rule: who can't be checked is answered 503."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Literal, TypeVar

from vivace import HTTPException
from vivace.kit.store import Store, StoreUnavailable, Watch

T = TypeVar("T")
OnStoreDown = Literal["open", "closed"]

logger = logging.getLogger("vivace.kit.auth")


class Stored:
    """The namespace of the store that everything of this part is kept in.

    Args:
        store: where.
        on_store_down: "closed" answers 503. "open" lets pass what can be judged without the store: access tokens, by
            their signature. What is only in the store (logins, sessions, API keys) is answered 503 in any case.
    """

    def __init__(self, store: Store, on_store_down: OnStoreDown = "closed") -> None:
        if on_store_down not in ("open", "closed"):
            raise ValueError(f"on_store_down={on_store_down!r}: 'open' or 'closed'")
        self.store, self.on_store_down = store, on_store_down
        self._watch = Watch(logger)

    async def ask(self, operation: Callable[[], Awaitable[T]]) -> T:
        """What the store answers.

        Raises:
            HTTPException: 503, if it doesn't.
        """
        try:
            self._watch.check()
            answer = await operation()
        except StoreUnavailable as error:
            self._watch.failed(error)
            raise unavailable("Credentials can't be checked now", self._watch.pause) from error
        self._watch.answered()
        return answer

    async def ask_unless_open(self, operation: Callable[[], Awaitable[T]]) -> T | None:
        """The same; None if the store is down and things go on without it."""
        try:
            return await self.ask(operation)
        except HTTPException:
            if self.on_store_down == "open":
                return None
            raise


def unavailable(detail: str, seconds: float) -> HTTPException:
    """503, with when to come back."""
    return HTTPException(503, detail, headers={"Retry-After": str(max(1, round(seconds)))})


def packed(record: dict[str, Any]) -> bytes:
    """A record as it is kept: JSON in ASCII, the same bytes for the same record."""
    return json.dumps(record, separators=(",", ":"), sort_keys=True).encode()
