"""Fetch the files of the documentation pages from npm into src/vivace/openapi/assets, where they are committed.

    python scripts/vendor_docs_assets.py            fetch, check, write
    python scripts/vendor_docs_assets.py --check    fetch, check, and compare with what is there

To move to a new version: change it in vivace/openapi/assets/__init__.py, put the new integrity here (what
`npm view <package>@<version> dist.integrity` says), run, and remove the old folder. Needs npm.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from vivace.openapi.assets import FOLDER, REDOC, SWAGGER_UI


@dataclass(frozen=True)
class Package:
    """One npm package, and what is taken from it.

    Attributes:
        spec: name@version.
        integrity: of its tarball, as npm states it.
        files: paths inside the package.
        replacements: by file name: what is put in the place of what, exactly once.
    """

    spec: str
    integrity: str
    files: tuple[str, ...]
    replacements: dict[str, tuple[bytes, bytes]] = field(default_factory=dict)


PACKAGES = (
    Package(
        SWAGGER_UI,
        "sha512-U06rpMtW9V3XPGOBeamTUSr0Z09jMX4IJuANpE/EZbAhw0G8CgwrzU4YmXkn/h0wCDNsXdGarTNNHC3sU8yVUQ==",
        (
            "swagger-ui-bundle.js",
            "swagger-ui.css",
            "oauth2-redirect.js",
            "LICENSE",
            "NOTICE",
            "swagger-ui-bundle.js.LICENSE.txt",
        ),
    ),
    Package(
        REDOC,
        "sha512-M6jWhG1qoBnH6TFmzJnstyCZ87HmOY/UzDm78mHiYihEdlV/YcS9ogOo1NlElnJMeLsyxHFe2yFc4sNjHTrABQ==",
        ("bundles/redoc.standalone.js", "LICENSE", "bundles/redoc.standalone.js.LICENSE.txt"),
        # The maker's logo would be fetched from the maker's server. Redoc leaves out a logo that can't be loaded.
        {"redoc.standalone.js": (b"https://cdn.redoc.ly/redoc/logo-mini.svg", b"data:,")},
    ),
)


def fetch(package: Package, into: Path) -> Path:
    """The package's tarball, once its checksum is found right."""
    command = ["npm", "pack", package.spec, "--pack-destination", str(into), "--silent"]
    name = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip().splitlines()[-1]
    digest = hashlib.sha512((into / name).read_bytes()).digest()
    found = "sha512-" + base64.b64encode(digest).decode()
    if found != package.integrity:
        sys.exit(f"{package.spec}: the tarball's integrity is {found}, pinned is {package.integrity}")
    return into / name


def contents(package: Package, tarball: Path) -> dict[Path, bytes]:
    """What is to be written, by path."""
    found: dict[Path, bytes] = {}
    with tarfile.open(tarball) as archive:
        for member in package.files:
            stream = archive.extractfile(f"package/{member}")
            assert stream is not None
            name = Path(member).name
            found[FOLDER / package.spec / name] = replaced(package, name, stream.read())
    return found


def replaced(package: Package, name: str, content: bytes) -> bytes:
    if name not in package.replacements:
        return content
    old, new = package.replacements[name]
    if content.count(old) != 1:
        sys.exit(f"{package.spec}/{name}: {old!r} stands there {content.count(old)} times, expected once")
    return content.replace(old, new)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare only")
    check = parser.parse_args().check
    with tempfile.TemporaryDirectory() as folder:
        for package in PACKAGES:
            for path, content in contents(package, fetch(package, Path(folder))).items():
                if not check:
                    path.parent.mkdir(exist_ok=True)
                    path.write_bytes(content)
                elif not path.exists() or path.read_bytes() != content:
                    sys.exit(f"{path} is not what {package.spec} holds")
    print("as pinned" if check else f"written to {FOLDER}")


if __name__ == "__main__":
    main()
