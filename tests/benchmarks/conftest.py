"""Tests of the benchmarks make no environment for another interpreter: the peers run on that of the tests."""

import sys

import pytest

from benchmarks import interpreter
from benchmarks.interpreter import Interpreter


@pytest.fixture(autouse=True)
def own_interpreter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreter, "choose", lambda: Interpreter(sys.executable, "that of the tests"))
