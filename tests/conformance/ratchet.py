"""The lists of known failures, one for each door. They only shrink.

A line is a test id, optionally followed by two spaces and `# why`. Lines are sorted; other comments are not kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.conformance.outcomes import Outcomes
from tests.conformance.sdist import VERSION

_FOLDER = Path(__file__).parent
_HEAD = (
    f"# Tests of FastAPI {VERSION}'s suite that fail through the {{door}} door.\n"
    "# This list only shrinks: `make conformance ARGS=--update` takes off what passes.\n"
)


@dataclass(frozen=True)
class Verdict:
    """A run held against its list."""

    new: list[str]  # fail and are not listed
    mended: list[str]  # are listed and pass
    gone: list[str]  # are listed and no test of that name is scored

    @property
    def ok(self) -> bool:
        return not self.new and not self.gone


def path(door: str) -> Path:
    return _FOLDER / f"known_failures.{door}.txt"


def load(door: str) -> dict[str, str]:
    """{test id: reason or ''}."""
    if not path(door).exists():
        return {}
    lines = path(door).read_text(encoding="utf-8").splitlines()
    entries = (line.partition("  # ") for line in lines if line.strip() and not line.startswith("#"))
    return {test.strip(): reason for test, _, reason in entries}


def judge(known: dict[str, str], scope: frozenset[str], scored: frozenset[str], found: Outcomes) -> Verdict:
    """`scope` is what was run, of `scored`, all tests that count."""
    failing = {test for test in scope if not found.passed(test)}
    return Verdict(
        new=sorted(failing - known.keys()),
        mended=sorted((known.keys() & scope) - failing),
        gone=sorted(known.keys() - scored),
    )


def save(door: str, entries: dict[str, str]) -> None:
    lines = [f"{test}  # {reason}" if reason else test for test, reason in sorted(entries.items())]
    text = "\n".join([*lines, ""]) if lines else ""
    path(door).write_text(_HEAD.format(door=door) + text, encoding="utf-8")


def start(door: str, failing: list[str]) -> None:
    """Write the first list. There is no way to make an existing one longer."""
    if path(door).exists():
        raise SystemExit(f"{path(door).name} exists; --init writes only the first list")
    save(door, dict.fromkeys(failing, ""))


def shrink(door: str, known: dict[str, str], verdict: Verdict) -> None:
    drop = {*verdict.mended, *verdict.gone}
    save(door, {test: reason for test, reason in known.items() if test not in drop})
