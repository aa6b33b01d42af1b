"""The tree of routers is live: routes may come, and go, at any time. This is how an index knows that it has.

Every list of routes has a version, and all lists share one epoch. Both are objects without content that a change
replaces by new ones: who still holds the same object knows that nothing has changed since, whatever other threads did.
As long as the epoch stands, a request pays for no more than this one comparison.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from starlette.routing import BaseRoute


class Epoch:
    """Which state all routes of the process are in: the lists of them, and the applications put in their places."""

    __slots__ = ("now",)

    def __init__(self) -> None:
        self.now = object()


EPOCH = Epoch()


def _noticed(name: str) -> Any:
    method: Callable[..., Any] = getattr(list, name)

    @wraps(method)
    def change(self: Routes, *args: Any, **kwargs: Any) -> Any:
        try:
            return method(self, *args, **kwargs)
        finally:
            self.changed()

    return change


class Routes(list[BaseRoute]):
    """A list of routes that replaces its `version` with each change."""

    version: object = None

    def __init__(self, routes: Iterable[BaseRoute] = ()) -> None:
        super().__init__(routes)
        self.changed()

    def changed(self) -> None:
        """Tell every index. In this order: who sees the new epoch must find the new version."""
        self.version = object()
        EPOCH.now = object()

    append = _noticed("append")
    extend = _noticed("extend")
    insert = _noticed("insert")
    remove = _noticed("remove")
    pop = _noticed("pop")
    clear = _noticed("clear")
    sort = _noticed("sort")
    reverse = _noticed("reverse")
    __setitem__ = _noticed("__setitem__")
    __delitem__ = _noticed("__delitem__")
    __iadd__ = _noticed("__iadd__")
    __imul__ = _noticed("__imul__")
