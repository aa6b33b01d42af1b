"""The lists of known failures only shrink."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance import control, ratchet
from tests.conformance.outcomes import Outcomes, read

SCORED = frozenset({"t.py::passes", "t.py::fails", "u.py::passes"})
FOUND = Outcomes(status={"t.py::passes": "passed", "t.py::fails": "failed", "u.py::passes": "passed"})


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(ratchet, "_FOLDER", tmp_path)
    return tmp_path


def test_a_failure_that_is_not_listed_is_not_accepted() -> None:
    verdict = ratchet.judge({}, SCORED, SCORED, FOUND)
    assert verdict.new == ["t.py::fails"]
    assert not verdict.ok


def test_a_listed_failure_is_accepted_and_a_mended_one_is_told() -> None:
    verdict = ratchet.judge({"t.py::fails": "", "t.py::passes": ""}, SCORED, SCORED, FOUND)
    assert verdict.ok
    assert verdict.mended == ["t.py::passes"]


def test_a_listed_test_that_is_not_scored_is_not_accepted() -> None:
    assert ratchet.judge({"t.py::gone": "", "t.py::fails": ""}, SCORED, SCORED, FOUND).gone == ["t.py::gone"]


def test_what_was_not_run_is_not_judged() -> None:
    scope = frozenset({"u.py::passes"})
    assert ratchet.judge({"t.py::fails": ""}, scope, SCORED, FOUND) == ratchet.Verdict([], [], [])


def test_a_test_that_was_not_collected_has_failed() -> None:
    assert ratchet.judge({}, frozenset({"v.py::lost"}), SCORED, FOUND).new == ["v.py::lost"]


def test_shrinking_takes_off_and_keeps_reasons() -> None:
    ratchet.save("asgi", {"t.py::passes": "", "t.py::fails": "a reason", "t.py::gone": ""})
    known = ratchet.load("asgi")
    ratchet.shrink("asgi", known, ratchet.judge(known, SCORED, SCORED, FOUND))
    assert ratchet.load("asgi") == {"t.py::fails": "a reason"}


def test_the_first_list_is_written_once() -> None:
    ratchet.start("wire", ["b", "a"])
    assert list(ratchet.load("wire")) == ["a", "b"]
    with pytest.raises(SystemExit):
        ratchet.start("wire", ["c"])


def test_the_worst_report_of_a_test_counts() -> None:
    base = {"id": "t", "xfail": False, "why": ""}
    rows = [
        base | {"when": "call", "outcome": "passed"},
        base | {"when": "teardown", "outcome": "failed", "why": "late"},
    ]
    found = read(rows)
    assert found.status == {"t": "error"}
    assert found.reason("t") == "late"


def test_an_unexpected_pass_is_a_failure() -> None:
    row = {"id": "t", "when": "call", "outcome": "passed", "xfail": True, "why": ""}
    assert read([row]).status == {"t": "failed"}


def test_the_lists_name_tests_of_the_control() -> None:
    scored = control.load().scored
    for door in ("asgi", "wire"):
        listed = Path(ratchet.__file__).parent / f"known_failures.{door}.txt"
        if listed.exists():
            lines = [line.partition("  #")[0] for line in listed.read_text().splitlines() if not line.startswith("#")]
            assert set(lines) <= scored
            assert lines == sorted(lines)
