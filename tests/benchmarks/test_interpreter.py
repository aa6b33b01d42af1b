"""Which interpreter the Python peers run on: the fastest, where that is worth an environment of its own."""

from __future__ import annotations

import sys

import pytest

from benchmarks import interpreter
from benchmarks.interpreter import Interpreter, choose

OTHER = "/elsewhere/python3.12"


def chosen(monkeypatch: pytest.MonkeyPatch, seconds: dict[str, float]) -> Interpreter:
    monkeypatch.setattr(interpreter, "_others", lambda: [path for path in seconds if path != sys.executable])
    monkeypatch.setattr(interpreter, "_seconds", seconds.__getitem__)
    monkeypatch.setattr(interpreter, "_environment", lambda python: f"environment of {python}")
    return choose.__wrapped__()


def test_our_own_where_there_is_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    assert chosen(monkeypatch, {sys.executable: 1.0}).path == sys.executable


def test_our_own_where_another_is_hardly_faster(monkeypatch: pytest.MonkeyPatch) -> None:
    assert chosen(monkeypatch, {sys.executable: 1.0, OTHER: 0.95}).path == sys.executable


def test_an_environment_of_the_fastest_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    found = chosen(monkeypatch, {sys.executable: 1.5, OTHER: 1.0, "/elsewhere/python3.13": 1.2})
    assert found.path == f"environment of {OTHER}"
    assert "1.5 times as long" in found.built


def test_what_is_measured_is_a_time() -> None:
    assert interpreter._seconds(sys.executable) > 0
