"""Orders to look at: whose they are, and lists of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload

from examples.food_delivery.catalog.models import Restaurant
from examples.food_delivery.errors import NotFound
from examples.food_delivery.identity.models import Caller, Role
from examples.food_delivery.ordering.models import Order, Payment
from examples.food_delivery.ordering.states import UNDER_WAY, Status

_NONE = "There is no such order"
CLAIMABLE = (Status.ACCEPTED, Status.COOKING, Status.READY)


def cards() -> Select[Any]:
    """Orders with what a card shows."""
    return select(Order).options(joinedload(Order.customer), joinedload(Order.restaurant), selectinload(Order.lines))


def details() -> Select[Any]:
    return cards().options(selectinload(Order.history), selectinload(Order.rating))


def concerns(caller: Caller) -> ColumnElement[bool]:
    """Of an order: whether it is the caller's business. Couriers also see what they could take."""
    if caller.role is Role.ADMIN:
        return true()
    if caller.role is Role.CUSTOMER:
        return Order.customer_id == caller.id
    if caller.role is Role.RESTAURANT:
        owned = select(Restaurant.id).where(Restaurant.owner_id == caller.id)
        return Order.restaurant_id.in_(owned) & Order.payment.not_in((Payment.PENDING, Payment.REFUSED))
    return or_(Order.courier_id == caller.id, claimable())


def claimable() -> ColumnElement[bool]:
    """Whether it waits for a courier."""
    return Order.courier_id.is_(None) & Order.status.in_(CLAIMABLE)


def under_way() -> ColumnElement[bool]:
    return Order.status.in_(UNDER_WAY)


async def check_concerned(session: AsyncSession, order_id: int, caller: Caller) -> None:
    """
    Raises:
        NotFound: there is no such order, or it is none of the caller's business.
    """
    if await session.scalar(select(Order.id).where(Order.id == order_id, concerns(caller))) is None:
        raise NotFound(_NONE)


async def read(session: AsyncSession, order_id: int, caller: Caller) -> Order:
    """
    Raises:
        NotFound: there is none, or it is none of the caller's business.
    """
    order: Order | None = await session.scalar(details().where(Order.id == order_id, concerns(caller)))
    if order is None:
        raise NotFound(_NONE)
    return order
