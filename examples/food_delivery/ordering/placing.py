"""From a cart to an order, within one transaction: open? on stock? at the price that was seen?"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from examples.food_delivery.catalog.models import Dish, Restaurant
from examples.food_delivery.catalog.service import minute_of_day
from examples.food_delivery.database import now
from examples.food_delivery.delivery.grid import SECONDS_A_BLOCK, Point, distance
from examples.food_delivery.errors import Conflict, NotFound, OutOfStock, PriceChanged, Refusal
from examples.food_delivery.identity.models import User
from examples.food_delivery.ordering.models import Order, OrderEvent, OrderLine
from examples.food_delivery.ordering.schemas import Cart, CartLine
from examples.food_delivery.ordering.states import Actor, Status

_KITCHEN = timedelta(seconds=50)  # everything in this city is as fast as in a film


async def place(session: AsyncSession, customer_id: int, cart: Cart, key: str | None) -> Order:
    """The order, with its stock taken.

    Raises:
        NotFound: there is no such restaurant, or it has no such dish.
        OutOfStock, PriceChanged, Conflict: nothing is taken.
    """
    # Stock first: with a write the transaction has its lock, and what it reads from then on stays true. In the order
    # of ids: two carts with the same dishes can't wait for each other.
    lines = [
        await _take(session, cart.restaurant_id, line) for line in sorted(cart.lines, key=lambda line: line.dish_id)
    ]
    restaurant = await session.get_one(Restaurant, cart.restaurant_id)
    if not restaurant.is_open(minute_of_day()):
        raise Conflict(f"{restaurant.name} is closed")
    order = _order(restaurant, await session.get(User, customer_id), cart, lines)
    order.customer_id, order.key = customer_id, key
    session.add(order)
    await session.flush()
    session.add(OrderEvent(order_id=order.id, status=Status.PLACED, actor=Actor.CUSTOMER))
    return order


async def _take(session: AsyncSession, restaurant_id: int, line: CartLine) -> OrderLine:
    statement = (
        update(Dish)
        .where(Dish.id == line.dish_id, Dish.restaurant_id == restaurant_id, Dish.stock >= line.quantity)
        .values(stock=Dish.stock - line.quantity)
        .returning(Dish.name, Dish.icon, Dish.price_cents)
    )
    taken = (await session.execute(statement)).one_or_none()
    if taken is None:
        raise await _reason(session, restaurant_id, line)
    name, icon, price = taken
    if price != line.price_cents:
        raise PriceChanged(f"{name} costs {price} cents now", dish_id=line.dish_id, price_cents=price)
    return OrderLine(dish_id=line.dish_id, name=name, icon=icon, quantity=line.quantity, price_cents=price)


async def _reason(session: AsyncSession, restaurant_id: int, line: CartLine) -> Refusal:
    statement = select(Dish).where(Dish.id == line.dish_id, Dish.restaurant_id == restaurant_id)
    dish = await session.scalar(statement)
    if dish is None:
        return NotFound(f"Restaurant {restaurant_id} has no dish {line.dish_id}")
    return OutOfStock(f"There are {dish.stock} of {dish.name} left", dish_id=dish.id, stock=dish.stock)


def _order(restaurant: Restaurant, customer: User | None, cart: Cart, lines: list[OrderLine]) -> Order:
    if customer is None:
        raise NotFound("This account was deleted")
    x = customer.x if cart.x is None else cart.x
    y = customer.y if cart.y is None else cart.y
    blocks = distance(Point(restaurant.x, restaurant.y), Point(x, y))
    items = sum(line.quantity * line.price_cents for line in lines)
    fee = delivery_cents(blocks)
    return Order(
        restaurant_id=restaurant.id, lines=lines, items_cents=items, delivery_cents=fee, total_cents=items + fee,
        x=x, y=y, note=cart.note, promised_at=now() + _KITCHEN + timedelta(seconds=blocks * SECONDS_A_BLOCK),
    )  # fmt: skip


def delivery_cents(blocks: float) -> int:
    """What it costs to bring an order so far."""
    return 150 + 5 * round(blocks)
