"""Orders: placed as they were seen, once, and never more than there is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from examples.food_delivery.catalog.models import Dish, Restaurant
from examples.food_delivery.database import now
from examples.food_delivery.ordering.models import MoneyMove, Order
from tests.examples.food_delivery.city import (
    ADMIN,
    COURIER,
    CUSTOMER,
    FORNO,
    OTHER_COURIER,
    OTHER_CUSTOMER,
    OTHER_RESTAURANT,
    RESTAURANT,
    City,
)
from tests.kit.applications import at_once


def stock(city: City, dish: int = 0) -> int:
    return city.menu()[dish].stock


def test_an_order_costs_what_its_dishes_and_its_way_cost(city: City) -> None:
    dishes = city.menu()
    order = city.post(CUSTOMER, "/order", city.cart(2, 0, 1) | {"x": 4, "y": 3}).json()
    assert order["items_cents"] == 2 * dishes[0].price_cents + dishes[2].price_cents
    assert order["total_cents"] == order["items_cents"] + order["delivery_cents"]
    assert (order["status"], order["payment"]) == ("placed", "paid")
    assert [line["quantity"] for line in order["lines"]] == [2, 1]
    assert city.rows(select(MoneyMove.cents)) == [(order["total_cents"],)]
    assert [dish.stock for dish in city.menu()[:3]] == [dishes[0].stock - 2, dishes[1].stock, dishes[2].stock - 1]


def test_a_price_that_has_changed_is_told_and_nothing_is_ordered(city: City) -> None:
    cart, before = city.cart(1, 1), stock(city)
    seen = cart["lines"][1]["price_cents"]
    cart["lines"][1]["price_cents"] = seen - 100
    answer = city.post(CUSTOMER, "/order", cart)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:food:price-changed")
    assert answer.json()["price_cents"] == seen
    assert stock(city) == before
    assert city.rows(select(Order.id)) == []


def test_more_than_there_is_can_not_be_ordered(city: City) -> None:
    dish = city.menu()[0]
    change = {"stock": 3}
    assert city.client.patch(f"/kitchen/dishes/{dish.id}", json=change, headers=city.login(RESTAURANT)).is_success
    answer = city.post(CUSTOMER, "/order", city.cart(4))
    assert (answer.status_code, answer.json()["type"], answer.json()["stock"]) == (409, "urn:food:out-of-stock", 3)
    assert stock(city) == 3


def test_what_makes_no_order_is_told(city: City) -> None:
    dish = city.cart(1)["lines"][0]
    assert city.post(CUSTOMER, "/order", {"restaurant_id": 2, "lines": [dish]}).status_code == 404
    assert city.post(CUSTOMER, "/order", {"restaurant_id": 1, "lines": [dish, dish]}).status_code == 422
    assert city.post(CUSTOMER, "/order", {"restaurant_id": 1, "lines": []}).status_code == 422


def test_a_closed_restaurant_takes_no_orders(city: City) -> None:
    next_hour = (now().hour + 1) % 24 * 60

    async def close(session: AsyncSession) -> None:
        restaurant = await session.get_one(Restaurant, FORNO)
        restaurant.opens, restaurant.closes = next_hour, next_hour + 30

    city.sql(close)
    before = stock(city)
    answer = city.post(CUSTOMER, "/order", city.cart(1))
    assert (answer.status_code, answer.json()["detail"]) == (409, "Forno Vivace is closed")
    assert stock(city) == before


def test_of_many_at_once_as_many_get_one_as_there_are(city: City) -> None:
    dish = city.menu()[0]
    city.client.patch(f"/kitchen/dishes/{dish.id}", json={"stock": 7}, headers=city.login(RESTAURANT))
    cart, headers = city.cart(1), city.login(CUSTOMER)
    answers = at_once(20, lambda: city.client.post("/order", json=cart, headers=headers))
    assert sorted(answer.status_code for answer in answers) == [201] * 7 + [409] * 13
    assert stock(city) == 0
    [(count, total)] = city.rows(select(func.count(Order.id), func.sum(Order.total_cents)))
    assert count == 7
    assert city.rows(select(func.sum(MoneyMove.cents))) == [(total,)]


def test_what_is_sent_twice_is_one_order(city: City) -> None:
    cart, headers = city.cart(1), city.login(CUSTOMER) | {"Idempotency-Key": "one"}
    answers = at_once(5, lambda: city.client.post("/order", json=cart, headers=headers))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert city.rows(select(func.count(Order.id))) == [(1,)]


def test_it_is_one_order_too_if_the_store_has_forgotten_the_key(city: City) -> None:
    cart, headers = city.cart(1), city.login(CUSTOMER) | {"Idempotency-Key": "one"}
    first = city.client.post("/order", json=cart, headers=headers)
    city.run(city.app.state.parts.limits._store.clear)
    again = city.client.post("/order", json=cart, headers=headers)
    assert "idempotency-replayed" not in again.headers
    assert first.json()["id"] == again.json()["id"]
    assert city.rows(select(func.count(MoneyMove.id))) == [(1,)]


def test_a_key_is_the_customers_and_not_the_tokens(city: City) -> None:
    login = city.run(city.services.auth.log_in, city.user(CUSTOMER))
    cart, key = city.cart(1), {"Idempotency-Key": "one"}

    def order(access_token: str) -> Any:
        headers = {"Authorization": f"Bearer {access_token}"} | key
        return city.client.post("/order", json=cart, headers=headers)

    first = order(login.access_token)
    renewed = city.client.post("/refresh", data={"refresh_token": login.refresh_token}).json()
    assert renewed["access_token"] != login.access_token
    again = order(renewed["access_token"])
    assert again.headers["idempotency-replayed"] == "true"
    assert again.json() == first.json()


def test_keys_of_two_customers_are_two_keys(city: City) -> None:
    cart = city.cart(1)
    first = city.post(CUSTOMER, "/order", cart, **{"Idempotency-Key": "one"})
    other = city.post(OTHER_CUSTOMER, "/order", cart, **{"Idempotency-Key": "one"})
    assert first.json()["id"] != other.json()["id"]


def test_the_whole_way_by_those_whose_part_it_is(city: City) -> None:
    order_id = city.order(1)
    city.bring(order_id, "delivered")
    order = city.get(CUSTOMER, f"/orders/{order_id}").json()
    steps = [(event["status"], event["actor"]) for event in order["history"]]
    assert steps == [
        ("placed", "customer"),
        ("accepted", "restaurant"),
        ("cooking", "restaurant"),
        ("ready", "restaurant"),
        ("picked_up", "courier"),
        ("delivered", "courier"),
    ]
    assert order["delivered_at"] is not None


def test_an_order_is_nobody_elses_business(city: City) -> None:
    order_id = city.order(1)
    for stranger in (OTHER_CUSTOMER, OTHER_RESTAURANT, COURIER):
        assert city.get(stranger, f"/orders/{order_id}").status_code == 404
        assert city.act(stranger, order_id, "cancel").status_code == 404
    for involved in (CUSTOMER, RESTAURANT, ADMIN):
        assert city.get(involved, f"/orders/{order_id}").status_code == 200
    assert city.client.get(f"/orders/{order_id}").status_code == 401


def test_a_step_out_of_turn_is_refused(city: City) -> None:
    order_id = city.order(1)
    assert city.act(RESTAURANT, order_id, "finish").status_code == 409
    assert city.act(CUSTOMER, order_id, "accept").status_code == 403
    city.bring(order_id, "ready")
    assert city.act(CUSTOMER, order_id, "cancel").status_code == 403
    assert city.act(ADMIN, order_id, "refund").status_code == 409
    assert city.act(OTHER_COURIER, order_id, "pick_up").status_code == 404


def test_only_who_has_claimed_an_order_picks_it_up(city: City) -> None:
    order_id = city.order(1)
    city.act(RESTAURANT, order_id, "accept", "cook", "finish")
    assert city.act(COURIER, order_id, "pick_up").status_code == 403
    assert city.post(OTHER_COURIER, f"/courier/jobs/{order_id}").status_code == 200
    assert city.act(OTHER_COURIER, order_id, "pick_up").status_code == 200


def test_a_cancelled_order_gives_back_money_and_stock(city: City) -> None:
    before = stock(city)
    order_id = city.order(2)
    order = city.act(CUSTOMER, order_id, "cancel").json()
    assert (order["status"], order["payment"]) == ("refunded", "refunded")
    assert stock(city) == before
    assert city.rows(select(func.sum(MoneyMove.cents))) == [(0,)]


def test_what_was_cooked_is_not_sold_again(city: City) -> None:
    before = stock(city)
    order_id = city.order(2)
    city.act(RESTAURANT, order_id, "accept", "cook")
    assert city.act(ADMIN, order_id, "cancel").json()["status"] == "refunded"
    assert stock(city) == before - 2


def test_of_two_that_act_at_once_one_does(city: City) -> None:
    order_id, headers = city.order(1), city.login(RESTAURANT)
    answers = at_once(8, lambda: city.client.post(f"/orders/{order_id}/accept", headers=headers))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7


def test_an_order_is_rated_once_by_its_customer_when_it_is_there(city: City) -> None:
    order_id, stars = city.order(1), {"stars": 5, "comment": "Hot!"}
    assert city.post(CUSTOMER, f"/orders/{order_id}/rating", stars).status_code == 409
    city.bring(order_id, "delivered")
    [(total, count)] = city.rows(select(Restaurant.stars_sum, Restaurant.stars_count).where(Restaurant.id == 1))
    assert city.post(OTHER_CUSTOMER, f"/orders/{order_id}/rating", stars).status_code == 404
    assert city.post(CUSTOMER, f"/orders/{order_id}/rating", stars).status_code == 201
    assert city.post(CUSTOMER, f"/orders/{order_id}/rating", stars).status_code == 409
    menu = city.client.get("/restaurants/1/menu").json()
    assert menu["stars_count"] == count + 1
    assert abs(menu["score"] - (total + 5) / (count + 1)) < 1e-9


def test_lists_of_orders_come_in_pages(city: City) -> None:
    ids = [city.order(1) for _ in range(5)]
    first = city.get(CUSTOMER, "/orders?size=3").json()
    second = city.get(CUSTOMER, "/orders", params={"size": 3, "cursor": first["next"]}).json()
    assert [order["id"] for order in first["items"] + second["items"]] == ids[::-1]
    assert city.get(OTHER_CUSTOMER, "/orders").json()["items"] == []
    assert [order["id"] for order in city.get(RESTAURANT, "/orders/board").json()] == ids


def test_nothing_is_left_of_a_dish_that_sold_out_in_a_cached_menu(city: City) -> None:
    dish = city.menu()[0]
    city.client.patch(f"/kitchen/dishes/{dish.id}", json={"stock": 1}, headers=city.login(RESTAURANT))
    assert city.client.get("/restaurants/1/menu").json()["dishes"][0]["stock"] == 1
    city.order(1)
    assert city.client.get("/restaurants/1/menu").json()["dishes"][0]["stock"] == 0
    assert city.rows(select(Dish.stock).where(Dish.id == dish.id)) == [(0,)]
