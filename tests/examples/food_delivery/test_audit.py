"""The audit finds what it is for: each rule holds of a city that was let be, and is broken by what breaks it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from examples.food_delivery.audit import Finding, answered, audit, stock_taken, under_way
from examples.food_delivery.ordering.models import MoneyMove, Order, OrderEvent, OrderLine, Payment
from examples.food_delivery.ordering.states import Actor, Status
from tests.examples.food_delivery.city import CUSTOMER, RESTAURANT, City

BREAKS: dict[str, Any] = {
    "an order's total is the sum of its lines and its delivery": update(OrderLine).values(quantity=5),
    "what was taken and given back is what the order says": update(MoneyMove).values(cents=MoneyMove.cents - 1),
    "an order goes each step once": OrderEvent(order_id=1, status=Status.PLACED, actor=Actor.SYSTEM),
}


def broken(findings: list[Finding]) -> dict[str, list[Any]]:
    return {finding.rule: list(finding.broken) for finding in findings if finding.broken}


def test_of_a_city_that_was_let_be_all_of_it_holds(city: City) -> None:
    kept, cancelled = city.order(2, 1), city.order(1)
    city.act(RESTAURANT, cancelled, "cancel")
    db = city.app.state.parts.db
    findings = city.run(audit, db)
    assert broken(findings) == {}
    assert {finding.looked_at for finding in findings} == {2, 144}
    assert city.run(under_way, db) == [kept]
    city.bring(kept, "delivered")
    assert city.run(under_way, db) == []


@pytest.mark.parametrize("rule", BREAKS)
def test_what_is_wrong_is_found(city: City, rule: str) -> None:
    order_id, change = city.order(1), BREAKS[rule]

    async def spoil(session: AsyncSession) -> None:
        if isinstance(change, OrderEvent):
            session.add(OrderEvent(order_id=order_id, status=change.status, actor=change.actor))
        else:
            await session.execute(change)

    city.sql(spoil)
    assert broken(city.run(audit, city.app.state.parts.db))[rule] == [order_id]


def test_an_open_payment_is_under_way(city: City) -> None:
    order_id = city.order(1)
    city.bring(order_id, "delivered")

    async def reopen(session: AsyncSession) -> None:
        await session.execute(update(Order).values(payment=Payment.PENDING))

    city.sql(reopen)
    assert city.run(under_way, city.app.state.parts.db) == [order_id]


def test_an_order_that_was_told_and_is_not_there_is_lost(city: City) -> None:
    order_id = city.post(CUSTOMER, "/order", city.cart(1), **{"Idempotency-Key": "one"}).json()["id"]
    db = city.app.state.parts.db
    assert broken(city.run(answered, db, {"one": order_id})) == {}
    assert broken(city.run(answered, db, {"one": order_id + 1, "two": 5})) == {"no order is lost": ["one", "two"]}


def test_stock_is_what_there_was_less_what_was_sold(city: City) -> None:
    before = {dish.id: dish.stock for dish in city.menu()}
    city.act(RESTAURANT, city.order(1), "cancel")
    city.order(2)
    db, dish = city.app.state.parts.db, min(before)
    assert city.run(stock_taken, db, before).broken == []
    assert city.run(stock_taken, db, before | {dish: before[dish] + 1}).broken == [dish]
