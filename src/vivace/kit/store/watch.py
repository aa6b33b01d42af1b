"""What a part of the kit does about a store that is down: it remembers for a moment, and says so once."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from vivace.kit.store.errors import StoreUnavailable


class Watch:
    """Knows whether a store was down a moment ago, so that not every request waits for the same timeout.

    Args:
        logger: where the beginning (warning) and the end (info) of an outage are told.
        pause: seconds after a failure in which the store is not asked.
        clock: seconds.
    """

    def __init__(
        self, logger: logging.Logger, *, pause: float = 1.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._logger, self.pause, self._clock = logger, pause, clock
        self._until: float | None = None

    def check(self) -> None:
        """Let pass who may ask the store.

        Raises:
            StoreUnavailable: it was down less than `pause` seconds ago.
        """
        if self._until is not None and self._clock() < self._until:
            raise StoreUnavailable("The store was down a moment ago; it is not asked again yet")

    def failed(self, error: StoreUnavailable) -> None:
        """The store did not answer."""
        if self._until is None:
            self._logger.warning("%s", error)
        if self._until is None or self._clock() >= self._until:
            self._until = self._clock() + self.pause

    def answered(self) -> None:
        """The store did answer."""
        if self._until is not None:
            self._until = None
            self._logger.info("The store answers again")
