"""How much is asked for, and what is told of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """`clients` spend `limit` requests each; `keys` have `duplicates` each; and so on, in each part of the run.

    A payment that has not ended after `lease` seconds is taken for abandoned.
    """

    clients: int = 10
    limit: int = 100
    keys: int = 4
    duplicates: int = 50
    lease: float = 10.0
    logins: int = 40
    subscribers: int = 20
    publishers: int = 8
    messages: int = 50


SHORT = Size(clients=3, limit=40, keys=2, duplicates=50, lease=3.0, logins=8, subscribers=8, publishers=4, messages=10)


@dataclass(frozen=True)
class Row:
    """A line of the table. `holds` says whether what was counted is what was expected."""

    what: str
    expected: str
    counted: str
    holds: bool

    @classmethod
    def exactly(cls, what: str, expected: int, counted: int) -> Row:
        return cls(what, f"{expected:,}", f"{counted:,}", expected == counted)

    @classmethod
    def between(cls, what: str, least: int, most: int, counted: int) -> Row:
        expected = f"{least:,} to {most:,}" if least else f"at most {most:,}"
        if least == most:
            expected = f"{most:,}"
        return cls(what, expected, f"{counted:,}", least <= counted <= most)
