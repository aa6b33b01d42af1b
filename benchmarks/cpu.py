"""What a process and all its descendants have used, read from /proc (Linux): CPU seconds and resident memory.

Knows nothing of servers or load. The clock of /proc/<pid>/stat ticks 100 times a second, so a window of four busy
seconds is exact to a quarter of a percent.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.errors import BenchmarkError

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Stat:
    """The fields used here of one line of /proc/<pid>/stat (proc(5)); `ticks` counts reaped children too."""

    pid: int
    parent: int
    ticks: int


def parse_stat(line: str) -> Stat:
    """Read `7 (odd) name) S 1 ... utime stime cutime cstime ...`, cutting at the name's last bracket."""
    head, _, tail = line.rpartition(")")
    fields = tail.split()
    return Stat(int(head.split()[0]), int(fields[1]), sum(int(f) for f in fields[11:15]))


def all_stats() -> list[Stat]:
    stats = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stats.append(parse_stat((entry / "stat").read_text(errors="replace")))
            except (FileNotFoundError, ProcessLookupError):
                continue  # it ended meanwhile
    return stats


def process_tree(root: int) -> list[Stat]:
    """The process and its descendants as they are now, the root first. Empty when it has ended."""
    children: dict[int, list[Stat]] = {}
    found: list[Stat] = []
    for stat in all_stats():
        children.setdefault(stat.parent, []).append(stat)
        if stat.pid == root:
            found.append(stat)
    for stat in found:  # grows while it is walked
        found.extend(children.get(stat.pid, []))
    return found


def cpu_seconds(root: int) -> float:
    """User and system time of the whole tree since it began, in seconds."""
    return sum(stat.ticks for stat in process_tree(root)) / TICKS_PER_SECOND


def resident_bytes(root: int) -> int:
    """Resident memory (VmRSS) of the whole tree, in bytes; pages shared between its processes count in each."""
    return sum(_resident_of(stat.pid) for stat in process_tree(root))


def _resident_of(pid: int) -> int:
    pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def wait_until_idle(root: int, *, still: float = 0.1, limit: float = 15.0) -> None:
    """Return once the tree has used at most one tick in `still` seconds. Raises BenchmarkError after `limit` seconds.

    What an earlier load left in flight would otherwise be charged to the next window.
    """
    deadline = time.monotonic() + limit
    before = cpu_seconds(root)
    while time.monotonic() < deadline:
        time.sleep(still)
        now = cpu_seconds(root)
        if now - before <= 1.5 / TICKS_PER_SECOND:
            return
        before = now
    raise BenchmarkError(f"process {root} was still busy {limit:.0f} s after its load ended")
