"""The stage that the tests of this folder share, and the count of what was drawn, from all of pytest's processes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests.differential.counting import DRAWN, summary
from tests.differential.stage import Stage

# Fewer drawn requests than this make the run fail: a long search is to be one.
AT_LEAST = int(os.environ.get("DIFFERENTIAL_AT_LEAST", "0"))


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    made = Stage()
    yield made
    made.close()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    sent = getattr(session.config, "workeroutput", None)  # in a process of pytest-xdist's
    if sent is not None:
        sent["drawn"] = dict(DRAWN)
    elif DRAWN.total() < AT_LEAST and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    DRAWN.update(getattr(node, "workeroutput", {}).get("drawn", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if DRAWN:
        terminalreporter.write_line("\n".join(summary()))
    if DRAWN.total() < AT_LEAST:
        terminalreporter.write_line(f"These are fewer than the {AT_LEAST:,} that were asked for.", red=True)
