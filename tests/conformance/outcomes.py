"""From the recorded rows to one status for each test."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]

# Of several reports for one test (setup, call, teardown) the worst counts.
_RANK = {"passed": 0, "xfailed": 1, "skipped": 2, "failed": 3, "error": 4}


@dataclass
class Outcomes:
    """What a run gave."""

    status: dict[str, str] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)
    uncollected: dict[str, str] = field(default_factory=dict)  # test file -> why it could not be imported
    leaks: set[str] = field(default_factory=set)  # modules of a genuine fastapi that were loaded

    def passed(self, test: str) -> bool:
        return self.status.get(test) == "passed"

    def reason(self, test: str) -> str:
        """Why the test did not pass."""
        return self.why.get(test) or self.uncollected.get(test.partition("::")[0]) or self.status.get(test, "not run")


def read(rows: list[Row]) -> Outcomes:
    found = Outcomes()
    for row in rows:
        found.leaks.update(row.get("leaks", ()))
        if "id" in row:
            _add(found, row)
    return found


def _add(found: Outcomes, row: Row) -> None:
    name = row["id"]
    if row["when"] == "collect":
        if row["outcome"] == "failed":
            found.uncollected[name] = row["why"]
        return
    status = _status(row)
    if _RANK[status] >= _RANK[found.status.get(name, "passed")]:
        found.status[name] = status
        if row["why"]:
            found.why[name] = row["why"]


def _status(row: Row) -> str:
    if row["outcome"] == "skipped":
        return "xfailed" if row["xfail"] else "skipped"
    if row["outcome"] == "passed":
        return "failed" if row["xfail"] else "passed"
    return "failed" if row["when"] == "call" and not row.get("crash") else "error"
