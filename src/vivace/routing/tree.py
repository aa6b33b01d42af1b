"""The tree of routers is live: routes may come, and go, at any time. This is how an index knows that it has.

Every list of routes counts its changes, and all lists share one epoch: as long as the epoch stands, nothing has changed
anywhere, and a request pays for no more than one comparison.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from starlette.routing import BaseRoute


class Epoch:
    """The number of changes to all route lists of the process."""

    __slots__ = ("now",)

    def __init__(self) -> None:
        self.now = 0


EPOCH = Epoch()


def _counted(name: str) -> Any:
    method: Callable[..., Any] = getattr(list, name)

    def change(self: Routes, *args: Any, **kwargs: Any) -> Any:
        result = method(self, *args, **kwargs)
        self.version += 1
        EPOCH.now += 1
        return self if name == "__iadd__" else result

    change.__name__ = name
    return change


class Routes(list[BaseRoute]):
    """A list of routes that counts its changes in `version`."""

    def __init__(self, routes: Iterable[BaseRoute] = ()) -> None:
        super().__init__(routes)
        self.version = 0
        EPOCH.now += 1

    append = _counted("append")
    extend = _counted("extend")
    insert = _counted("insert")
    remove = _counted("remove")
    pop = _counted("pop")
    clear = _counted("clear")
    sort = _counted("sort")
    reverse = _counted("reverse")
    __setitem__ = _counted("__setitem__")
    __delitem__ = _counted("__delitem__")
    __iadd__ = _counted("__iadd__")


