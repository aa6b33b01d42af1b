"""The environment of a test process in which `import fastapi` means the package under test."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.conformance.sdist import VERSION

ALIAS = "fastapi"
SHIM = Path(__file__).parent / "shim"

# Settings of the caller's own tools and telemetry that would change what the suite sees.
_DROPPED = ("PYTEST_", "OTEL_", "FASTAPI_", "LOGFIRE_", "SENTRY_", "COVERAGE_", "PYTHON", "VIVACE_", "CONFORMANCE_")
_TOOLS = "import pytest, pytest_timeout, inline_snapshot, dirty_equals, trio"


def environment(folder: Path, python: str, package: str, door: str) -> dict[str, str]:
    """The environment variables for the interpreter `python` with `folder` as its working folder.

    The shim's `sitecustomize` reads CONFORMANCE_PACKAGE, so that processes started by a test are redirected too. For
    the genuine package there is nothing to redirect. VIVACE_DOOR chooses the door that `TestClient` goes through.
    """
    env = {name: value for name, value in os.environ.items() if not name.startswith(_DROPPED)}
    env["PATH"] = str(Path(python).parent) + os.pathsep + env.get("PATH", os.defpath)
    env["PYTHONPATH"] = os.pathsep.join([str(SHIM), str(folder / "_metadata")])
    env["CONFORMANCE_OUT"] = str(folder / "_out")
    env["VIVACE_DOOR"] = door
    if package != ALIAS:
        env["CONFORMANCE_PACKAGE"] = package
        _write_metadata(folder / "_metadata")
    return env


def _write_metadata(folder: Path) -> None:
    """Instrumentation packages ask the installed metadata whether fastapi is there, and which version."""
    info = folder / f"{ALIAS}-{VERSION}.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {ALIAS}\nVersion: {VERSION}\n")


def check(folder: Path, env: dict[str, str], python: str, package: str) -> None:
    """Stop with the reason when the test tools are missing or the package can't be imported under the alias."""
    same = f"import {ALIAS}, {package}, sys; assert sys.modules[{ALIAS!r}] is sys.modules[{package!r}]"
    for code, advice in ((_TOOLS, "install requirements.txt there"), (same, f"{package} must be importable")):
        run = subprocess.run(
            [python, "-c", code], cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False
        )
        if run.returncode:
            last = (run.stderr.strip().splitlines() or [f"exit status {run.returncode}"])[-1]
            raise SystemExit(f"{python}: {last} ({advice})")
