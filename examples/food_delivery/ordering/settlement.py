"""An order's money: taken when it is placed, given back when it is cancelled.

The provider is asked outside of any transaction: it may be slow, and nothing should wait for it but this order. So a
process may die in between. What it left open, any other one finishes: the provider knows each order by its reference,
and the ledger has each of its moves once.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from examples.food_delivery.database import now
from examples.food_delivery.ordering.models import MoneyMove, Order, Payment
from examples.food_delivery.ordering.moving import locked, move, tell_kitchen
from examples.food_delivery.ordering.payment import CardRefused, PaymentProvider
from examples.food_delivery.ordering.states import Action, Actor, Status
from vivace.kit.sql import Database


class Settlement:
    def __init__(self, db: Database, provider: PaymentProvider) -> None:
        self._db = db
        self._provider = provider

    async def settle(self, order_id: int) -> Order:
        """Do whatever is due: charge, refund, both, nothing. It may be done twice, and by two at once.

        Returns:
            The order as it is then.
        """
        order = await self._read(order_id)
        if order.payment is Payment.PENDING:  # cancelled or not: the provider may have taken the money already
            order = await self._charge(order)
        if order.payment is Payment.PAID and order.status is Status.CANCELLED:
            await self.refund(order, Actor.SYSTEM)
            order = await self._read(order_id)
        return order

    async def refund(self, order: Order, actor: Actor, reason: str = "") -> None:
        """Give the money back.

        Raises:
            Conflict, NotYours: the order is not one to be refunded, by the actor.
        """
        await self._provider.refund(order.reference, order.total_cents)

        async def record(session: AsyncSession) -> None:
            current = await locked(session, order.id)
            if current.payment is Payment.PAID:
                await move(session, current, Action.REFUND, actor, reason)
                current.payment = Payment.REFUNDED
                session.add(MoneyMove(order_id=order.id, kind=Payment.REFUNDED, cents=-order.total_cents))

        await self._db.run(record)

    async def open_orders(self, older_than: timedelta) -> list[int]:
        """Whose settlement somebody has begun and not ended."""
        due = or_(
            Order.payment == Payment.PENDING,
            and_(Order.payment == Payment.PAID, Order.status == Status.CANCELLED),
        )
        statement = select(Order.id).where(due, Order.changed_at < now() - older_than).order_by(Order.id).limit(100)
        async with self._db.transaction() as session:
            return list(await session.scalars(statement))

    async def _charge(self, order: Order) -> Order:
        try:
            await self._provider.charge(order.reference, order.total_cents)
            outcome = Payment.PAID
        except CardRefused:
            outcome = Payment.REFUSED

        async def record(session: AsyncSession) -> Order:
            current = await locked(session, order.id)
            if current.payment is Payment.PENDING:
                await _record_charge(session, current, outcome)
            return current

        return await self._db.run(record)

    async def _read(self, order_id: int) -> Order:
        async with self._db.transaction() as session:
            return await session.get_one(Order, order_id)


async def _record_charge(session: AsyncSession, order: Order, outcome: Payment) -> None:
    order.payment = outcome
    if outcome is Payment.PAID:
        session.add(MoneyMove(order_id=order.id, kind=Payment.PAID, cents=order.total_cents))
        await tell_kitchen(session, order)
    elif order.status is Status.PLACED:
        await move(session, order, Action.CANCEL, Actor.SYSTEM, "the payment was refused")
