"""Finding restaurants, and menus that change under a cache."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from examples.food_delivery.catalog.models import Restaurant
from examples.food_delivery.catalog.schemas import Search
from examples.food_delivery.catalog.search import select_restaurants
from tests.examples.food_delivery.city import CUSTOMER, FORNO, OTHER_RESTAURANT, RESTAURANT, City


def find(city: City, **query: Any) -> list[dict[str, Any]]:
    answer = city.client.get("/get-restaurants", params={"size": 100} | query)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def change(city: City, dish_id: int, email: str = RESTAURANT, **values: Any) -> Any:
    return city.client.patch(f"/kitchen/dishes/{dish_id}", json=values, headers=city.login(email))


def test_words_are_found_in_names_of_restaurants_and_dishes(city: City) -> None:
    assert [place["name"] for place in find(city, search="forno")] == ["Forno Vivace"]
    assert {place["cuisine"] for place in find(city, search="RAMEN")} == {"Japanese"}
    assert find(city, search="%") == find(city, search="_") == []


def test_a_cuisine_is_found_however_it_is_written(city: City) -> None:
    assert len(find(city, cuisine="italian")) == 3
    assert find(city, cuisine="ital") == []


def test_places_are_ordered_as_asked(city: City) -> None:
    scores = [place["score"] for place in find(city)]
    assert scores == sorted(scores, reverse=True)
    names = [place["name"] for place in find(city, order="name")]
    assert len(names) == 24
    here = {"x": 10, "y": 10}
    ways = [abs(place["x"] - 10) + abs(place["y"] - 10) for place in find(city, order="distance", **here)]
    assert ways == sorted(ways)
    near = find(city, within=9, **here)
    assert len(near) == sum(way <= 9 for way in ways)


def test_pages_have_everything_once(city: City) -> None:
    for order in ({}, {"order": "name"}, {"order": "distance", "x": 3, "y": 3}):
        seen: list[int] = []
        query: dict[str, Any] = {"size": 7} | order
        while True:
            answer = city.client.get("/get-restaurants", params=query)
            seen += [place["id"] for place in answer.json()["items"]]
            if not answer.json()["next"]:
                break
            assert "next" in answer.links
            query["cursor"] = answer.json()["next"]
        assert sorted(seen) == list(range(1, 25))
    assert city.client.get("/get-restaurants?cursor=made-up").status_code == 422


def test_a_search_that_makes_no_sense_is_told(city: City) -> None:
    for query in ("x=1", "order=distance", "within=3", "x=-1&y=2", "x=1&y=2&within=-1", "size=0"):
        assert city.client.get(f"/get-restaurants?{query}").status_code == 422, query


def test_the_database_and_the_program_agree_on_what_is_open(city: City) -> None:
    async def some_close_after_midnight(session: Any) -> None:
        restaurant = await session.get_one(Restaurant, FORNO)
        restaurant.opens, restaurant.closes = 22 * 60, 2 * 60

    city.sql(some_close_after_midnight)
    places = [place for [place] in city.rows(select(Restaurant))]
    for minute in (0, 119, 120, 659, 660, 1200, 1319, 1320, 1379, 1380, 1439):
        statement, _ = select_restaurants(Search(open_now=True), minute)
        by_database = {place.id for [place] in city.rows(statement)}
        assert by_database == {place.id for place in places if place.is_open(minute)}, minute
        assert len(by_database) >= 17


def test_a_menu_is_cached_until_it_changes(city: City) -> None:
    path = f"/restaurants/{FORNO}/menu"
    first = city.client.get(path)
    etag = {"If-None-Match": first.headers["etag"]}
    assert city.client.get(path, headers=etag).status_code == 304
    dish = first.json()["dishes"][0]
    assert change(city, dish["id"], price_cents=999).json()["price_cents"] == 999
    again = city.client.get(path, headers=etag)
    assert (again.status_code, again.json()["dishes"][0]["price_cents"]) == (200, 999)


def test_a_list_of_restaurants_knows_a_new_dish_at_once(city: City) -> None:
    assert find(city, search="Calzone") == []
    dish = {"name": "Calzone", "price_cents": 1150, "stock": 5}
    assert city.post(RESTAURANT, "/kitchen/dishes", dish).status_code == 201
    assert [place["id"] for place in find(city, search="Calzone")] == [FORNO]


def test_the_cache_serves_everybody_the_same(city: City) -> None:
    path = f"/restaurants/{FORNO}/menu"
    assert city.client.get(path).json() == city.get(CUSTOMER, path).json()


def test_a_menu_is_its_owners(city: City) -> None:
    dish = city.menu()[0]
    assert change(city, dish.id, OTHER_RESTAURANT, price_cents=1).status_code == 404
    for wrong in ({"price_cents": 0}, {"stock": -1}, {"price_cents": 1.5}, {"name": " "}):
        assert change(city, dish.id, **wrong).status_code == 422
    assert city.client.get("/restaurants/99/menu").status_code == 404
