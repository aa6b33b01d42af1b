"""One package's tests on each side: where they are unpacked, what pytest is told, what came of it."""

from __future__ import annotations

import fnmatch
import os
import re
import shutil
import tempfile
from pathlib import Path

from tests.conformance import alias, sdist, shards
from tests.conformance.outcomes import Outcomes, read
from tests.ecosystem.packages import Package

SIDES = ("fastapi", "asgi", "wire")  # FastAPI itself; Vivace by its doors
_PLUGINS = Path(__file__).parent / "plugin"


def test_files(package: Package, files: sdist.Files) -> list[str]:
    """The test files to run, by their path in the distribution.

    Raises:
        SystemExit: there are none.
    """
    found = [
        path
        for path in sorted(files)
        if re.fullmatch(r"test_.*\.py|.*_test\.py", path.rpartition("/")[2])
        and any(fnmatch.fnmatchcase(path, glob) for glob in package.tests)
        and not any(fnmatch.fnmatchcase(path, glob) for glob in package.left_out)
    ]
    if not found:
        raise SystemExit(f"{package.pin}: none of the distribution's files is a test file by {package.tests}")
    return found


def run(package: Package, python: str, timeout: float, keep: bool) -> dict[str, tuple[Outcomes, bool]]:
    """What the tests gave on each side, and whether all of them were run within `timeout` seconds."""
    files = sdist.read(sdist.download(package.name, package.version, package.sha256))
    paths = test_files(package, files)
    top = Path(tempfile.mkdtemp(prefix=f"vivace-ecosystem-{package.name}-"))
    try:
        parts = {side: _shard(package, files, paths, python, side, top / side) for side in SIDES}
        for side, part in parts.items():
            alias.check(part.folder, part.env, python, "fastapi" if side == "fastapi" else "vivace", tools="pytest")
        shards.run(list(parts.values()), top / "pytest.log", timeout)
    finally:
        if not keep:
            shutil.rmtree(top, ignore_errors=True)
    if keep:
        print(f"working folders and pytest's output: {top}")
    return {side: (read(part.rows), part.finished) for side, part in parts.items()}


def _shard(
    package: Package, files: sdist.Files, paths: list[str], python: str, side: str, folder: Path
) -> shards.Shard:
    """All of a side's tests as one process, in an unpacked distribution of its own."""
    for name, data in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    under_test = "fastapi" if side == "fastapi" else "vivace"
    env = alias.environment(folder, python, under_test, "wire" if side == "wire" else "asgi")
    command = [python, "-m", "pytest", "-p", "no:cacheprovider", "-p", "conformance_recorder"]
    if side == "wire":
        env["PYTHONPATH"] += os.pathsep + str(_PLUGINS)
        command += ["-p", "ecosystem_clients"]
    # The packages' own options ask for coverage, for one; what a package needs of them is in the table.
    command += ["-o", "addopts=", "-q", "--tb=short"]
    command += ["--continue-on-collection-errors", "--timeout=60", *package.options]
    return shards.Shard(folder, paths, command, env)
