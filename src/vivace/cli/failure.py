"""What went wrong, as the user is told: what, where in their own files, and what mends it."""

from __future__ import annotations

import sysconfig
import traceback
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from rich.console import Console

_PACKAGE = Path(__file__).parent.parent
_STDLIB = tuple(Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "platstdlib"))


class Failure(Exception):
    """Ends the command with one message. `lines` stand below it, then `mend`: what to do next."""

    def __init__(self, message: str, *, lines: list[str] | None = None, mend: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.lines = lines or []
        self.mend = mend


def report(failure: Failure, *, stderr: bool = True) -> None:
    console = Console(stderr=stderr, soft_wrap=True, highlight=False, markup=False)
    console.print("Error:", style="bold red", end=" ")
    console.print(failure.message)
    for line in failure.lines:
        console.print("  " + line)
    if failure.mend:
        console.print("To mend it:", style="bold", end=" ")
        console.print(failure.mend)


def cannot_import(what: str, error: BaseException) -> Failure:
    """An exception raised by the user's own code while it was imported or called."""
    *where, told = traceback.format_exception_only(error)
    lines = [line.rstrip("\n").removeprefix("  ") for line in where]
    return Failure(f"{what} can't be imported: {told.strip()}", lines=[*own_frames(error), *lines], mend=_mend(error))


def own_frames(error: BaseException) -> list[str]:
    """The frames in the user's files, the innermost last: place, function and line of code."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if _is_users(Path(frame.filename))]
    return [f"{shown(Path(f.filename))}:{f.lineno}, in {f.name}: {f.line}" for f in frames]


def _is_users(file: Path) -> bool:
    if file.name.startswith("<"):
        return False
    file = file.resolve()
    if _PACKAGE in file.parents or "site-packages" in file.parts:
        return False
    return not any(folder in file.parents for folder in _STDLIB)


def shown(path: Path) -> str:
    """Relative to the working folder where it is below it."""
    path = path.resolve()
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _mend(error: BaseException) -> str | None:
    if isinstance(error, ModuleNotFoundError) and error.name:
        return _mend_missing(error.name.partition(".")[0])
    if isinstance(error, ImportError) and "no known parent package" in str(error):
        return "put an __init__.py beside the file, so that it is imported as part of a package"
    return None


def _mend_missing(module: str) -> str:
    if module == "fastapi":
        return "add --as-fastapi, or import from `vivace` instead of `fastapi`"
    if module in extra_modules():
        return "pip install 'vivace[standard]'"
    if Path(module).is_dir() or Path(module + ".py").is_file():
        return f"`{module}` is in this folder: start where the imports begin, or name that folder in PYTHONPATH"
    return f"install the package that has `{module}` (pip install ...), or correct the import"


def extra_modules() -> set[str]:
    """The import names of what the extra `standard` installs."""
    try:
        wanted = [line for line in requires("vivace") or [] if "extra == 'standard'" in line.replace('"', "'")]
    except PackageNotFoundError:
        return set()
    names = {line.partition(";")[0].strip() for line in wanted}
    plain = {"".join(c if c.isalnum() or c in "-_" else " " for c in name).split()[0] for name in names}
    return {name.replace("-", "_") for name in plain} | ({"yaml"} if "pyyaml" in plain else set())
