"""One step on the way of an order, within a transaction: what `states` says, done to the tables of the database."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from examples.food_delivery.catalog.models import Dish, Restaurant
from examples.food_delivery.database import now
from examples.food_delivery.errors import Conflict, NotFound, NotYours
from examples.food_delivery.notifications.models import Notification
from examples.food_delivery.ordering.models import Order, OrderEvent, OrderLine
from examples.food_delivery.ordering.states import (
    Action,
    Actor,
    NotAllowed,
    NotPossible,
    Status,
    Transition,
    transition,
)

_TOLD = {
    Status.ACCEPTED: "Your order was accepted",
    Status.COOKING: "Your food is being cooked",
    Status.READY: "Your food is ready and waits for a courier",
    Status.PICKED_UP: "Your food is on its way",
    Status.DELIVERED: "Your food is there. Enjoy!",
    Status.CANCELLED: "Your order was cancelled",
    Status.REFUNDED: "You got your money back",
}


async def locked(session: AsyncSession, order_id: int) -> Order:
    """The order, which nobody else changes until the transaction ends.

    Touching it locks it: its row in PostgreSQL, the file in SQLite. Whoever waited reads what is there then.

    Raises:
        NotFound: there is none.
    """
    touch = update(Order).where(Order.id == order_id).values(changed_at=now()).returning(Order)
    order = await session.scalar(touch, execution_options={"populate_existing": True})
    if order is None:
        raise NotFound("There is no such order")
    return order


def check(status: Status, action: Action, actor: Actor) -> Transition:
    """
    Raises:
        Conflict, NotYours: what the table says against it.
    """
    try:
        return transition(status, action, actor)
    except NotPossible as error:
        raise Conflict(str(error), status_now=status) from None
    except NotAllowed as error:
        raise NotYours(str(error)) from None


async def move(session: AsyncSession, order: Order, action: Action, actor: Actor, reason: str = "") -> None:
    """Bring a locked order to its next status, and leave a note of it.

    Raises:
        Conflict, NotYours: what the table says against it.
    """
    found = check(order.status, action, actor)
    order.status = found.to
    if found.to is Status.DELIVERED:
        order.delivered_at = now()
    if found.restocks:
        await _restock(session, order)
    session.add(OrderEvent(order_id=order.id, status=found.to, actor=actor, reason=reason))
    text = f"{_TOLD[found.to]}: {reason}" if reason else _TOLD[found.to]
    session.add(Notification(user_id=order.customer_id, order_id=order.id, text=text[:200]))


async def tell_kitchen(session: AsyncSession, order: Order) -> None:
    """An order has been paid, and is theirs to accept."""
    owner = await session.scalar(select(Restaurant.owner_id).where(Restaurant.id == order.restaurant_id))
    session.add(Notification(user_id=owner, order_id=order.id, text=f"New order {order.id}"))


async def _restock(session: AsyncSession, order: Order) -> None:
    lines = select(OrderLine).where(OrderLine.order_id == order.id).order_by(OrderLine.dish_id)
    for line in await session.scalars(lines):
        dish = update(Dish).where(Dish.id == line.dish_id)
        await session.execute(dish.values(stock=Dish.stock + line.quantity))
