"""Who is here: entries on a list that the broker keeps, each put there again before its time is over.

An entry is `<process> <member>`: a member is here as long as one of its entries is. A process that dies puts none
there again. Coming and going is told at once, and the list is read now and then for what nobody told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from vivace.kit.channels.events import Joined, Left
from vivace.kit.channels.pattern import escape, unescape

MAX_MEMBER = 256  # bytes, escaped


def entry_of(process: str, member: str) -> str:
    """`<process>.<member>`, of letters, digits, `_`, `-`, `%`.

    Raises:
        ValueError: the member's name is empty or too long.
    """
    escaped = escape(member)
    if not 0 < len(escaped) <= MAX_MEMBER:
        raise ValueError(f"member={member[:40]!r}: 1 to {MAX_MEMBER} bytes, escaped")
    return f"{process}.{escaped}"


class View:
    """What one process knows of a topic's list. `tell` gets what changes."""

    def __init__(self, tell: Callable[[Joined | Left], None]) -> None:
        self._tell = tell
        self._entries: set[str] = set()
        self._members: Counter[str] = Counter()
        self._told: set[str] = set()  # since the list was asked for

    def members(self) -> tuple[str, ...]:
        return tuple(sorted(self._members))

    def come(self, entry: str) -> None:
        """As somebody tells it."""
        self._told.add(entry)
        self._add(entry)

    def go(self, entry: str) -> None:
        self._told.add(entry)
        self._remove(entry)

    def asking(self) -> None:
        """What is told from now on is newer than the list that is being asked for."""
        self._told.clear()

    def _add(self, entry: str) -> None:
        if entry not in self._entries:
            self._entries.add(entry)
            member = _member(entry)
            self._members[member] += 1
            if self._members[member] == 1:
                self._tell(Joined(member))

    def _remove(self, entry: str) -> None:
        if entry in self._entries:
            self._entries.discard(entry)
            member = _member(entry)
            self._members[member] -= 1
            if not self._members[member]:
                del self._members[member]
                self._tell(Left(member))

    def replace(self, entries: Iterable[str], *, only_add: bool) -> None:
        """The list as it was read. `only_add`: it may lack some that were not put there again yet."""
        found = set(entries)
        for entry in sorted(found - self._entries - self._told):
            self._add(entry)
        if not only_add:
            for entry in sorted(self._entries - found - self._told):
                self._remove(entry)


def members_of(entries: Iterable[str]) -> list[str]:
    return sorted({_member(entry) for entry in entries})


def _member(entry: str) -> str:
    return unescape(entry.partition(".")[2])
