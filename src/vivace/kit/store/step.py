"""Steps: atomic changes of one value, whichever backend holds it.

A step is said twice. `apply` is a pure function from the present entry to the next one: the backends of this process
run it under their lock, or in a transaction. `lua` says the same to a Redis server, which runs it in one round trip.
The tests hold the two against each other.

What is counted with each request can be a `Tally`: numbers that a store of this process keeps as such, and changes in
place. The step is made of it, for the backends that keep bytes.

Time is counted in whole microseconds by the store's own clock, so that Python and Lua compute with the same integers,
and so that processes whose clocks differ agree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, NamedTuple, Self, TypeVar

R = TypeVar("R")
Arg = bytes | int

MICROSECONDS = 1_000_000
_NEVER = 2**62


class Entry(NamedTuple):
    """A value, and when it ends by the store's clock (microseconds; None: never)."""

    value: bytes
    expires: int | None = None


class Outcome(NamedTuple, Generic[R]):
    """What a step answers, and the entry that it leaves: the same object for no change, None for none."""

    result: R
    entry: Entry | None


class Tally:
    """Whole numbers that are changed in place, with the time they end at (microseconds; 0: there is nothing to keep).

    A subclass names its numbers in `numbers`, and has slots for them. They begin as 0.
    """

    __slots__ = ("expires",)
    numbers: ClassVar[tuple[str, ...]]

    def __init__(self) -> None:
        self.expires = 0
        for name in self.numbers:
            setattr(self, name, 0)

    def change(self, now: int, *args: Any, **_: Any) -> Any:
        """Count, and set `expires` if there is something to keep; what it returns is the step's result."""
        raise NotImplementedError

    @property
    def value(self) -> bytes:
        """The numbers as decimal digits, with spaces between."""
        return b" ".join(b"%d" % getattr(self, name) for name in self.numbers)

    @classmethod
    def of(cls, entry: Entry | Tally | None) -> Self:
        """The numbers of an entry; those of a new one if it has none."""
        tally = cls()
        if entry is not None:
            tally.expires = _NEVER if entry.expires is None else entry.expires
            for name, number in zip(cls.numbers, entry.value.split(), strict=True):
                setattr(tally, name, int(number))
        return tally


@dataclass(frozen=True)
class Step(Generic[R]):
    """An atomic change of one value.

    Attributes:
        tally: what `apply` changes, if it is one.
        apply: `(entry, now, *args) -> Outcome`; it has no side effects, for it may run more than once.
        lua: the body of a script with `KEYS[1]`, `ARGV` and `now` (microseconds). It reads with
            `redis.call('GET', KEYS[1])` and changes with `put(value, ttl)` (microseconds; 0: no end), `keep(value)`
            (which leaves the end as it is) and `drop()`. What it returns is the result: an integer, a string (bytes),
            nil (None), or a list of integers and strings.
    """

    apply: Callable[..., Outcome[R]]
    lua: str
    tally: type[Tally] | None = None

    @classmethod
    def of_tally(cls, tally: type[Tally], lua: str) -> Self:
        """The step that changes a tally."""

        def apply(entry: Entry | None, now: int, *args: Any) -> Outcome[R]:
            counted = tally.of(entry)
            result = counted.change(now, *args)
            if counted.expires <= now:
                return Outcome(result, None)
            after = Entry(counted.value, counted.expires)
            return Outcome(result, entry if after == entry else after)

        return cls(apply, lua, tally)


def expiry(now: int, ttl: int | None) -> int | None:
    """When something that lives for `ttl` microseconds from `now` ends."""
    return None if ttl is None else now + ttl
