"""What a part says when its extra is not installed: one line, with the command that mends it."""

from __future__ import annotations

from importlib.util import find_spec


def need(part: str, extra: str, *modules: str) -> None:
    """Check, before a part is imported, that the modules of its extra are there.

    Raises:
        ImportError: one is missing. (No `ModuleNotFoundError`: the module that was asked for, is there.)
    """
    missing = [module for module in modules if find_spec(module) is None]
    if missing:
        raise ImportError(f"vivace.kit.{part} needs {', '.join(missing)}: pip install 'vivace[{extra}]'")
