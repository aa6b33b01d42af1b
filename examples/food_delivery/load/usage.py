"""What CPU time each process has taken, read from /proc: of a server, of all that it has started."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from benchmarks.cpu import cpu_seconds


@dataclass
class Usage:
    """CPU seconds by name, from `begin` to `end`. A process that ends on the way is asked for before, by `leaves`."""

    pids: dict[str, int]
    seconds: dict[str, float] = field(default_factory=dict)
    wall: float = 0.0
    _before: dict[str, float] = field(default_factory=dict)

    def begin(self) -> None:
        self.wall = -time.monotonic()
        self._before = {name: cpu_seconds(pid) for name, pid in self.pids.items()}

    def leaves(self, name: str) -> None:
        self._add(name)
        del self.pids[name]

    def comes(self, name: str, pid: int) -> None:
        """One that has begun after `begin`."""
        self.pids[name], self._before[name] = pid, 0.0

    def end(self) -> None:
        self.wall += time.monotonic()
        for name in list(self.pids):
            self._add(name)

    def _add(self, name: str) -> None:
        took = cpu_seconds(self.pids[name]) - self._before[name]
        self.seconds[name] = self.seconds.get(name, 0.0) + took
        self._before[name] += took
