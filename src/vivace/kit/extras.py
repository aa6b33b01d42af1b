"""What a part says when the packages that it needs are not installed."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any


class MissingExtra(ImportError):
    """A part of the kit needs a package that is not installed."""


def import_extra(module: str, *, extra: str, needed_for: str) -> Any:
    """Import a module of an optional package.

    Raises:
        MissingExtra: it is not installed; the message names the extra to install.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        package = module.partition(".")[0]
        if error.name is None or error.name.partition(".")[0] != package:
            raise
        message = f"{needed_for} needs the package {package!r}. Install it with: pip install 'vivace[{extra}]'"
        raise MissingExtra(message, name=error.name) from None


def need(part: str, extra: str, *modules: str) -> None:
    """Check, before a part is imported, that the modules of its extra are there.

    Raises:
        MissingExtra: one is missing.
    """
    missing = [module for module in modules if find_spec(module) is None]
    if missing:
        raise MissingExtra(f"vivace.kit.{part} needs {', '.join(missing)}: pip install 'vivace[{extra}]'")
