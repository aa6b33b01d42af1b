"""What an application of 3,000 routes costs before its first request: CPU time and peak memory.

`python -m benchmarks.declare`. FastAPI declares; Vivace declares and compiles. Each time in a fresh process, the
frameworks taking turns.
"""

from __future__ import annotations

import json
import subprocess
import sys

from benchmarks import interpreter, report
from benchmarks.errors import BenchmarkError
from benchmarks.measurements import Declaration
from benchmarks.paths import PEERS

ROUTES = 3000
FRAMEWORKS = ("vivace", "fastapi")


def declare_once(framework: str, core: int, routes: int = ROUTES) -> Declaration:
    script = [interpreter.choose().path, str(PEERS / "declare_routes.py"), framework, "--routes", str(routes)]
    done = subprocess.run(["taskset", "-c", str(core), *script], check=False, capture_output=True, text=True)
    if done.returncode:
        raise BenchmarkError(f"declaring {routes} routes on {framework} failed:\n{done.stderr[-2000:]}")
    return Declaration(framework=framework, routes=routes, **json.loads(done.stdout))


def declare_all(core: int, rounds: int) -> list[Declaration]:
    """One declaration per round and framework, pinned to `core`, written to the terminal as they come."""
    made = []
    for number in range(1, rounds + 1):
        for framework in FRAMEWORKS:
            one = declare_once(framework, core)
            print(f"round {number}  declare     {framework:<12} {one.total_seconds:9.2f} s of CPU", flush=True)
            made.append(one)
    return made


def main() -> int:
    try:
        print(report.declaration_table(declare_all(core=0, rounds=3)))
    except BenchmarkError as error:
        print(f"benchmark failed: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
