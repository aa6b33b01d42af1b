"""The dishes of a menu as rows of one matrix, and those nearest to a taste. Needs numpy; knows of no model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .embedding import Vectors

REMEMBERED = 50
"""Orders of a customer that are looked at: the latest ones."""
FADING = 0.9
"""What an order counts beside the one after it."""
WORDS = 2.0
"""What the customer's words count beside all that was ordered before: they say what is wanted now."""


class Nearest:
    def __init__(self, ids: Sequence[int], vectors: Vectors) -> None:
        self._ids = np.asarray(ids, dtype=np.int64)
        self._vectors = vectors
        self._rows = {identity: row for row, identity in enumerate(ids)}

    def find(self, history: Sequence[int], words: Vectors | None, limit: int) -> list[tuple[int, float]]:
        """At most `limit` dishes that are not in `history`, the nearest first, each with its cosine (-1 to 1).

        Empty where there is nothing to go by: no words, and no dish of `history` on the menu.

        Args:
            history: ids of dishes, the latest last; those that have left the menu are passed over.
            words: what the customer said, as a vector of length 1.
            limit: at least 1.
        """
        known = [self._rows[identity] for identity in history if identity in self._rows]
        taste = self._taste(known[-REMEMBERED:], words)
        if taste is None:
            return []
        cosines = self._vectors @ taste
        cosines[known] = -np.inf
        number = min(limit, len(cosines) - len(set(known)))
        if number < 1:
            return []
        best = np.argpartition(-cosines, number - 1)[:number]
        best = best[np.lexsort((self._ids[best], -cosines[best]))]
        return list(zip(self._ids[best].tolist(), cosines[best].tolist(), strict=True))

    def _taste(self, rows: list[int], words: Vectors | None) -> Vectors | None:
        """The direction to look in, of length 1."""
        parts: list[Vectors] = []
        if rows:
            weights = np.power(np.float32(FADING), np.arange(len(rows) - 1, -1, -1, dtype=np.float32))
            parts.append(_unit(weights @ self._vectors[rows]))
        if words is not None:
            parts.append(np.float32(WORDS) * words)
        return _unit(np.sum(parts, axis=0)) if parts else None


def _unit(vector: Vectors) -> Vectors:
    length = np.float32(np.linalg.norm(vector))
    return vector / length if length else vector
