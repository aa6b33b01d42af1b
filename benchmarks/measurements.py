"""What was measured: one sample per peer, scenario and round, their medians, and all of it as JSON.

Knows neither how samples are taken nor how they are shown.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Sample:
    """One window of load on one server. Times in seconds unless the name says microseconds; memory in bytes."""

    round: int
    scenario: str
    peer: str
    requests: int
    seconds: float
    cpu_seconds: float
    idle_bytes: int
    loaded_bytes: int
    p50_us: int
    p99_us: int

    @property
    def cpu_us(self) -> float:
        """CPU time of the server's process tree per request completed, in microseconds."""
        return self.cpu_seconds / self.requests * 1e6

    @property
    def requests_per_second(self) -> float:
        return self.requests / self.seconds


@dataclass(frozen=True)
class Cell:
    """The medians of one peer in one scenario, and the CPU figure's lowest and highest round."""

    cpu_us: float
    cpu_us_lowest: float
    cpu_us_highest: float
    requests_per_second: float
    core_used: float
    loaded_bytes: float


def summarize(samples: list[Sample]) -> Cell:
    cpu = [sample.cpu_us for sample in samples]
    return Cell(
        cpu_us=median(cpu),
        cpu_us_lowest=min(cpu),
        cpu_us_highest=max(cpu),
        requests_per_second=median(sample.requests_per_second for sample in samples),
        core_used=median(sample.cpu_seconds / sample.seconds for sample in samples),
        loaded_bytes=median(sample.loaded_bytes for sample in samples),
    )


@dataclass(frozen=True)
class Declaration:
    """One process that declared an application of many routes, and compiled it where the framework compiles."""

    framework: str
    routes: int
    import_seconds: float
    declare_seconds: float
    compile_seconds: float
    imported_bytes: int
    peak_bytes: int

    @property
    def total_seconds(self) -> float:
        """CPU time from the framework's import to an application that is ready to serve every route."""
        return self.import_seconds + self.declare_seconds + self.compile_seconds


@dataclass(frozen=True)
class Part:
    """What one call of a part costs by itself, in each round of its process: CPU time, in microseconds."""

    name: str
    title: str
    rounds_us: list[float]

    @property
    def us(self) -> float:
        return median(self.rounds_us)


@dataclass
class Results:
    """A whole run: what it was made on and with, and its samples. `peers` and `scenarios` map names to titles."""

    date: str
    machine: dict[str, str]
    versions: dict[str, str]
    settings: dict[str, str]
    commands: dict[str, str]
    peers: dict[str, str]
    scenarios: dict[str, str]
    abouts: dict[str, str]
    missing: dict[str, str] = field(default_factory=dict)
    samples: list[Sample] = field(default_factory=list)
    declarations: list[Declaration] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)

    def cell(self, scenario: str, peer: str) -> Cell | None:
        """The medians of this cell, or None when nothing was measured there."""
        samples = [s for s in self.samples if (s.scenario, s.peer) == (scenario, peer)]
        return summarize(samples) if samples else None

    def idle_bytes(self, peer: str) -> float:
        return median(sample.idle_bytes for sample in self.samples if sample.peer == peer)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Results:
        samples = [Sample(**sample) for sample in value["samples"]]
        declarations = [Declaration(**one) for one in value["declarations"]]
        parts = [Part(**one) for one in value.get("parts", ())]
        return cls(**{**value, "samples": samples, "declarations": declarations, "parts": parts})
