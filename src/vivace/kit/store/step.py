"""Steps: atomic changes of one value, whichever backend holds it.

A step is said twice. `apply` is a pure function from the present entry to the next one: the backends of this process
run it under their lock, or in a transaction. `lua` says the same to a Redis server, which runs it in one round trip.
The tests hold the two against each other.

Time is counted in whole microseconds by the store's own clock, so that Python and Lua compute with the same integers,
and so that processes whose clocks differ agree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

R = TypeVar("R")
Arg = bytes | int

MICROSECONDS = 1_000_000


class Entry(NamedTuple):
    """A value, and when it ends by the store's clock (microseconds; None: never)."""

    value: bytes
    expires: int | None = None


class Outcome(NamedTuple, Generic[R]):
    """What a step answers, and the entry that it leaves: the same object for no change, None for none."""

    result: R
    entry: Entry | None


@dataclass(frozen=True)
class Step(Generic[R]):
    """An atomic change of one value.

    Attributes:
        apply: `(entry, now, *args) -> Outcome`; it has no side effects, for it may run more than once.
        lua: the body of a script with `KEYS[1]`, `ARGV` and `now` (microseconds). It reads with
            `redis.call('GET', KEYS[1])` and changes with `put(value, ttl)` (microseconds; 0: no end), `keep(value)`
            (which leaves the end as it is) and `drop()`. What it returns is the result: an integer, a string (bytes),
            nil (None), or a list of integers and strings.
    """

    apply: Callable[..., Outcome[R]]
    lua: str


def expiry(now: int, ttl: int | None) -> int | None:
    """When something that lives for `ttl` microseconds from `now` ends."""
    return None if ttl is None else now + ttl
