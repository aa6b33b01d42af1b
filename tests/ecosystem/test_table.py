"""The verdict on a package."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conformance.outcomes import Outcomes
from tests.ecosystem.packages import PACKAGES, Package
from tests.ecosystem.sides import test_files as files_to_run
from tests.ecosystem.table import Result, details, row

PACKAGE = Package("name", "1.0", "0" * 64, "nothing", left_out={"tests/db/*": "needs a database"})


def result(asgi: dict[str, str], wire: dict[str, str] | None = None, **more: object) -> Result:
    fastapi = {"t.py::a": "passed", "t.py::b[x1]": "passed", "t.py::b[x2]": "passed", "t.py::c": "failed"}
    sides = {"fastapi": fastapi, "asgi": asgi, "wire": asgi if wire is None else wire}
    outcomes = {side: Outcomes(status=status, why={"t.py::b[y2]": "E why"}) for side, status in sides.items()}
    return Result(PACKAGE, outcomes, **more)  # type: ignore[arg-type]


ALL = {"t.py::a": "passed", "t.py::b[y1]": "passed", "t.py::b[y2]": "passed"}


def test_equal_counts_are_told_whatever_the_cases_are_called() -> None:
    assert result(ALL).ok
    assert row(result(ALL)) == "| name | 1.0 | nothing | 3 | 3 | 3 | nothing |"
    assert details(result(ALL)) == ""


def test_a_case_that_fails_is_told_with_its_door_and_reason() -> None:
    found = result(ALL, {**ALL, "t.py::b[y2]": "failed"})
    assert not found.ok
    assert row(found).endswith("| 3 | 3 | 2 | 1 fail (wire) |")
    assert details(found) == "name==1.0:\n  wire  t.py::b (1)  E why"


def test_another_test_that_passes_does_not_make_up_for_it() -> None:
    assert not result({**ALL, "t.py::a": "error", "t.py::c": "passed"}).ok


def test_a_test_that_was_not_run_has_failed() -> None:
    found = result({name: status for name, status in ALL.items() if name != "t.py::a"})
    assert "t.py::a (1)  not run" in details(found)


def test_what_did_not_finish_or_was_not_redirected_is_not_accepted() -> None:
    assert not result(ALL, unfinished=("wire",)).ok
    leaking = result(ALL)
    leaking.outcomes["asgi"].leaks.add("fastapi.routing")
    assert not leaking.ok
    assert "fastapi.routing was loaded" in details(leaking)


def test_without_a_test_that_passes_on_fastapi_nothing_is_shown() -> None:
    empty = Result(PACKAGE, {side: Outcomes() for side in ("fastapi", "asgi", "wire")})
    assert not empty.ok


def test_the_files_are_those_of_the_table() -> None:
    files = dict.fromkeys(("tests/test_a.py", "tests/conftest.py", "tests/db/test_b.py", "src/test_c.py"), b"")
    assert files_to_run(PACKAGE, files) == ["tests/test_a.py"]
    with pytest.raises(SystemExit, match="none of the distribution's files"):
        files_to_run(PACKAGE, {"src/test_c.py": b""})


def test_the_page_for_those_who_switch_names_every_package_of_the_table() -> None:
    page = (Path(__file__).parents[2] / "docs" / "migrating.md").read_text()
    rows = dict(re.findall(r"^\| ([a-z-]+) \| ([\d.]+) \|", page, re.MULTILINE))
    assert rows == {package.name: package.version for package in PACKAGES}
