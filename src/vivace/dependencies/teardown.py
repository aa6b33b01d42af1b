"""What becomes of an asynchronous dependency with `yield`, step by step: for those who drive the generator themselves.

A compiled route does, because a context manager around the generator costs more than the dependency (1.3 us). Only when
something goes wrong is one made: the standard library knows all that a generator may do then.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Final, NoReturn

ENDED: Final = object()
"""Stands for the next value of a generator that has none."""


def entered(dependency: AsyncGenerator[Any, None]) -> AbstractAsyncContextManager[Any, bool | None]:
    """The context manager of a generator that has yielded its value already: only to be left."""
    return asynccontextmanager(lambda: dependency)()


def did_not_yield() -> NoReturn:
    raise RuntimeError("generator didn't yield")


async def did_not_stop(dependency: AsyncGenerator[Any, None]) -> NoReturn:
    """A second `yield`: there is nobody to take what it gives."""
    await dependency.aclose()
    raise RuntimeError("generator didn't stop")
