"""What parts cost by themselves, measured in a process of their own (`peers/kit_parts.py`) on the server's core."""

from __future__ import annotations

import json
import subprocess

from benchmarks import interpreter
from benchmarks.errors import BenchmarkError
from benchmarks.measurements import Part
from benchmarks.paths import PEERS

ROUNDS_BY_ROUND = 5  # they are short


def measure_parts(core: int, rounds: int, calls: int = 2000) -> list[Part]:
    """Each part's rounds, of so many calls each."""
    script = [interpreter.choose().path, str(PEERS / "kit_parts.py"), "--rounds", str(rounds * ROUNDS_BY_ROUND)]
    script += ["--calls", str(calls)]
    done = subprocess.run(["taskset", "-c", str(core), *script], check=False, capture_output=True, text=True)
    if done.returncode:
        raise BenchmarkError(f"measuring the parts failed:\n{done.stderr[-2000:]}")
    made = [Part(**one) for one in json.loads(done.stdout)]
    for part in made:
        print(f"{part.name:<24} {part.us:9.2f} us of CPU", flush=True)
    return made
