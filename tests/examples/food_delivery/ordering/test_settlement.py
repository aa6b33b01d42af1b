"""Money: refused, interrupted, asked for twice. The ledger is right in the end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from examples.food_delivery.ordering.models import MoneyMove, Order, Payment
from examples.food_delivery.ordering.payment import CardRefused, SimulatedProvider
from examples.food_delivery.ordering.settlement import Settlement
from examples.food_delivery.ordering.states import Status
from tests.examples.food_delivery.city import CUSTOMER, RESTAURANT, City


class Provider:
    """One that does what a test wants, and remembers."""

    def __init__(self) -> None:
        self.refuses = False
        self.down = False
        self.asked: list[tuple[str, int]] = []

    async def charge(self, reference: str, cents: int) -> None:
        self.asked.append((reference, cents))
        if self.down:
            raise ConnectionError("the provider can't be reached")
        if self.refuses:
            raise CardRefused

    async def refund(self, reference: str, cents: int) -> None:
        self.asked.append((reference, -cents))


@pytest.fixture
def provider(city: City) -> Provider:
    provider = Provider()
    city.services.orders._settlement = Settlement(city.app.state.parts.db, provider)
    return provider


def test_a_refused_payment_cancels_the_order_and_puts_everything_back(city: City, provider: Provider) -> None:
    before = [dish.stock for dish in city.menu()]
    provider.refuses = True
    answer = city.post(CUSTOMER, "/order", city.cart(1, 2))
    assert (answer.status_code, answer.json()["type"]) == (402, "urn:food:payment-refused")
    assert [dish.stock for dish in city.menu()] == before
    assert city.rows(select(Order.status, Order.payment)) == [(Status.CANCELLED, Payment.REFUSED)]
    assert city.rows(select(MoneyMove.id)) == []
    assert city.get(RESTAURANT, "/orders").json()["items"] == []


def test_what_was_left_open_is_settled_later(city: City, provider: Provider) -> None:
    provider.down = True
    with pytest.raises(ConnectionError):
        city.post(CUSTOMER, "/order", city.cart(1))
    assert city.rows(select(Order.payment)) == [(Payment.PENDING,)]
    assert city.get(RESTAURANT, "/orders/board").json() == []

    provider.down = False
    assert city.run(city.services.orders.settle_open, timedelta(0)) == 1
    assert city.run(city.services.orders.settle_open, timedelta(0)) == 0
    assert city.rows(select(Order.payment)) == [(Payment.PAID,)]
    assert len({reference for reference, _ in provider.asked}) == 1
    assert city.rows(select(func.count(MoneyMove.id))) == [(1,)]


def test_the_same_key_goes_on_with_what_was_left_open(city: City, provider: Provider) -> None:
    provider.down, key = True, {"Idempotency-Key": "one"}
    with pytest.raises(ConnectionError):
        city.post(CUSTOMER, "/order", city.cart(1), **key)
    provider.down = False
    answer = city.post(CUSTOMER, "/order", city.cart(1), **key)
    assert (answer.status_code, answer.json()["payment"]) == (201, "paid")
    assert city.rows(select(func.count(Order.id))) == [(1,)]


def test_an_unpaid_order_that_is_cancelled_is_refunded_once_it_turns_out_paid(city: City, provider: Provider) -> None:
    provider.down = True
    with pytest.raises(ConnectionError):
        city.post(CUSTOMER, "/order", city.cart(1))
    with pytest.raises(ConnectionError):
        city.act(CUSTOMER, 1, "cancel")
    provider.down = False
    city.run(city.services.orders.settle_open, timedelta(0))
    assert city.rows(select(Order.status, Order.payment)) == [(Status.REFUNDED, Payment.REFUNDED)]
    assert city.rows(select(func.count(MoneyMove.id), func.sum(MoneyMove.cents))) == [(2, 0)]


@pytest.mark.anyio
async def test_the_simulated_provider_says_the_same_about_the_same_order() -> None:
    provider = SimulatedProvider(failures=0.5, seconds=0)

    async def verdicts() -> list[bool]:
        said = []
        for number in range(100):
            try:
                await provider.charge(f"order-{number}", 100)
                said.append(True)
            except CardRefused:
                said.append(False)
        return said

    first = await verdicts()
    assert first == await verdicts()
    assert 20 < sum(first) < 80
