"""Projects to point the command at: files in a folder of their own, which is the working folder."""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.command import Command, Start

Project = Callable[[dict[str, str]], Path]

HELLO = "from vivace import FastAPI\napp = FastAPI()\n@app.get('/')\ndef home():\n    return 'hello'\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """Writes files, by path and text, and makes their folder the current one; imports from it are forgotten later."""
    before, path = set(sys.modules), list(sys.path)
    monkeypatch.chdir(tmp_path)

    def write(files: dict[str, str]) -> Path:
        for name, text in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return tmp_path

    yield write
    sys.path[:] = path
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", None)).startswith(str(tmp_path)):
            del sys.modules[name]


@pytest.fixture
def start() -> Iterator[Start]:
    started = []

    def start(*arguments: str, **more: object) -> Command:
        started.append(Command(*arguments, **more))
        return started[-1]

    yield start
    for command in started:
        with contextlib.suppress(ProcessLookupError):
            command.signal(signal.SIGKILL)
        command.process.communicate()
