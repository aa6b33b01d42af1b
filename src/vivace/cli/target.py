"""From what the user named to the module that has the application, without importing anything.

    path/to/app.py          the module that this file is, in the package around it if there is one
    path/to/app.py:name     the same, and the name of the application in it
    package.module:name     as an import statement would find it from here
    folder                  the package itself, or the usual files in it
    (nothing)               `entrypoint` in pyproject.toml, else the usual files here and in app/

The usual files are main.py, app.py and api.py.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vivace.cli.failure import Failure, shown

_USUAL = ("main.py", "app.py", "api.py")
_DOTTED = r"[^\W\d]\w*(?:\.[^\W\d]\w*)*"
_ENTRYPOINT = re.compile(rf"(?P<module>{_DOTTED}):(?P<name>{_DOTTED})")


@dataclass(frozen=True)
class Target:
    """Where an application is: the first of `modules` that has one, imported with `root` on `sys.path`.

    `name` None: it is looked for in the module.
    """

    modules: tuple[str, ...]
    root: Path
    name: str | None = None
    files: tuple[Path, ...] = ()  # what `modules` must turn out to be; empty where an import string was given
    as_fastapi: bool = False
    factory: bool = False

    def __str__(self) -> str:
        return f"{self.modules[0]}:{self.name or 'app'}"


def find_target(named: str | None, name: str | None = None, entrypoint: str | None = None) -> Target:
    """The target for the arguments TARGET, --app and --entrypoint.

    Raises:
        Failure: there is no such file, or the arguments contradict each other.
    """
    if entrypoint is not None:
        if named is not None or name is not None:
            raise Failure("--entrypoint says all: it can't be combined with a target or with --app")
        return _by_import(entrypoint, "--entrypoint")
    if named is None:
        return _from_pyproject(Path("pyproject.toml"), name) or _usual(name)
    if ":" in named and not Path(named).exists():
        return _with_name(named, name)
    return _by_path(Path(named), name)


def _with_name(named: str, name: str | None) -> Target:
    if name is not None:
        raise Failure(f"{named} names the application already: --app can't name another")
    file, _, attribute = named.rpartition(":")
    if file.endswith(".py"):
        return _by_path(Path(file), attribute)
    return _by_import(named, "TARGET")


def _by_import(text: str, where: str) -> Target:
    match = _ENTRYPOINT.fullmatch(text)
    if match is None:
        raise Failure(f"{where} is {text!r}: it has to be like `package.module:app`")
    return Target((match["module"],), Path.cwd(), match["name"])


def _by_path(path: Path, name: str | None) -> Target:
    if path.is_dir():
        return _in_folder(path, name)
    if not path.is_file():
        raise Failure(f"Path does not exist {path}", mend=_alike(path))
    module, root = _module_of(path)
    return Target((module,), root, name, (path.resolve(),))


def _in_folder(folder: Path, name: str | None) -> Target:
    """A package may have the application itself; else one of the usual files has it."""
    files = [folder / file for file in ("__init__.py", *_USUAL) if (folder / file).is_file()]
    if not files:
        raise Failure(f"{folder} has none of {', '.join(_USUAL)}", mend="name the file that has the application")
    if files[0].name != "__init__.py":
        del files[1:]
    modules = [_module_of(file) for file in files]
    return Target(tuple(m for m, _ in modules), modules[0][1], name, tuple(file.resolve() for file in files))


def _module_of(file: Path) -> tuple[str, Path]:
    """A file's name as a module, and the folder that it is imported from: the one around its outermost package."""
    file = file.resolve()
    parts = [] if file.stem == "__init__" else [file.stem]
    folder = file.parent
    while (folder / "__init__.py").is_file():
        parts.insert(0, folder.name)
        folder = folder.parent
    return ".".join(parts), folder


def _usual(name: str | None) -> Target:
    candidates = [Path(folder, file) for folder in (".", "app") for file in _USUAL]
    for candidate in candidates:
        if candidate.is_file():
            return _by_path(candidate, name)
    raise Failure(
        f"There is none of {', '.join(map(str, candidates))} here",
        mend="name the file: `vivace run path/to/file.py`, or set `entrypoint` under [tool.vivace] in pyproject.toml",
    )


def _from_pyproject(file: Path, name: str | None) -> Target | None:
    if name is not None or not file.is_file():
        return None
    try:
        tools: dict[str, Any] = tomllib.loads(file.read_text("utf-8")).get("tool", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Failure(f"{file} can't be read: {error}") from None
    for tool in ("vivace", "fastapi"):
        entrypoint = tools.get(tool, {}).get("entrypoint")
        if entrypoint is not None:
            return _by_import(str(entrypoint), f"entrypoint under [tool.{tool}] in {file}")
    return None


def _alike(path: Path) -> str | None:
    found = sorted(shown(file) for file in path.parent.glob("*.py")) if path.parent.is_dir() else []
    return f"there are {', '.join(found[:8])}" if found else None
