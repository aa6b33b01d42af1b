"""What must hold of all orders together, whatever happened on the way: asked of the database, and of nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from examples.food_delivery.catalog.models import Dish
from examples.food_delivery.ordering.models import MoneyMove, Order, OrderEvent, OrderLine, Payment
from examples.food_delivery.ordering.states import OVER, Status
from vivace.kit.sql import Database


class Finding(NamedTuple):
    """What must hold; `broken` are the ids of those for which it doesn't."""

    rule: str
    looked_at: int
    broken: Sequence[Any]


async def audit(db: Database) -> list[Finding]:
    """The rules that hold at any time."""
    async with db.transaction() as session:
        orders = await session.scalar(select(func.count(Order.id))) or 0
        dishes = await session.scalar(select(func.count(Dish.id))) or 0
        return [
            Finding("stock is never negative", dishes, await _ids(session, select(Dish.id).where(Dish.stock < 0))),
            Finding("an order's total is the sum of its lines and its delivery", orders, await _totals(session)),
            Finding("what was taken and given back is what the order says", orders, await _ledger(session)),
            Finding("an order goes each step once", orders, await _steps(session)),
        ]


async def under_way(db: Database) -> list[int]:
    """Orders that are not over, or whose money is not settled."""
    open_money = (Order.payment == Payment.PENDING) | (
        (Order.payment == Payment.PAID) & (Order.status == Status.CANCELLED)
    )
    async with db.transaction() as session:
        return await _ids(session, select(Order.id).where(Order.status.not_in(OVER) | open_money))


async def answered(db: Database, ids: Mapping[str, int]) -> list[Finding]:
    """Of idempotency keys and the orders that clients were told: each is there, under its key, once."""
    async with db.transaction() as session:
        rows = (await session.execute(select(Order.key, Order.id).where(Order.key.in_(ids)))).all()
    found: dict[str, list[int]] = {}
    for key, order_id in rows:
        found.setdefault(key, []).append(order_id)
    return [
        Finding("no order is lost", len(ids), [key for key, order in ids.items() if order not in found.get(key, [])]),
        Finding("no order is doubled", len(ids), [key for key, orders in found.items() if len(orders) > 1]),
    ]


async def stock_taken(db: Database, before: Mapping[int, int]) -> Finding:
    """Of dishes that nobody restocked. `before`: what there would be of each, had nothing ever been sold."""
    async with db.transaction() as session:
        taken = await sold(session)
        left = dict((await session.execute(select(Dish.id, Dish.stock).where(Dish.id.in_(before)))).all())
    broken = [dish for dish, stock in before.items() if left[dish] != stock - taken.get(dish, 0)]
    return Finding("what is left of a dish is what there was, less what was sold", len(before), broken)


async def sold(session: AsyncSession) -> dict[int, int]:
    """Of each dish, how much has left the kitchen, or will."""
    kept = select(OrderLine.dish_id, func.sum(OrderLine.quantity)).join(Order)
    kept = kept.where(Order.status.not_in((Status.CANCELLED, Status.REFUNDED))).group_by(OrderLine.dish_id)
    return dict((await session.execute(kept)).all())


async def _ids(session: AsyncSession, statement: Select[tuple[int]]) -> list[int]:
    return list(await session.scalars(statement))


async def _totals(session: AsyncSession) -> list[int]:
    lines = func.sum(OrderLine.quantity * OrderLine.price_cents)
    statement = select(Order.id).join(OrderLine).group_by(Order.id)
    return await _ids(session, statement.having(lines + Order.delivery_cents != Order.total_cents))


async def _ledger(session: AsyncSession) -> list[int]:
    moved = func.coalesce(func.sum(MoneyMove.cents), 0)
    due = case((Order.payment == Payment.PAID, Order.total_cents), else_=0)
    statement = select(Order.id).outerjoin(MoneyMove, MoneyMove.order_id == Order.id).group_by(Order.id)
    return await _ids(session, statement.having(moved != due))


async def _steps(session: AsyncSession) -> list[int]:
    statement = select(OrderEvent.order_id).group_by(OrderEvent.order_id, OrderEvent.status)
    return await _ids(session, statement.having(func.count(OrderEvent.id) > 1))
