"""What to recommend to a customer: dishes like those ordered and asked for, or else the popular ones.

    recommender = Recommender()
    await recommender.load(dishes)      # in the lifespan; again whenever the menu has changed
    await recommender.recommend(history=[3, 17], words="something hot with noodles")
    recommender.close()

The model blocks while it computes, so it has threads of its own: recommendations never stand in the way of the event
loop, nor take the threads of endpoints.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Literal, TypeVar

from .embedding import Embedder, load_embedder
from .said import Said

if TYPE_CHECKING:
    from .embedding import Vectors
    from .nearest import Nearest

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Dish:
    id: int
    name: str
    description: str = ""
    orders: int = 0
    """How often it has been ordered, by anybody."""

    @property
    def text(self) -> str:
        return f"{self.name}: {self.description}" if self.description else self.name


@dataclass(frozen=True, slots=True)
class Recommendation:
    dish_id: int
    score: float
    """By taste: the cosine, -1 to 1. By popularity: orders beside those of the most popular dish, 0 to 1."""
    by: Literal["taste", "popularity"]


@dataclass(frozen=True, slots=True)
class _Menu:
    """What is known of the dishes. Never changed, only replaced, so that threads may read it."""

    popular: tuple[Recommendation, ...]
    nearest: Nearest | None = None


class Recommender:
    """Recommends dishes of the menu that was loaded last.

    Args:
        threads: how many recommendations are computed at a time; more wait.
        embedder: makes the model, in one of those threads; None from it: by popularity only.
        said: what customers have said before.
    """

    def __init__(
        self,
        *,
        threads: int = 2,
        embedder: Callable[[], Embedder | None] = load_embedder,
        said: Said | None = None,
    ) -> None:
        self._wanted = threads
        self._threads: ThreadPoolExecutor | None = None
        self._make_embedder = embedder
        self._embedder: Embedder | None = None
        self._made = False
        self._loading = asyncio.Lock()
        self._menu: _Menu | None = None
        self._read_before: dict[str, Vectors] = {}  # dishes of the menu, which is loaded again and again
        self._said = said or Said()

    async def load(self, dishes: Iterable[Dish]) -> None:
        """Take these dishes as the menu. Until it is done, those loaded before are recommended."""
        found = list(dishes)
        async with self._loading:
            self._menu = await self._off_the_loop(lambda: self._read(found))

    async def recommend(self, history: Sequence[int] = (), words: str = "", *, limit: int = 10) -> list[Recommendation]:
        """At most `limit` dishes that are not in `history`, the best first.

        Args:
            history: ids of the dishes that the customer has ordered, the latest last. Unknown ones do no harm.
            words: what the customer feels like; empty for no wish. Bound its length where it is taken in: all of it
                is read, though only the first 256 tokens count.
            limit: at least 1.

        Raises:
            RuntimeError: `load` has not been awaited yet.
            ValueError: `limit` is below 1.
        """
        menu = self._menu
        if menu is None:
            raise RuntimeError("no menu to recommend from: await recommender.load(dishes) in the lifespan first")
        if limit < 1:
            raise ValueError(f"limit={limit}: ask for 1 dish or more")
        if menu.nearest and (history or words.strip()):
            nearest, words = menu.nearest, words.strip()
            said = await self._said.vector(words, lambda: self._read_words(words)) if words else None
            found = await self._off_the_loop(lambda: nearest.find(history, said, limit))
            if found:
                return [Recommendation(dish, score, "taste") for dish, score in found]
        ordered = set(history)
        return list(islice((popular for popular in menu.popular if popular.dish_id not in ordered), limit))

    def close(self) -> None:
        """End the threads. What waits for one is cancelled; whoever loads a menu after that begins anew."""
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
            self._threads = None

    async def _off_the_loop(self, work: Callable[[], T]) -> T:
        if self._threads is None:
            self._threads = ThreadPoolExecutor(self._wanted, thread_name_prefix="recommend")
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _read(self, dishes: list[Dish]) -> _Menu:
        if not self._made:
            self._embedder, self._made = self._make_embedder(), True
        popular = _by_popularity(dishes)
        if not (self._embedder and dishes):
            return _Menu(popular)
        import numpy as np

        from .nearest import Nearest

        new = [text for text in dict.fromkeys(one.text for one in dishes) if text not in self._read_before]
        if new:
            self._read_before |= dict(zip(new, self._embedder.embed(new), strict=True))
        self._read_before = {one.text: self._read_before[one.text] for one in dishes}
        vectors = np.stack([self._read_before[one.text] for one in dishes])
        return _Menu(popular, Nearest([dish.id for dish in dishes], vectors))

    async def _read_words(self, words: str) -> Vectors:
        assert self._embedder, "what is nearest is found with it"
        embed = self._embedder.embed
        return (await self._off_the_loop(lambda: embed([words])))[0]


def _by_popularity(dishes: list[Dish]) -> tuple[Recommendation, ...]:
    most = max((dish.orders for dish in dishes), default=0) or 1
    ordered = sorted(dishes, key=lambda dish: (-dish.orders, dish.id))
    return tuple(Recommendation(dish.id, dish.orders / most, "popularity") for dish in ordered)
