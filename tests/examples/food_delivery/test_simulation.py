"""The city by itself: orders come, are cooked, carried and delivered, and every cent is there."""

from __future__ import annotations

from sqlalchemy import func, select

from examples.food_delivery.catalog.models import Dish
from examples.food_delivery.ordering.models import MoneyMove, Order, Payment
from examples.food_delivery.ordering.states import Status
from examples.food_delivery.simulation import Simulation
from tests.examples.food_delivery.city import COURIER, RESTAURANT, City


def simulation(city: City) -> Simulation:
    services, parts = city.services, city.app.state.parts
    return Simulation(
        parts.db,
        services.catalog,
        services.orders,
        services.ratings,
        services.delivery,
        pace=200.0,
        seed=3,
    )


def test_orders_come_and_are_delivered(city: City) -> None:
    simulated = simulation(city)
    while len(city.rows(select(Order.id).where(Order.status == Status.DELIVERED))) < 5:
        city.run(simulated.tick)
    [(paid,)] = city.rows(select(func.sum(Order.total_cents)).where(Order.payment == Payment.PAID))
    assert city.rows(select(func.sum(MoneyMove.cents))) == [(paid,)]
    assert city.rows(select(Dish.id).where(Dish.stock < 0)) == []


def test_what_people_have_taken_over_is_left_to_them(city: City) -> None:
    city.client.patch("/kitchen/restaurant", json={"autopilot": False}, headers=city.login(RESTAURANT))
    city.client.patch("/courier", json={"autopilot": False}, headers=city.login(COURIER))
    before = city.get(COURIER, "/courier").json()
    order_id = city.order(1)
    simulated = simulation(city)
    for _ in range(10):
        city.run(simulated.tick)
    assert city.get(RESTAURANT, f"/orders/{order_id}").json()["status"] == "placed"
    assert city.get(COURIER, "/courier").json() == before
