"""The backend in this process: a bounded dictionary. It knows nothing of other processes."""

from __future__ import annotations

import heapq
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any

from vivace.kit.store.backend import Backend
from vivace.kit.store.step import Arg, Entry, Step, Tally, expiry

MAX_ENTRIES = 100_000
MAX_BYTES = 64 * 1024 * 1024
_OVERHEAD = 200  # bytes that an entry costs beside its key and its value, about
_TALLY = 128  # what a tally takes for its value, about


def monotonic() -> int:
    """Microseconds by a clock that nobody sets."""
    return time.monotonic_ns() // 1000


class MemoryBackend(Backend):
    """Entries in the order of their use. When there are too many, those that have ended go, then the least used.

    Args:
        max_entries: how many entries are kept.
        max_bytes: how many bytes they may take, keys and values and 200 for each.
        clock: microseconds.
    """

    url = "memory://"
    is_here = True

    def __init__(
        self,
        *,
        max_entries: int = MAX_ENTRIES,
        max_bytes: int = MAX_BYTES,
        clock: Callable[[], int] = monotonic,
    ) -> None:
        self._max_entries, self._max_bytes, self._clock = max_entries, max_bytes, clock
        self._entries: OrderedDict[bytes, Entry | Tally] = OrderedDict()
        # A heap. No key ends before the heap says so; it may end later: a counter that is put off with each request
        # has not to be pushed each time.
        self._ends: list[tuple[int, bytes]] = []
        self._bytes = 0
        self._lock = Lock()  # tests, and servers with several event loops, come from several threads

    async def get(self, keys: list[bytes]) -> list[bytes | None]:
        return self.get_now(keys)

    def get_now(self, keys: list[bytes]) -> list[bytes | None]:
        with self._lock:
            now, live = self._clock(), self._live
            return [None if (entry := live(key, now)) is None else entry.value for key in keys]

    async def set(self, key: bytes, value: bytes, ttl: int | None) -> None:
        with self._lock:
            now = self._clock()
            self._put(key, Entry(value, expiry(now, ttl)), now)

    async def delete(self, key: bytes) -> bool:
        with self._lock:
            found = self._live(key, self._clock()) is not None
            self._drop(key)
        return found

    async def run(self, step: Step[Any], key: bytes, args: tuple[Arg, ...]) -> Any:
        return self.run_now(step, key, args)

    def run_now(self, step: Step[Any], key: bytes, args: tuple[Arg, ...]) -> Any:
        with self._lock:
            now, entry = self._clock(), self._entries.get(key)
            if isinstance(entry, Tally) and type(entry) is step.tally and entry.expires > now:
                self._entries.move_to_end(key)
                return entry.change(now, *args)
            return self._run(step, key, args, self._live(key, now), now)

    def _run(self, step: Step[Any], key: bytes, args: tuple[Arg, ...], entry: Entry | Tally | None, now: int) -> Any:
        if step.tally is not None:
            tally = step.tally.of(entry)
            result = tally.change(now, *args)
            if tally.expires > now:
                self._put(key, tally, now)
            return result
        if isinstance(entry, Tally):
            entry = Entry(entry.value, entry.expires)
        outcome = step.apply(entry, now, *args)
        if outcome.entry is None:
            self._drop(key)
        elif outcome.entry is not entry:
            self._put(key, outcome.entry, now)
        return outcome.result

    async def clear(self, prefixes: list[bytes]) -> None:
        beginnings = tuple(prefixes)
        with self._lock:
            for key in [key for key in self._entries if key.startswith(beginnings)]:
                self._drop(key)

    async def aclose(self) -> None:
        """There is nothing to let go of: the entries stay."""

    def _live(self, key: bytes, now: int) -> Entry | Tally | None:
        entry = self._entries.get(key)
        if entry is None:
            return None
        if entry.expires is not None and entry.expires <= now:
            self._drop(key)
            return None
        self._entries.move_to_end(key)
        return entry

    def _drop(self, key: bytes) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._bytes -= _size(key, entry)

    def _put(self, key: bytes, entry: Entry | Tally, now: int) -> None:
        before = self._entries.get(key)
        self._entries[key] = entry
        self._bytes += _size(key, entry)
        if before is not None:
            self._entries.move_to_end(key)
            self._bytes -= _size(key, before)
        if entry.expires is not None and _ends_earlier(entry, before):
            heapq.heappush(self._ends, (entry.expires, key))
        if self._too_much():
            self._drop_ended(now)
        while self._too_much():
            self._drop(next(iter(self._entries)))
        if len(self._ends) > 2 * len(self._entries) + 64:
            self._ends = [(e.expires, key) for key, e in self._entries.items() if e.expires is not None]
            heapq.heapify(self._ends)

    def _too_much(self) -> bool:
        return len(self._entries) > self._max_entries or self._bytes > self._max_bytes

    def _drop_ended(self, now: int) -> None:
        while self._ends and self._ends[0][0] <= now:
            _, key = heapq.heappop(self._ends)
            entry = self._entries.get(key)
            if entry is None or entry.expires is None:
                continue
            if entry.expires <= now:
                self._drop(key)
            else:
                heapq.heappush(self._ends, (entry.expires, key))


def _ends_earlier(entry: Entry | Tally, before: Entry | Tally | None) -> bool:
    """Whether it ends before the heap would look at it."""
    assert entry.expires is not None
    return before is None or before.expires is None or entry.expires < before.expires


def _size(key: bytes, entry: Entry | Tally) -> int:
    return len(key) + (_TALLY if isinstance(entry, Tally) else len(entry.value)) + _OVERHEAD
