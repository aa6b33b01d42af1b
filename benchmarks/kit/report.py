"""The kit's report: `report-kit.md`, `.svg` and `.json`.

`python -m benchmarks.kit.report` writes the page and the picture again, from the JSON.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.chart import show_us
from benchmarks.kit.scenarios import CACHED, CACHED_FIRST, CONSTANT, LIMITED
from benchmarks.measurements import Results
from benchmarks.paths import HERE
from benchmarks.report import closing, cpu_table, opening, read, requests_table, table, write_page

NAME = "report-kit"
WIRE, ADD_ONS = "vivace-wire", "fastapi"

CPU_NOTE = (
    "User and system time of the server's process tree over the window, divided by the requests completed in it. "
    "Less is better. The ratio says how many times FastAPI with the add-on costs Vivace with the kit."
)
ADDED_NOTE = (
    "The row's figure less that of the constant response of the same server: what the cache, the limit or the guard "
    "adds to a request, everything around it included."
)
PARTS_NOTE = "Called over and over in one process, no request around them: CPU time by call, the median of the rounds."
GOALS_NOTE = (
    "What the kit is held to, and the figures of this run. Beside them the add-on's: its own ratio or difference on "
    "FastAPI, or what its part costs by itself."
)


@dataclass(frozen=True)
class Goal:
    """`measured` is to be at most `most`; `show` prints either, and the add-on's figure. None: not measured."""

    text: str
    most: float | None
    show: Callable[[float], str]
    measured: float | None
    add_on: float | None


def goals(results: Results) -> list[Goal]:
    """The goals with their figures."""

    def parts_ratio(name: str) -> float | None:
        return divided(part_us(results, name), part_us(results, "pyjwt"))

    def times(scenario: str, peer: str) -> float | None:
        return divided(cpu_us(results, scenario, peer), cpu_us(results, CONSTANT, peer))

    return [
        Goal("cached hit ÷ constant", 1.3, show_ratio, times(CACHED, WIRE), times(CACHED, ADD_ONS)),
        Goal("cached hit, asked first ÷ constant", 1.3, show_ratio, times(CACHED_FIRST, WIRE), None),
        Goal("rate limit in memory, by itself", 3.0, show_cost, part_us(results, "limit"), part_us(results, "slowapi")),
        Goal(
            "rate limit in memory, what it adds to a request",
            3.0,
            show_cost,
            added_us(results, LIMITED, WIRE),
            added_us(results, LIMITED, ADD_ONS),
        ),
        Goal("JWT check ÷ PyJWT's `decode`", 1.2, show_ratio, parts_ratio("verify"), parts_ratio("authx")),
        Goal(
            "JWT check when it is remembered, less than one that is not",
            part_us(results, "verify"),
            show_cost,
            part_us(results, "remembered"),
            None,
        ),
    ]


def show_ratio(value: float) -> str:
    return f"{value:.2f}"


def show_cost(value: float) -> str:
    return f"{value:.1f} us"


def divided(one: float | None, other: float | None) -> float | None:
    return one / other if one and other else None


def cpu_us(results: Results, scenario: str, peer: str) -> float | None:
    cell = results.cell(scenario, peer)
    return cell.cpu_us if cell else None


def added_us(results: Results, scenario: str, peer: str) -> float | None:
    one, constant = cpu_us(results, scenario, peer), cpu_us(results, CONSTANT, peer)
    return one - constant if one and constant else None


def part_us(results: Results, name: str) -> float | None:
    """By itself: less what calling a coroutine costs."""
    found = {part.name: part.us for part in results.parts}
    return found[name] - found["nothing"] if name in found else None


def goals_table(results: Results) -> str:
    rows = []
    for goal in goals(results):
        most, measured, add_on = ("" if x is None else goal.show(x) for x in (goal.most, goal.measured, goal.add_on))
        met = "" if goal.most is None or goal.measured is None else "yes" if goal.measured <= goal.most else "no"
        rows.append([goal.text, most, measured, met, add_on])
    return table(["", "at most", "measured", "met", "the add-on"], rows)


def added_table(results: Results) -> str:
    rows = []
    for scenario, title in results.scenarios.items():
        if scenario != CONSTANT:
            added = (added_us(results, scenario, peer) for peer in results.peers)
            rows.append([title, *("" if value is None else show_us(value) for value in added)])
    return table(["", *results.peers.values()], rows)


def parts_table(results: Results) -> str:
    rows = [
        [part.title, f"{part.us:.2f}", f"{min(part.rounds_us):.2f} to {max(part.rounds_us):.2f}"]
        for part in results.parts
    ]
    return table(["", "us", "rounds"], rows)


def markdown(results: Results) -> str:
    sections = [
        *opening(results, "What the production kit costs", "make bench-kit", f"{NAME}.svg"),
        f"## What was asked for\n\n{GOALS_NOTE}",
        goals_table(results),
        f"## Microseconds of CPU per request\n\n{CPU_NOTE}",
        cpu_table(results),
        f"## What each part adds to a request\n\n{ADDED_NOTE}",
        added_table(results),
        *([f"## The parts by themselves\n\n{PARTS_NOTE}", parts_table(results)] if results.parts else []),
        "## Requests per second\n\nMore is better. A star marks a server that waited for load.",
        requests_table(results),
        *closing(results),
    ]
    return "\n\n".join(sections) + "\n"


def publish(results: Results, folder: Path) -> Path:
    write_page(results, folder, NAME, markdown(results))
    return folder / f"{NAME}.md"


if __name__ == "__main__":
    publish(read(HERE, NAME), HERE)
