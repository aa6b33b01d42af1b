"""A store in memory whose clock a test sets."""

from __future__ import annotations

import pytest

from vivace.kit.store import Store
from vivace.kit.store.memory import MemoryBackend


class Clock:
    """Microseconds."""

    now = 1_000_000_000

    def __call__(self) -> int:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += int(seconds * 1_000_000)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def timed_store(clock: Clock) -> Store:
    return Store(MemoryBackend(clock=clock))


@pytest.fixture
def memory() -> Store:
    return Store.from_url("memory://")
