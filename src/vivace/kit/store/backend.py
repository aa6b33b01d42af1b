"""What a store asks of the thing that holds its entries."""

from __future__ import annotations

from typing import Any

from vivace.kit.store.step import Arg, Step


class Backend:
    """What holds the entries. Keys are bytes, complete and checked; times are microseconds.

    Every method raises `StoreUnavailable` when it can't answer; `StoreError` when the server refuses what it was asked.
    """

    url: str  # without credentials: for messages

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
