"""What customers have said, as vectors: read once for all processes, since many say the same."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from vivace.kit.store import Store, StoreUnavailable

if TYPE_CHECKING:
    from .embedding import Vectors

_REMEMBERED = 1000  # in this process; a vector takes 1.5 kB
_KEPT = 7 * 86400.0  # seconds in the store
_MODEL = "all-MiniLM-L6-v2"


class Said:
    """Vectors by their words, in this process and in the store. Without a store that answers, they are read again."""

    def __init__(self, store: Store | None = None) -> None:
        self._store = None if store is None else store.namespace("said")
        self._here: dict[str, Vectors] = {}

    async def vector(self, words: str, read: Callable[[], Awaitable[Vectors]]) -> Vectors:
        """What these words are as a vector; `read` makes it if nobody has."""
        vector = self._here.get(words)
        if vector is None:
            vector = await self._shared(words, read)
            if len(self._here) >= _REMEMBERED:
                self._here.clear()
            self._here[words] = vector
        return vector

    async def _shared(self, words: str, read: Callable[[], Awaitable[Vectors]]) -> Vectors:
        if self._store is None:
            return await read()
        import numpy as np

        key = f"{_MODEL}|{words}"
        try:
            if (kept := await self._store.get(key)) is not None:
                return np.frombuffer(kept, dtype=np.float32)
            vector = await read()
            await self._store.set(key, vector.astype(np.float32).tobytes(), ttl=_KEPT)
        except StoreUnavailable:
            return await read()
        return vector
