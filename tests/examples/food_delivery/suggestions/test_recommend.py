"""Suggestions, by popularity: what others order, and what can be had."""

from __future__ import annotations

from tests.examples.food_delivery.city import CUSTOMER, OTHER_CUSTOMER, RESTAURANT, City


def test_what_is_ordered_most_comes_first(city: City) -> None:
    city.order(0, 0, 3)
    city.order(1, email=OTHER_CUSTOMER)
    menu = city.menu()
    found = city.get(CUSTOMER, "/recommend?limit=4").json()
    assert [item["dish"]["id"] for item in found[:2]] == [menu[2].id, menu[0].id]
    assert found[0]["reason"] == "Ordered 3 times"
    assert len(found) == 4


def test_before_anything_was_ordered_there_are_suggestions_too(city: City) -> None:
    assert len(city.get(CUSTOMER, "/recommend").json()) == 8


def test_words_narrow_it_down(city: City) -> None:
    found = city.get(CUSTOMER, "/recommend", params={"words": "vegan curry"}).json()
    assert [item["dish"]["name"] for item in found] == []
    found = city.get(CUSTOMER, "/recommend", params={"words": "levantine vegan"}).json()
    assert {item["dish"]["name"] for item in found} == {"Falafel Wrap", "Tabbouleh"}


def test_what_is_sold_out_is_not_suggested(city: City) -> None:
    city.order(0, 0, 3)
    dish = city.menu()[2]
    city.client.patch(f"/kitchen/dishes/{dish.id}", json={"stock": 0}, headers=city.login(RESTAURANT))
    assert dish.id not in [item["dish"]["id"] for item in city.get(CUSTOMER, "/recommend").json()]
