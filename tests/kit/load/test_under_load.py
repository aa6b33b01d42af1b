"""A short run of what docs/kit/under-load.md shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kit.load.page import markdown
from tests.kit.load.run import Report, run
from tests.kit.load.size import SHORT, Row

pytestmark = [pytest.mark.socket, pytest.mark.timeout(120)]


def test_two_workers_keep_what_they_promise_while_redis_is_killed(redis_program: Path, tmp_path: Path) -> None:
    report = run(redis_program, tmp_path, SHORT, "always")
    assert not report.failed()
    assert "**no**" not in markdown({"always": report}, redis_program)


def test_what_did_not_hold_is_told(redis_program: Path) -> None:
    report = Report({"Rate limits": [Row.exactly("pass", 100, 100), Row.exactly("doubled", 0, 1)]}, {})
    assert report.failed() == [Row("doubled", "0", "1", False)]
    assert "| doubled | 0 | 1 | **no** |" in markdown({"always": report}, redis_program)


def test_a_number_may_be_held_to_a_range() -> None:
    assert [Row.between("", 3, 5, counted).holds for counted in (2, 3, 5, 6)] == [False, True, True, False]
    assert Row.between("", 0, 1000, 7).expected == "at most 1,000"
