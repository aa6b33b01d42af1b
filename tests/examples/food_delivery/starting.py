"""How the city is started by a command, and what then runs."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.kit.nats_server import nats_server
from tests.kit.redis_server import redis_server

NO_MODEL = {"FOOD_MODEL": "false"}  # its torch is slow to import
INTERRUPTED = (0, 130, -2)  # what a command's exit status may be

needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
needs_servers = pytest.mark.skipif(
    redis_server() is None or nats_server() is None, reason="needs redis-server and nats-server: vivace[test]"
)

# What a `make` gives to what it runs, such as these tests. Its ARGS are no arguments of the city.
_OF_ANOTHER_MAKE = ("MAKEFLAGS", "MAKEOVERRIDES", "MFLAGS", "MAKELEVEL", "ARGS")
_STAMPS = {"run": ".stamp-run", "run-full": ".stamp-full"}


def make(target: str) -> list[str]:
    """The command, with the environment of these tests, in which nothing is installed. `port` gives its last words."""
    old = f"--old-file={sys.prefix}/{_STAMPS[target]}"  # whether it is there or not, it is not made anew
    without = [f"--unset={name}" for name in _OF_ANOTHER_MAKE]
    return ["env", *without, "make", old, target, f"VENV={sys.prefix}"]


def port(number: int) -> list[str]:
    return [f"PORT={number}"]


def processes_in(folder: Path) -> dict[int, str]:
    """Processes whose command line names the folder: their programs' names."""
    found = {}
    for entry in Path("/proc").iterdir():
        try:
            command = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if any(os.fsencode(folder) in word for word in command):
            found[int(entry.name)] = Path(os.fsdecode(command[0])).name
    return found
