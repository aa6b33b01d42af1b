"""Suggestions: what the model likes for somebody, and can be had. Without its extra: what others order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest

from examples.food_delivery.recommend import Recommendation
from tests.examples.food_delivery.city import CUSTOMER, OTHER_CUSTOMER, RESTAURANT, City


def learnt(city: City) -> None:
    city.run(city.services.suggestions.learn)


def test_what_others_order_most_comes_first(city: City) -> None:
    city.order(0, 0, 3)
    city.order(1)
    learnt(city)
    menu = city.menu()
    found = city.get(OTHER_CUSTOMER, "/recommend?limit=4").json()
    assert [item["dish"]["id"] for item in found[:2]] == [menu[2].id, menu[0].id]
    assert found[0]["reason"] == "Ordered 3 times"
    assert len(found) == 4
    assert menu[2].id not in [item["dish"]["id"] for item in city.get(CUSTOMER, "/recommend?limit=50").json()]


def test_before_anything_was_ordered_there_are_suggestions_too(city: City) -> None:
    found = city.get(CUSTOMER, "/recommend").json()
    assert [item["reason"] for item in found] == ["Well rated"] * 8
    assert max(Counter(item["restaurant"] for item in found).values()) == 2


def test_words_narrow_it_down(city: City) -> None:
    found = city.get(CUSTOMER, "/recommend", params={"words": "vegan curry"}).json()
    assert [item["dish"]["name"] for item in found] == []
    found = city.get(CUSTOMER, "/recommend", params={"words": "levantine vegan"}).json()
    assert {item["dish"]["name"] for item in found} == {"Falafel Wrap", "Tabbouleh"}


def test_words_have_a_length(city: City) -> None:
    assert city.get(CUSTOMER, "/recommend", params={"words": "x" * 201}).status_code == 422


def test_what_is_sold_out_is_not_suggested(city: City) -> None:
    city.order(0, 0, 3)
    learnt(city)
    dish = city.menu()[2]
    city.client.patch(f"/kitchen/dishes/{dish.id}", json={"stock": 0}, headers=city.login(RESTAURANT))
    assert dish.id not in [item["dish"]["id"] for item in city.get(OTHER_CUSTOMER, "/recommend").json()]


class Tasting:
    """A model that likes one dish, and remembers what it was asked."""

    def __init__(self, dish_id: int) -> None:
        self.dish_id = dish_id
        self.asked: list[tuple[list[int], str]] = []

    async def recommend(self, history: Sequence[int], words: str, *, limit: int) -> list[Recommendation]:
        self.asked.append((list(history), words))
        return [Recommendation(self.dish_id, 0.9, "taste")]


def test_the_model_gets_ones_orders_and_words_and_is_believed(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    city.order(1)
    city.order(0, 1)
    menu = city.menu()
    model = Tasting(menu[3].id)
    monkeypatch.setattr(city.services.suggestions, "_recommender", model)
    for words, reason in (("", "Like what you ordered"), ("something hot", "Sounds like what you said")):
        [found] = city.get(CUSTOMER, "/recommend", params={"words": words}).json()
        assert (found["dish"]["id"], found["reason"]) == (menu[3].id, reason)
    assert model.asked == [([menu[0].id, menu[1].id], words) for words in ("", "something hot")]
