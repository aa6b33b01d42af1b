"""`Store`: the contract that the rest of the kit stands on. It checks arguments and names keys, and holds nothing."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self, TypeVar

from vivace.kit.store.backend import Backend
from vivace.kit.store.errors import CounterError, ValueTooLarge
from vivace.kit.store.keys import LOCK, VALUE, below, full_key, prefixes
from vivace.kit.store.lock import Lock
from vivace.kit.store.step import MICROSECONDS, Arg, Step
from vivace.kit.store.steps import COMPARE_AND_SET, INCREMENT, MAX_COUNTER
from vivace.kit.store.url import open_backend

R = TypeVar("R")

MAX_VALUE_BYTES = 1024 * 1024
MAX_TTL = 100 * 365 * 86400.0  # seconds


class Store:
    """Values (bytes) under keys (any string), each with an optional time to live in seconds.

    Made by `Store.from_url`. It can be made at import time and used from any event loop: it connects when first used,
    and again after a failure. Every operation is atomic, and may raise `StoreUnavailable`.

    Args:
        backend: what holds the entries.
        namespace: what all keys are kept under: programs that share a server don't meet.
        max_value_bytes: larger values are refused with `ValueTooLarge`.
    """

    def __init__(self, backend: Backend, *, namespace: str = "vivace", max_value_bytes: int = MAX_VALUE_BYTES) -> None:
        self._backend = backend
        self._namespace = below(b"", namespace)
        self._kind = VALUE
        self.max_value_bytes = max_value_bytes

    @classmethod
    def from_url(cls, url: str, *, namespace: str = "vivace", max_value_bytes: int = MAX_VALUE_BYTES) -> Self:
        """A store by its URL.

        - `memory://`: in this process; options `?max_entries=100000&max_bytes=67108864`. The least recently used
          entries go first.
        - `sqlite:///relative.db`, `sqlite:////absolute.db`: a file that the processes of one machine share;
          option `?timeout=5` (seconds to wait for another process's transaction).
        - `redis://[user:password@]host:6379/0`, `rediss://` (TLS), `unix://`: a Redis server; options are redis-py's,
          e.g. `?max_connections=50&socket_timeout=5`. Needs the extra `store`.

        Raises:
            ValueError: the URL is none of these.
            MissingExtra: the extra is not installed.
        """
        return cls(open_backend(url), namespace=namespace, max_value_bytes=max_value_bytes)

    def namespace(self, name: str) -> Self:
        """The same store with keys of its own: `store.namespace("sessions")`. Namespaces nest."""
        return self._view(below(self._namespace, name), VALUE)

    async def get(self, key: str) -> bytes | None:
        """The value, or None."""
        return (await self._backend.get([self._key(key)]))[0]

    async def get_many(self, *keys: str) -> list[bytes | None]:
        """The values of several keys in one round trip."""
        return await self._backend.get([self._key(key) for key in keys]) if keys else []

    @property
    def is_here(self) -> bool:
        """Whether its entries are in this process: then nothing has to be waited for."""
        return self._backend.is_here

    def full_key(self, key: str) -> bytes:
        """What the backend keeps a value under."""
        return self._key(key)

    def get_now(self, full_keys: list[bytes]) -> list[bytes | None] | None:
        """The values under full keys without waiting: the very objects that were set, in a store of this process.

        None for a store that has to be waited for.
        """
        return self._backend.get_now(full_keys)

    def run_now(self, step: Step[R], full_key: bytes, args: tuple[Arg, ...]) -> R:
        """`run` under a full key without waiting: only where the store `is_here`."""
        return self._backend.run_now(step, full_key, args)

    async def set(self, key: str, value: bytes, *, ttl: float | None = None) -> None:
        """Put a value in place of any other, to live for `ttl` seconds (None: without end).

        Raises:
            ValueTooLarge: it is larger than `max_value_bytes`.
        """
        await self._backend.set(self._key(key), self._checked(key, value), _microseconds(ttl))

    async def delete(self, key: str) -> bool:
        """Remove a value; False if there was none."""
        return await self._backend.delete(self._key(key))

    async def compare_and_set(
        self, key: str, expected: bytes | None, value: bytes | None, *, ttl: float | None = None
    ) -> bool:
        """Put `value` (None: nothing) where `expected` (None: nothing) is; False if something else was there.

        Raises:
            ValueTooLarge: the new value is larger than `max_value_bytes`.
        """
        new = b"" if value is None else self._checked(key, value)
        old = b"" if expected is None else _as_bytes(key, expected)
        args = (int(expected is not None), old, int(value is not None), new, _microseconds(ttl) or 0)
        return await self.run(COMPARE_AND_SET, key, *args) == 1

    async def increment(self, key: str, by: int = 1, *, ttl: float | None = None) -> int:
        """Add to a counter (none counts as 0) and give its new value. `get` gives it as decimal digits.

        `ttl` holds for a counter that begins with this call; one that exists ends when it was to end.

        Raises:
            CounterError: the value is not a counter, or would leave the range of one.
        """
        count = None
        if not isinstance(by, int):
            raise TypeError(f"A counter counts by an int, not {type(by).__name__}")
        if abs(by) <= MAX_COUNTER:
            count = await self.run(INCREMENT, key, by, _microseconds(ttl) or 0)
        if count is None:
            raise CounterError(f"{key!r:.60} is not a counter, or would exceed {MAX_COUNTER} either way by adding {by}")
        return count

    async def run(self, step: Step[R], key: str, *args: Arg) -> R:
        """Change one value by a `Step`: one round trip, and nobody sees anything between before and after."""
        result: R = await self._backend.run(step, self._key(key), args)
        return result

    def lock(self, key: str, *, ttl: float = 30.0, wait: float | None = 10.0) -> Lock:
        """A lock that everything sharing the store respects. Its key is none of the values' keys.

        Args:
            key: what is locked.
            ttl: seconds after which the lock ends by itself, should its holder die.
            wait: seconds to wait for it (None: without end; 0: not at all); then `LockTimeout`.
        """
        _microseconds(ttl)
        return Lock(self._view(self._namespace, LOCK), key, ttl=ttl, wait=wait)

    async def clear(self) -> None:
        """Remove everything in this namespace and those within it. Not atomic: what comes meanwhile may stay."""
        await self._backend.clear(prefixes(self._namespace))

    async def ping(self) -> None:
        """Ask the store for an answer.

        Raises:
            StoreUnavailable: there was none.
        """
        await self.get("")

    async def aclose(self) -> None:
        """Let go of files and connections, of all namespaces. The store opens them again if it is used again."""
        await self._backend.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._backend.url} {self._namespace.decode()}>"

    def _view(self, namespace: bytes, kind: bytes) -> Self:
        view = object.__new__(type(self))
        view.__dict__.update(self.__dict__, _namespace=namespace, _kind=kind)
        return view

    def _key(self, key: str) -> bytes:
        return full_key(self._namespace, self._kind, key)

    def _checked(self, key: str, value: bytes) -> bytes:
        if len(_as_bytes(key, value)) > self.max_value_bytes:
            raise ValueTooLarge(
                f"The value for {key!r:.60} has {len(value)} bytes, more than max_value_bytes={self.max_value_bytes}"
            )
        return value


def _as_bytes(key: str, value: Any) -> bytes:
    if not isinstance(value, bytes):
        raise TypeError(f"A value is bytes, not {type(value).__name__} (for {key!r:.60}): encode it, e.g. as JSON")
    return value


def _microseconds(ttl: float | None) -> int | None:
    if ttl is None:
        return None
    if not 0 < ttl <= MAX_TTL:  # also refuses nan
        raise ValueError(f"ttl={ttl}: seconds, more than 0 and at most {MAX_TTL:.0f}; leave it out for no end")
    return max(1000, int(ttl * MICROSECONDS))  # Redis counts in milliseconds
