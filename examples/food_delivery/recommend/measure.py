"""How long a recommendation takes: `python -m examples.food_delivery.recommend.measure`."""

from __future__ import annotations

import asyncio
import itertools
import random
import statistics
import time
from collections.abc import Awaitable, Callable

from .recommender import Dish, Recommendation, Recommender

DISHES, ASKED = 500, 500

KINDS = ["curry", "soup", "pizza", "salad", "noodles", "burger", "taco", "stew", "rice bowl", "dumplings"]
MAIN = ["chicken", "tofu", "beef", "shrimp", "mushroom", "lamb", "chickpea", "salmon", "pork", "spinach"]
WAYS = ["with coconut and lime", "with chili and garlic", "in tomato sauce", "with basil", "from the grill"]
WISHES = ["something hot with noodles", "light and green", "comfort food for a cold day", "fish, not fried", "no meat"]

Ask = Callable[[Recommender], Awaitable[list[Recommendation]]]


def menu() -> list[Dish]:
    names = itertools.islice(itertools.product(KINDS, MAIN, WAYS), DISHES)
    return [Dish(number, f"{main} {kind}", way, orders=number) for number, (kind, main, way) in enumerate(names)]


def asks(draw: random.Random) -> dict[str, Ask]:
    """Each kind of customer, drawn anew at every call."""

    def history() -> list[int]:
        return draw.choices(range(DISHES), k=20)

    def words() -> str:
        return f"{draw.choice(WISHES)}, {draw.choice(MAIN)}"

    return {
        "nothing known": lambda recommender: recommender.recommend(),
        "20 orders": lambda recommender: recommender.recommend(history()),
        "words": lambda recommender: recommender.recommend(words=words()),
        "20 orders and words": lambda recommender: recommender.recommend(history(), words()),
    }


async def seconds(ask: Ask, recommender: Recommender) -> float:
    start = time.perf_counter()
    await ask(recommender)
    return time.perf_counter() - start


async def main() -> None:
    recommender = Recommender()
    start = time.perf_counter()
    await recommender.load(menu())
    print(f"loading the model and {DISHES} dishes: {time.perf_counter() - start:.1f} s")
    for name, ask in asks(random.Random(0)).items():
        taken = [await seconds(ask, recommender) for _ in range(ASKED)]
        cuts = statistics.quantiles(taken, n=100)
        print(f"{name}, one at a time: median {cuts[49] * 1e3:.2f} ms, p95 {cuts[94] * 1e3:.2f} ms")
        together = await asyncio.gather(*(seconds(ask, recommender) for _ in range(16)))
        print(f"{name}, 16 at once: the last after {max(together) * 1e3:.1f} ms")
    recommender.close()


if __name__ == "__main__":
    asyncio.run(main())
