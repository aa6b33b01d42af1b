"""Counting: how many of the control's tests pass, by area, and what most of the others fail of."""

from __future__ import annotations

import collections
import re
from collections.abc import Iterable

from tests.conformance.control import Control, area_of
from tests.conformance.outcomes import Outcomes

_COLUMNS = ("passed", "failed", "error", "skipped")


def table(scope: Iterable[str], control: Control, found: Outcomes) -> str:
    """A row for each area, one for the tests that need no private names, and one for all."""
    groups: dict[str, list[str]] = collections.defaultdict(list)
    for test in sorted(scope):
        groups[area_of(test)].append(test)
    every = [test for tests in groups.values() for test in tests]
    rows = dict(sorted(groups.items()))
    rows |= {"public": [test for test in every if test not in control.internal], "all": every}
    head = f"{'':14}" + "".join(f"{name:>9}" for name in (*_COLUMNS, "of"))
    return "\n".join([head, *(_row(name, tests, found) for name, tests in rows.items())])


def _row(name: str, tests: list[str], found: Outcomes) -> str:
    got = collections.Counter(_column(found.status.get(test, "error")) for test in tests)
    cells = "".join(f"{got[column]:>9}" for column in _COLUMNS)
    percent = 100 * got["passed"] / len(tests) if tests else 0.0
    return f"{name:14}{cells}{len(tests):>9}{percent:>8.1f}%"


def _column(status: str) -> str:
    # A test that the control passed and that is now expected to fail did not pass.
    return "failed" if status == "xfailed" else status


def reasons(failing: Iterable[str], found: Outcomes, most: int) -> str:
    """The most common first lines of the failures, with what differs from test to test taken out."""
    counted = collections.Counter(first_line(found.reason(test)) for test in failing)
    return "\n".join(f"{number:>6}  {text}" for text, number in counted.most_common(most))


def first_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()] or ["no message"]
    first = re.sub(r"0x[0-9a-f]+", "0x..", lines[0])
    return re.sub(r" \(/\S+\)$", "", first)[:110]  # the path of a module
