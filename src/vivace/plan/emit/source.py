"""The source of one function, growing line by line, and the objects that it names."""

from __future__ import annotations

from typing import Any

from pydantic_core import ValidationError
from starlette.responses import Response

# What `compile_plan` puts into the namespace: the general path, and who knows of overridden dependencies.
GIVEN = ("general", "provider")


class Source:
    """Lines at a depth, and a namespace."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.depth = 1
        self.namespace: dict[str, Any] = {"Response": Response, "ValidationError": ValidationError}
        self.namespace |= dict.fromkeys(GIVEN)

    def name(self, name: str, value: Any) -> str:
        """Make `value` known to the source under `name`, or a variation where that is taken by another."""
        while self.namespace.get(name, value) is not value:
            name += "_"
        self.namespace[name] = value
        return name

    def line(self, text: str) -> None:
        self.lines.append("    " * self.depth + text)

    def unless(self, condition: str) -> None:
        """Where the condition holds, the general path answers: it knows what to say."""
        self.line(f"if {condition}:")
        self.line("    return await general(x)")

    def or_general(self, attempt: str, refusals: str = "ValidationError") -> None:
        """An attempt which, refused, is left to the general path."""
        self.line("try:")
        self.line("    " + attempt)
        self.line(f"except {refusals}:")
        self.line("    return await general(x)")
