"""Making load with wrk: one fixed request, repeated over keep-alive connections, from its own core."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from benchmarks.errors import BenchmarkError
from benchmarks.paths import BUILD, HERE
from benchmarks.scenarios import Ask

CONNECTIONS = 64
SCRIPT = HERE / "load.lua"


class LoadError(BenchmarkError):
    """wrk is absent, or what it reports can't be used as a measurement."""


@dataclass(frozen=True)
class Load:
    """What wrk counted in one window: requests completed, its length in seconds, latencies in microseconds."""

    requests: int
    seconds: float
    p50_us: int
    p99_us: int


def require_wrk() -> None:
    if shutil.which("wrk") is None:
        raise LoadError("wrk, which makes the load, is not installed: apt-get install wrk")
    if shutil.which("taskset") is None:
        raise LoadError("taskset, which pins processes to cores, is not installed: apt-get install util-linux")


def write_body(name: str, ask: Ask) -> Path | None:
    """The request's body in a file that wrk can read, or None when it has none."""
    payload = ask.payload()
    if payload is None:
        return None
    path = BUILD / "bodies" / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(payload)
    return path


def wrk_command(
    ask: Ask, url: str, body: Path | None, seconds: int, core: int, connections: int = CONNECTIONS
) -> list[str]:
    """One wrk thread on `core`; `url` is the server's root, without a closing slash."""
    command = ["taskset", "-c", str(core), "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s"]
    for name, value in ask.all_headers().items():
        command += ["-H", f"{name}: {value}"]
    command += ["-s", str(SCRIPT), url + ask.path, "--", ask.method]
    return [*command, *([str(body)] if body else []), *([ask.unique] if ask.unique else [])]


def read_figures(output: str) -> Load:
    """The figures that load.lua wrote into wrk's output. Raises LoadError when a request failed or none succeeded."""
    lines = [line for line in output.splitlines() if line.startswith("figures ")]
    if not lines:
        raise LoadError(f"wrk gave no figures:\n{output}")
    figures = json.loads(lines[-1].removeprefix("figures "))
    failed = {kind: count for kind, count in figures.pop("failed").items() if count}
    if failed or not figures["requests"]:
        raise LoadError(f"of {figures['requests']} requests some failed: {failed}")
    return Load(**figures)


def make_load(command: list[str]) -> Load:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise LoadError(f"wrk ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return read_figures(done.stdout)
