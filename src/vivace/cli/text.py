"""Plain text for people and for pipes: columns that are never wrapped, and names of things."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from vivace.cli.failure import shown
from vivace.dependencies.callables import unwrap


def console() -> Console:
    return Console(soft_wrap=True, highlight=False, markup=False)


def columns(rows: Iterable[Sequence[str]], indent: str = "") -> list[str]:
    """The rows as lines, each column as wide as its widest cell."""
    table = [list(row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return [indent + "  ".join(map(str.ljust, row, widths)).rstrip() for row in table]


def named(call: Any) -> str:
    """What a callable is called in its author's file."""
    name = getattr(unwrap(call), "__qualname__", None) or type(call).__qualname__
    return str(name).removeprefix("<locals>.")


def place(call: Any) -> str:
    """`file:line` of a callable's source; the module of one that is ours, or has none."""
    target = unwrap(call)
    target = target if inspect.isroutine(target) or inspect.isclass(target) else type(target)
    module = str(getattr(target, "__module__", ""))
    try:
        where = f"{shown(Path(inspect.getsourcefile(target) or ''))}:{inspect.getsourcelines(target)[1]}"
    except (OSError, TypeError):
        return module
    return module if module.partition(".")[0] == "vivace" else where


def type_name(annotation: Any) -> str:
    if inspect.isclass(annotation) and not getattr(annotation, "__args__", None):
        return annotation.__qualname__
    return str(annotation).replace("typing.", "").replace("typing_extensions.", "")
