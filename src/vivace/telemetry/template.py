"""The route of a request as one template, through mounts and routers."""

from __future__ import annotations

from typing import Any

from starlette.routing import Mount

# A mount's own template ends in the part of the path that is left to the mounted application.
_REST = "/{path}"


class Template:
    """Grows as routes are entered. `whole` is None as long as there was none."""

    __slots__ = ("prefix", "whole")

    def __init__(self, root_path: str) -> None:
        self.prefix = root_path
        self.whole: str | None = None

    def enter(self, route: Any) -> None:
        """Add a route as it is through its routers; what has no path of its own (hosts, routers) adds nothing.

        A mount stands for all that is below it until a route inside is entered.
        """
        path = getattr(route, "path_format", None)
        if path is None:
            return
        self.whole = whole = self.prefix + path
        if isinstance(getattr(route, "acting_route", route), Mount):
            self.prefix = whole.removesuffix(_REST)
