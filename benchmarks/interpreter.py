"""The interpreter that the Python peers run on, all on the same: the fastest CPython here.

How an interpreter was built weighs as much as what it runs: with profile-guided optimisation, as in Debian and in
Python's own Docker images, a request costs a quarter less than on the plain `./configure && make` that pyenv does
unless told otherwise. Go and Node come to a benchmark built as they are deployed; so must Python. Which build is fast
is measured here, and said in the report.
"""

from __future__ import annotations

import importlib.metadata
import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks.errors import BenchmarkError
from benchmarks.paths import BUILD, REPOSITORY

MINORS = range(11, 15)
WORTH_IT = 0.9  # another interpreter is taken when it needs less than this part of the time of our own

# Calls, attributes, dictionaries: the best of seven times, in seconds.
PROBE = """
import timeit
class Point:
    def __init__(self, x): self.x = x
    def moved(self, by): return Point(self.x + by)
def work():
    seen = {}
    for n in range(300):
        seen[n] = Point(n).moved(1).x
    return [value for value in seen.values() if value]
print(min(timeit.repeat(work, number=100, repeat=7)))
"""


@dataclass(frozen=True)
class Interpreter:
    """A Python with what the peers need. `built` tells a reader why it is this one."""

    path: str
    built: str

    def version(self) -> str:
        return _said_by(self.path, "import platform; print(platform.python_version())")


_own_only = False


def keep_own() -> None:
    """Have `choose` take our own, for what needs more than an environment that is made for another one has."""
    global _own_only  # noqa: PLW0603  # once, before anything is chosen
    _own_only = True
    choose.cache_clear()


@cache
def choose() -> Interpreter:
    """The interpreter for the Python peers; where it is not our own, an environment like ours is made for it."""
    if _own_only:
        return Interpreter(sys.executable, "the runner's own")
    own = _seconds(sys.executable)
    times = {path: _seconds(path) for path in _others()}
    fastest = min(times, key=lambda path: times[path], default=sys.executable)
    if not times or times[fastest] > own * WORTH_IT:
        return Interpreter(sys.executable, "the runner's own; no other one here is a tenth faster")
    ours = f"the runner's own {platform.python_version()} takes {own / times[fastest]:.1f} times as long for a loop"
    return Interpreter(_environment(fastest), f"the fastest here; {ours}")


def _others() -> list[str]:
    """Interpreters of the system's own folders, each once."""
    folders = ("/usr/bin", "/usr/local/bin")
    found = [Path(folder, f"python3.{minor}") for folder in folders for minor in MINORS]
    return list(dict.fromkeys(os.path.realpath(path) for path in found if path.exists()))


def _seconds(python: str) -> float:
    return float(_said_by(python, PROBE))


def _said_by(python: str, program: str) -> str:
    done = subprocess.run([python, "-I", "-c", program], check=False, capture_output=True, text=True)
    if done.returncode:
        raise BenchmarkError(f"{python} failed:\n{done.stderr}")
    return done.stdout.strip()


def _environment(python: str) -> str:
    """A virtual environment of that interpreter, with the packages of ours in the same versions."""
    folder = BUILD / f"python-{_said_by(python, 'import sys; print(sys.version.split()[0])')}"
    inside = str(folder / "bin" / "python")
    if not folder.exists():
        _run([python, "-m", "venv", "--without-pip", str(folder)])
    ours = folder / "constraints.txt"
    ours.write_text(
        "".join(f"{d.name}=={d.version}\n" for d in importlib.metadata.distributions() if d.name != "vivace")
    )
    pip = [sys.executable, "-m", "pip", "--python", inside, "install", "--quiet"]
    _run([*pip, "--constraint", str(ours), "--editable", f"{REPOSITORY}[bench]"])
    return inside


def _run(command: list[str]) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise BenchmarkError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
