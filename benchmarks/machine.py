"""What a run was made on and with: date, machine, versions. A figure without these means nothing."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import interpreter
from benchmarks.paths import REPOSITORY
from benchmarks.peers import FASTIFY_MODULES, Missing, find_go

PYTHON_PACKAGES = ("fastapi", "starlette", "pydantic", "pydantic-core", "uvicorn", "uvloop", "httptools")


def date_now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")


def describe_machine() -> dict[str, str]:
    return {
        "CPU": cpu_model(),
        "cores": str(os.cpu_count()),
        "memory": f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GiB",
        "system": f"{system_name()}, Linux {platform.release().partition('-')[0]}",
        "other load at the start": f"{os.getloadavg()[0]:.2f} (1-minute load average)",
    }


def cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        key, _, value = line.partition(":")
        if key.strip() == "model name":
            return value.strip()
    return platform.machine()


def system_name() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.system()


def describe_versions(further: Sequence[str] = ()) -> dict[str, str]:
    """Version of each program and package that has a part in the figures; what is not installed is left out.

    `further` are Python packages, beside those that are always named.
    """
    python = interpreter.choose()
    found = {
        "vivace": vivace_version(),
        "python": f"{python.version()} ({python.built})",
        **{name: package_version(name) for name in (*PYTHON_PACKAGES, *further)},
        "go": go_version(),
        "node": first_line(["node", "--version"]).removeprefix("v"),
        "fastify": fastify_version(),
        "wrk": first_line(["wrk", "-v"]).partition(" [")[0].removeprefix("wrk "),
    }
    return {name: version for name, version in found.items() if version}


def package_version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def vivace_version() -> str:
    commit = first_line(["git", "-C", str(REPOSITORY), "describe", "--always", "--dirty", "--exclude=*"])
    return f"{package_version('vivace')} (commit {commit})" if commit else package_version("vivace")


def go_version() -> str:
    """`go version go1.27.3 linux/amd64` -> `1.27.3`."""
    try:
        return first_line([find_go(), "version"]).removeprefix("go version go").partition(" ")[0]
    except Missing:
        return ""


def fastify_version() -> str:
    try:
        described = json.loads((FASTIFY_MODULES / "fastify" / "package.json").read_text())
    except FileNotFoundError:
        return ""
    return str(described["version"])


def first_line(command: list[str]) -> str:
    """The first line a command writes, to either stream; empty when it can't be run or fails silently."""
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True)
    except FileNotFoundError:
        return ""
    lines = (done.stdout or done.stderr).splitlines()
    return lines[0].strip() if lines else ""
