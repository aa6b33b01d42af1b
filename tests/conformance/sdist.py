"""The suite itself: FastAPI's source distribution from PyPI, checked, and its tests laid out in a folder.

The `fastapi/` folder of the distribution is never written to disk.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path

VERSION = "0.163.2"
SHA256 = "e605c4c9b94be78b43aa8239a62ccf7b6684346cdc9e053633feab0ab21b87c7"

_KEEP = ("tests/", "docs_src/", "docs/en/docs/img/favicon.png", "pyproject.toml")
# Sections of the suite's pyproject.toml that its run needs.
_KEEP_SECTIONS = ("tool.pytest", "tool.coverage.run", "tool.inline-snapshot")
# Tests of FastAPI's release and translation scripts, not of the package.
_LEFT_OUT = ("tests/test_prepare_release.py", "tests/test_translate.py")

Files = dict[str, bytes]


def cache() -> Path:
    """Where the distribution is kept from run to run: outside any checkout."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "vivace-conformance"


def fetch() -> Path:
    """The archive of FastAPI's distribution."""
    return download("fastapi", VERSION, SHA256)


def download(name: str, version: str, sha256: str) -> Path:
    """The archive of a package's source distribution, downloaded once and checked every time.

    Raises:
        SystemExit: it is not the archive that was pinned.
    """
    folder = cache()
    path = folder / f"{name.replace('-', '_')}-{version}.tar.gz"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        # Not `:all:`: what builds the package's metadata may be a wheel.
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", name]
        subprocess.run([*pip, f"{name}=={version}", "--dest", str(folder)], check=True, timeout=600)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != sha256:
        raise SystemExit(f"{path} has sha256 {digest}, expected {sha256}: remove it and run again")
    return path


def read(archive: Path) -> Files:
    """Every regular file of the archive, by its path below the top folder."""
    files = {}
    with tarfile.open(archive) as tar:
        for member in tar:
            name = member.name.partition("/")[2]
            content = tar.extractfile(member) if member.isfile() else None
            if name and content is not None and ".." not in name.split("/"):
                files[name] = content.read()
    return files


def test_files(files: Files) -> list[str]:
    return sorted(name for name in files if re.fullmatch(r"tests/(.*/)?test_[^/]*\.py", name) and name not in _LEFT_OUT)


def lay_out(files: Files, folder: Path) -> None:
    """Write what a run needs below `folder`."""
    for name, data in files.items():
        if not name.startswith(_KEEP) or name in _LEFT_OUT:
            continue
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(_settings(data.decode()).encode() if name == "pyproject.toml" else data)


def _settings(pyproject: str) -> str:
    """The sections of the suite's pyproject.toml that its run needs."""
    kept, keep = [], False
    for line in pyproject.splitlines():
        header = re.match(r"\[+([^\]]+)\]+\s*$", line)
        if header:
            keep = header[1].startswith(_KEEP_SECTIONS)
        if keep:
            kept.append(line)
    return "\n".join(kept) + "\n"
