"""A rate: so much in such a time, counted by one of three algorithms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Algorithm = Literal["fixed", "sliding", "bucket"]

_UNITS = {
    **dict.fromkeys(("s", "sec", "second"), 1),
    **dict.fromkeys(("m", "min", "minute"), 60),
    **dict.fromkeys(("h", "hour"), 3600),
    **dict.fromkeys(("d", "day"), 86400),
}
_TEXT = re.compile(r"\s*(\d+)\s*(?:/|per\s)\s*(\d+(?:\.\d+)?)?\s*([a-z]+)\s*", re.IGNORECASE)
_FORM = "write e.g. '10/second', '100/minute' or '1000 per 15 minutes'"
_MOST = 2**53  # what Lua's numbers hold exactly, for a quantity times milliseconds


@dataclass(frozen=True)
class Rate:
    """`limit` units in `window` seconds.

    Attributes:
        limit: how many.
        window: in how many seconds.
        algorithm: "sliding" weighs the window before by how much of it still counts: no burst at its edge, two numbers
            to keep. "fixed" begins a window with the first request: exact, and up to twice the limit around an edge.
            "bucket" refills steadily, and lets `burst` through at once.
        burst: what a full bucket holds (default: `limit`).
    """

    limit: int
    window: float
    algorithm: Algorithm = "sliding"
    burst: int | None = None

    def __post_init__(self) -> None:
        if self.algorithm not in ("fixed", "sliding", "bucket"):
            raise ValueError(f"algorithm={self.algorithm!r}: 'fixed', 'sliding' or 'bucket'")
        if self.burst is not None and self.algorithm != "bucket":
            raise ValueError(f"burst={self.burst} is for algorithm='bucket', not {self.algorithm!r}")
        if self.limit < 1 or self.capacity < 1 or not 0.001 <= self.window <= 366 * 86400:
            raise ValueError(f"{self.limit} in {self.window} s: at least 1, in a millisecond to a year")
        if (max(self.limit, self.capacity) + 1) * self.window_ms >= _MOST:
            raise ValueError(
                f"{self.limit} in {self.window} s is more than can be counted exactly: take a shorter window"
            )

    @classmethod
    def parse(cls, text: str, algorithm: Algorithm = "sliding", burst: int | None = None) -> Rate:
        """A rate as people write it: "100/minute", "5 per 10 s".

        Raises:
            ValueError: it is nothing like that.
        """
        found = _TEXT.fullmatch(text)
        word = found[3].lower() if found else ""
        unit = _UNITS.get(word) or _UNITS.get(word.removesuffix("s") if len(word) > 2 else "")
        if found is None or unit is None:
            raise ValueError(f"{text!r} is not a rate: {_FORM}")
        return cls(int(found[1]), float(found[2] or 1) * unit, algorithm, burst)

    @property
    def window_ms(self) -> int:
        return round(self.window * 1000)

    @property
    def capacity(self) -> int:
        """The most that passes at once."""
        return self.limit if self.burst is None else self.burst

    def __str__(self) -> str:
        return f"{self.limit} per {self.window:g} s"
