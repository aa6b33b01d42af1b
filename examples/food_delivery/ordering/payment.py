"""A payment provider as they are: sometimes slow, sometimes it refuses, and asked twice it takes the money once.

It is simulated, and decides by the reference alone: so it remembers across restarts what it has never stored.
"""

from __future__ import annotations

import asyncio
import hashlib
from typing import Protocol


class CardRefused(Exception):
    """The provider won't take the money."""


class PaymentProvider(Protocol):
    async def charge(self, reference: str, cents: int) -> None:
        """Take money. The same reference is charged once.

        Raises:
            CardRefused: it won't.
        """

    async def refund(self, reference: str, cents: int) -> None:
        """Give it back. The same reference gets it back once."""


class SimulatedProvider:
    """
    Args:
        failures: share of references that are refused.
        seconds: that an answer takes; one in ten takes ten times as long.
    """

    def __init__(self, failures: float, seconds: float) -> None:
        self._failures = failures
        self._seconds = seconds

    async def charge(self, reference: str, cents: int) -> None:
        await self._answer(reference)
        if _fraction("refused", reference) < self._failures:
            raise CardRefused

    async def refund(self, reference: str, cents: int) -> None:
        await self._answer(reference)

    async def _answer(self, reference: str) -> None:
        await asyncio.sleep(self._seconds * (10 if _fraction("slow", reference) < 0.1 else 1))


def _fraction(*words: str) -> float:
    """From 0 to 1, always the same for the same words."""
    digest = hashlib.blake2b("\0".join(words).encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64
