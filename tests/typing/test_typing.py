"""The files beside this one are for mypy and pyright: each must find exactly the errors that are marked."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FILES = sorted(path for path in Path(__file__).parent.glob("*.py") if not path.name.startswith(("test_", "__")))
CHECKERS = {
    # A cache of its own: `make types` may be at work on the other.
    "mypy": ["mypy", "--strict", "--follow-imports=silent", "--cache-dir=.mypy_cache/typing"],
    "pyright": ["pyright", "--pythonpath", sys.executable],
}


@pytest.mark.once  # they are told which Python to check for
@pytest.mark.timeout(300)
@pytest.mark.parametrize("checker", CHECKERS)
def test_checkers_agree(checker: str) -> None:
    pytest.importorskip(checker)
    command = [sys.executable, "-m", *CHECKERS[checker], *map(str, FILES)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
