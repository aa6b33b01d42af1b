"""What runs for a test: processes found by what their command line says."""

from __future__ import annotations

import os
from pathlib import Path


def processes_in(folder: Path) -> dict[int, str]:
    """Those whose command line names the folder: the programs' names by process."""
    found = {}
    for entry in Path("/proc").iterdir():
        try:
            command = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if any(os.fsencode(folder) in word for word in command):
            found[int(entry.name)] = Path(os.fsdecode(command[0])).name
    return found
