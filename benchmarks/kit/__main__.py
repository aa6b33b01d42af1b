"""`python -m benchmarks.kit`: the kit beside the add-ons, in the rounds of `benchmarks.run`."""

from __future__ import annotations

import sys

from benchmarks import kit
from benchmarks.kit import report
from benchmarks.kit.parts import measure_parts
from benchmarks.kit.scenarios import CACHED_FIRST, KIT_SCENARIOS, REMEMBERED
from benchmarks.measurements import Results
from benchmarks.peers import python_peer
from benchmarks.run import Benchmark, Settings, run

BROUGHT_BY = "'vivace[bench]'"

PEERS = (
    python_peer(
        "vivace-wire",
        "Vivace with vivace.kit",
        "vivace",
        "wire",
        *("vivace.wire", "jwt"),
        program="kit_on_vivace",
        install=BROUGHT_BY,
    ),
    python_peer(
        "fastapi",
        "FastAPI with add-ons",
        "fastapi",
        "asgi",
        *("fastapi", "slowapi", "fastapi_cache", "authx"),
        program="kit_on_fastapi",
        lacks=(CACHED_FIRST, REMEMBERED),
        install=BROUGHT_BY,
    ),
)


def measure_besides(results: Results, settings: Settings) -> None:
    results.parts = measure_parts(settings.server_core, settings.rounds)


KIT = Benchmark(
    command="python -m benchmarks.kit",
    about=kit.__doc__,
    peers=PEERS,
    scenarios=KIT_SCENARIOS,
    besides=measure_besides,
    publish=report.publish,
    table=report.goals_table,
    packages=("pyjwt", "slowapi", "limits", "fastapi-cache2", "authx"),
)

if __name__ == "__main__":
    sys.exit(run(KIT))
