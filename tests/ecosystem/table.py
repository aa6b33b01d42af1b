"""Counting what passed, and saying what differs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from tests.conformance.outcomes import Outcomes
from tests.conformance.score import first_line
from tests.ecosystem.packages import Package
from tests.ecosystem.sides import SIDES

HEAD = (
    "| package | version | reaches into | tests on FastAPI | on Vivace (ASGI) | on Vivace (wire) | what differs |\n"
    "|---|---|---|---|---|---|---|"
)


def function_of(test: str) -> str:
    """The test function: the ids of its cases may be made of random tokens, and differ from run to run."""
    return test.partition("[")[0]


@dataclass(frozen=True)
class Result:
    """One package's tests on all sides."""

    package: Package
    outcomes: dict[str, Outcomes]
    unfinished: tuple[str, ...] = ()  # sides that did not come to their end in time

    def passed(self, side: str) -> Counter[str]:
        """How many cases of each test function pass."""
        outcomes = self.outcomes[side]
        return Counter(function_of(test) for test in outcomes.status if outcomes.passed(test))

    def missing(self, side: str) -> Counter[str]:
        """How many more cases of each test function pass on FastAPI."""
        return self.passed("fastapi") - self.passed(side)

    def reason(self, side: str, function: str) -> str:
        """Why the first case of a test function that does not pass does not."""
        outcomes = self.outcomes[side]
        cases = (test for test in outcomes.status if function_of(test) == function and not outcomes.passed(test))
        return first_line(outcomes.reason(next(cases, function)))

    @property
    def leaks(self) -> set[str]:
        """Modules of the genuine FastAPI that were loaded where Vivace was under test."""
        return {name for side in SIDES[1:] for name in self.outcomes[side].leaks}

    @property
    def ok(self) -> bool:
        """Whether every test that passes on FastAPI passes on Vivace, and there were any."""
        missing = any(self.missing(side) for side in SIDES[1:])
        return not (missing or self.unfinished or self.leaks) and bool(self.passed("fastapi"))


def row(result: Result) -> str:
    package = result.package
    counts = [str(result.passed(side).total()) for side in SIDES]
    return f"| {' | '.join([package.name, package.version, package.reaches, *counts, _differs(result)])} |"


def _differs(result: Result) -> str:
    told = [f"not finished in time: {side}" for side in result.unfinished]
    told += [f"{missing.total()} fail ({side})" for side in SIDES[1:] if (missing := result.missing(side))]
    told += ["the genuine FastAPI was loaded"] * bool(result.leaks)
    return "; ".join(told) or ("nothing" if result.ok else "no test passes on FastAPI")


def details(result: Result) -> str:
    """Each test function that differs, with its reason, a line each."""
    lines = [f"  {module} was loaded" for module in sorted(result.leaks)]
    for side in SIDES[1:]:
        for function, number in sorted(result.missing(side).items()):
            lines.append(f"  {side}  {function} ({number})  {result.reason(side, function)}")
    return "\n".join([f"{result.package.pin}:", *lines]) if lines else ""
