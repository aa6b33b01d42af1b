"""The backend in a file: it survives restarts, and the processes of one machine share it. It needs no package.

One thread runs all statements of a process, so that waiting for another process's transaction never holds up the event
loop, and each operation costs one change of threads. Time is the machine's clock: all who share the file see the
same. (It is not for network file systems, whose locks can't be trusted.)
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from vivace.kit.store.backend import Backend
from vivace.kit.store.errors import StoreUnavailable
from vivace.kit.store.step import MICROSECONDS, Arg, Entry, Step, expiry

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

TIMEOUT = 5.0  # seconds to wait for a transaction of another process
_PURGE_EVERY = MICROSECONDS  # entries that have ended are removed at most this often
_PURGED_AT_ONCE = 1000

_SETUP = (
    "PRAGMA journal_mode = WAL",  # readers don't wait for a writer
    "PRAGMA synchronous = NORMAL",  # with WAL: a power cut may lose the last transactions, never the file
    "CREATE TABLE IF NOT EXISTS entries (key BLOB PRIMARY KEY, value BLOB NOT NULL, expires INTEGER) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS entries_expires ON entries (expires) WHERE expires IS NOT NULL",
)
_GET = "SELECT value, expires FROM entries WHERE key = ? AND (expires IS NULL OR expires > ?)"
_PUT = "INSERT OR REPLACE INTO entries (key, value, expires) VALUES (?, ?, ?)"
_DROP = "DELETE FROM entries WHERE key = ?"
_DROP_ENDED = "DELETE FROM entries WHERE key IN (SELECT key FROM entries WHERE expires <= ? LIMIT ?)"
_DROP_RANGE = "DELETE FROM entries WHERE key >= ? AND key < ?"


def wall_clock() -> int:
    """Microseconds since 1970."""
    return time.time_ns() // 1000


class SQLiteBackend(Backend):
    """Entries in a table of an SQLite database, which may hold other tables beside it.

    Args:
        path: the file; it is made if there is none.
        timeout: seconds to wait for a transaction of another process before `StoreUnavailable`.
        clock: microseconds.
    """

    def __init__(self, path: str, *, timeout: float = TIMEOUT, clock: Callable[[], int] = wall_clock) -> None:
        self.url = f"sqlite:///{path}"
        self._path, self._timeout, self._clock = Path(path), timeout, clock
        self._worker: _Worker | None = None
        self._starting = Lock()  # several event loops may come at once
        self._purged = 0

    async def get(self, keys: list[bytes]) -> list[bytes | None]:
        def work(connection: sqlite3.Connection) -> list[bytes | None]:
            now = self._clock()
            found = [_entry(connection, key, now) for key in keys]
            return [None if entry is None else entry.value for entry in found]

        return await self._in_thread(work)

    async def set(self, key: bytes, value: bytes, ttl: int | None) -> None:
        def work(connection: sqlite3.Connection) -> None:
            self._put(connection, key, Entry(value, expiry(self._clock(), ttl)))

        await self._in_thread(work, writes=True)

    async def delete(self, key: bytes) -> bool:
        def work(connection: sqlite3.Connection) -> bool:
            found = _entry(connection, key, self._clock()) is not None
            connection.execute(_DROP, (key,))
            return found

        return await self._in_thread(work, writes=True)

    async def run(self, step: Step[Any], key: bytes, args: tuple[Arg, ...]) -> Any:
        def work(connection: sqlite3.Connection) -> Any:
            now = self._clock()
            entry = _entry(connection, key, now)
            outcome = step.apply(entry, now, *args)
            if outcome.entry is None:
                connection.execute(_DROP, (key,))
            elif outcome.entry is not entry:
                self._put(connection, key, outcome.entry)
            return outcome.result

        return await self._in_thread(work, writes=True)

    async def clear(self, prefixes: list[bytes]) -> None:
        def work(connection: sqlite3.Connection) -> None:
            # The last byte of a prefix is a separator, so the next key after all that begin with it is easily said.
            ranges = [(prefix, prefix[:-1] + bytes([prefix[-1] + 1])) for prefix in prefixes]
            connection.executemany(_DROP_RANGE, ranges)

        await self._in_thread(work, writes=True)

    async def aclose(self) -> None:
        with self._starting:
            worker, self._worker = self._worker, None
        if worker is not None and worker.is_ours():
            await worker.stop()

    async def _in_thread(self, work: Work[T], *, writes: bool = False) -> T:
        with self._starting:
            if self._worker is None or not self._worker.is_ours():
                self._worker = _Worker(self._path, self._timeout)
            running = self._worker.start(work, writes)
        try:
            return await running
        except sqlite3.Error as error:
            raise StoreUnavailable(f"The store {self.url} can't answer: {error}") from error

    def _put(self, connection: sqlite3.Connection, key: bytes, entry: Entry) -> None:
        connection.execute(_PUT, (key, *entry))
        now = self._clock()
        if abs(now - self._purged) >= _PURGE_EVERY:  # either way: clocks are set back, too
            self._purged = now
            connection.execute(_DROP_ENDED, (now, _PURGED_AT_ONCE))


def _entry(connection: sqlite3.Connection, key: bytes, now: int) -> Entry | None:
    row = connection.execute(_GET, (key, now)).fetchone()
    return None if row is None else Entry(*row)


class _Worker:
    """One thread with one connection. A fork takes neither along: the child needs a worker of its own."""

    def __init__(self, path: Path, timeout: float) -> None:
        self._path, self._timeout, self._pid = path, timeout, os.getpid()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="vivace-store")
        self._connection: sqlite3.Connection | None = None

    def is_ours(self) -> bool:
        return self._pid == os.getpid()

    def start(self, work: Work[T], writes: bool) -> asyncio.Future[T]:
        return asyncio.get_running_loop().run_in_executor(self._thread, self._transact, work, writes)

    async def stop(self) -> None:
        """After what is under way."""
        stopping = asyncio.get_running_loop().run_in_executor(self._thread, self._disconnect)
        self._thread.shutdown(wait=False)
        await stopping

    def _transact(self, work: Work[T], writes: bool) -> T:
        """In one transaction, which holds off all others that write if it writes itself.

        Raises:
            sqlite3.Error: it could not be done, and was not; the next one connects anew.
        """
        try:
            connection = self._connect()
            connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
            try:
                result = work(connection)
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
        except sqlite3.Error:
            self._disconnect()
            raise
        return result

    def _connect(self) -> sqlite3.Connection:
        if self._connection is None:
            connection = sqlite3.connect(self._path, timeout=self._timeout, isolation_level=None)
            try:
                for statement in _SETUP:
                    connection.execute(statement)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()
