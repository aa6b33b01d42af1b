"""What a store asks of the thing that holds its entries."""

from __future__ import annotations

from typing import Any, TypeVar

from vivace.kit.store.step import Arg, Step

R = TypeVar("R")


class Backend:
    """What holds the entries. Keys are bytes, complete and checked; times are microseconds.

    Every method raises `StoreUnavailable` when it can't answer; `StoreError` when the server refuses what it was asked.
    """

    url: str  # without credentials: for messages
    is_here = False  # whether the entries are in this process, and `get_now` and `run_now` answer

    def get_now(self, keys: list[bytes]) -> list[bytes | None] | None:  # noqa: ARG002
        """The same as `get` without waiting; None where that can't be: the entries are not in this process."""
        return None

    def run_now(self, step: Step[R], key: bytes, args: tuple[Arg, ...]) -> R:
        """The same as `run` without waiting: only where `is_here`."""
        raise NotImplementedError

    async def get(self, keys: list[bytes]) -> list[bytes | None]:
        raise NotImplementedError

    async def set(self, key: bytes, value: bytes, ttl: int | None) -> None:
        raise NotImplementedError

    async def delete(self, key: bytes) -> bool:
        raise NotImplementedError

    async def run(self, step: Step[Any], key: bytes, args: tuple[Arg, ...]) -> Any:
        raise NotImplementedError

    async def clear(self, prefixes: list[bytes]) -> None:
        raise NotImplementedError

    async def aclose(self) -> None:
        raise NotImplementedError
