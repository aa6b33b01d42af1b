"""The environment of a test process in which `import fastapi` means the package under test."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

_HERE = Path(__file__).parent

# Settings of the caller's own tools and telemetry that would change what the suite sees.
_DROPPED = ("PYTEST_", "OTEL_", "FASTAPI_", "LOGFIRE_", "SENTRY_", "COVERAGE_", "PYTHON", "VIVACE_", "CONFORMANCE_")
_TOOLS = "pytest, pytest_timeout, inline_snapshot, dirty_equals, trio"


def environment(folder: Path, python: str, package: str, door: str) -> dict[str, str]:
    """The environment variables for the interpreter `python` with `folder` as its working folder.

    For the genuine package (`fastapi`) nothing is redirected. VIVACE_DOOR chooses `TestClient`'s door.
    """
    env = {name: value for name, value in os.environ.items() if not name.startswith(_DROPPED)}
    env["PATH"] = str(Path(python).parent) + os.pathsep + env.get("PATH", os.defpath)
    shims = ["plugin"] if package == "fastapi" else ["plugin", "redirect"]
    env["PYTHONPATH"] = os.pathsep.join(str(_HERE / shim) for shim in shims)
    env["CONFORMANCE_OUT"] = str(folder / "_out")
    env["CONFORMANCE_PACKAGE"] = package
    env["VIVACE_DOOR"] = door
    return env


def check(folder: Path, env: dict[str, str], python: str, package: str, tools: str = _TOOLS) -> None:
    """Stop with the reason when the test tools are missing or the package can't be imported under the alias."""
    same = f"import {package}, fastapi, sys; assert sys.modules['fastapi'] is sys.modules[{package!r}]"
    for code, advice in (
        (f"import {tools}", "install requirements.txt there"),
        (same, f"{package} must be importable"),
    ):
        run = subprocess.run(
            [python, "-c", code], cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False
        )
        if run.returncode:
            last = (run.stderr.strip().splitlines() or [f"exit status {run.returncode}"])[-1]
            raise SystemExit(f"{python}: {last} ({advice})")
