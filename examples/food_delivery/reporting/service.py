"""Numbers for the administration. Revenue is what the ledger says, not what orders promise."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from examples.food_delivery.catalog.models import Restaurant
from examples.food_delivery.database import hour_of, now
from examples.food_delivery.ordering.models import MoneyMove, Order
from examples.food_delivery.ordering.states import UNDER_WAY, Status
from examples.food_delivery.reporting.schemas import Hour, Late, Overview
from vivace.kit.sql import Database

# Of the export: column names, and what they are.
COLUMNS: dict[str, Any] = {
    "id": Order.id,
    "status": Order.status,
    "payment": Order.payment,
    "restaurant": Restaurant.name,
    "customer_id": Order.customer_id,
    "courier_id": Order.courier_id,
    "items_cents": Order.items_cents,
    "delivery_cents": Order.delivery_cents,
    "total_cents": Order.total_cents,
    "placed_at": Order.placed_at,
    "promised_at": Order.promised_at,
    "delivered_at": Order.delivered_at,
}


class Reports:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def revenue(self, hours: int) -> list[Hour]:
        """For each hour in which money moved, the oldest first."""
        hour = hour_of(MoneyMove.at)
        charged = func.sum(case((MoneyMove.cents > 0, 1), else_=0))
        statement = (
            select(hour, charged, func.sum(MoneyMove.cents))
            .where(MoneyMove.at >= now() - timedelta(hours=hours))
            .group_by(hour)
            .order_by(hour)
        )
        async with self._db.transaction() as session:
            rows = await session.execute(statement)
            return [Hour(hour=start, orders=orders, revenue_cents=cents) for start, orders, cents in rows]

    async def pulse(self, minutes: int = 30) -> list[int]:
        """How many orders were placed in each of the last minutes, the oldest first."""
        end = now()
        statement = select(Order.placed_at).where(Order.placed_at > end - timedelta(minutes=minutes)).limit(100_000)
        counts = [0] * minutes
        async with self._db.transaction() as session:
            for placed_at in await session.scalars(statement):
                counts[-1 - int((end - placed_at).total_seconds() // 60)] += 1
        return counts

    async def late(self, limit: int) -> list[Late]:
        """Orders that came, or are still to come, after they were promised; the newest first."""
        statement = (
            select(Order, Restaurant.name)
            .join(Restaurant)
            .where(_is_late())
            .order_by(Order.promised_at.desc())
            .limit(limit)
        )
        async with self._db.transaction() as session:
            rows = await session.execute(statement)
            return [_late(order, name) for order, name in rows]

    async def overview(self) -> Overview:
        async with self._db.transaction() as session:
            counts = await session.execute(select(Order.status, func.count()).group_by(Order.status))
            by_status = dict(counts.all())
            return Overview(
                by_status=by_status,
                under_way=sum(by_status.get(status, 0) for status in UNDER_WAY),
                revenue_cents=await session.scalar(select(func.sum(MoneyMove.cents))) or 0,
                late=await session.scalar(select(func.count(Order.id)).where(_is_late())) or 0,
            )

    async def rows(self, batch: int = 1000) -> AsyncIterator[Sequence[Sequence[Any]]]:
        """All orders, the oldest first, in batches: as much as the reader takes is read, and no more is kept."""
        statement = select(*COLUMNS.values()).select_from(Order).join(Restaurant).order_by(Order.id)
        async with self._db.transaction() as session:
            result = await session.stream(statement.execution_options(yield_per=batch))
            async for rows in result.partitions():
                yield [tuple(row) for row in rows]


def _is_late() -> ColumnElement[bool]:
    came_late = (Order.status == Status.DELIVERED) & (Order.delivered_at > Order.promised_at)
    still_out = Order.status.in_(UNDER_WAY) & (Order.promised_at < now())
    return came_late | still_out


def _late(order: Order, restaurant: str) -> Late:
    late_by = (order.delivered_at or now()) - order.promised_at
    return Late(
        order_id=order.id,
        restaurant=restaurant,
        status=order.status,
        promised_at=order.promised_at,
        late_seconds=int(late_by.total_seconds()),
    )
