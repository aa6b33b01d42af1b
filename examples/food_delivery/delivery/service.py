"""Couriers: what they can take, where they are, and who watches."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from examples.food_delivery.catalog.models import Restaurant
from examples.food_delivery.delivery.following import follow
from examples.food_delivery.delivery.grid import Point
from examples.food_delivery.delivery.models import Courier
from examples.food_delivery.delivery.schemas import (
    CourierPosition,
    Couriers,
    Jobs,
    Position,
    Rider,
    Snapshot,
    TrackEvent,
)
from examples.food_delivery.delivery.tracking import Tracking
from examples.food_delivery.errors import Conflict, NotFound
from examples.food_delivery.identity.models import Caller
from examples.food_delivery.ordering.models import Order
from examples.food_delivery.ordering.moving import locked
from examples.food_delivery.ordering.reading import CLAIMABLE, cards, check_concerned, claimable, concerns, under_way
from examples.food_delivery.ordering.schemas import OrderCard
from examples.food_delivery.ordering.service import Orders
from vivace.kit.sql import Database
from vivace.requests import HTTPConnection
from vivace.stopping import at_stop


class Delivery:
    def __init__(self, db: Database, tracking: Tracking, orders: Orders) -> None:
        self._db = db
        self._tracking = tracking
        self._orders = orders

    # -- couriers

    async def couriers(self) -> list[Courier]:
        async with self._db.transaction() as session:
            return list(await session.scalars(select(Courier).order_by(Courier.id)))

    async def courier(self, courier_id: int) -> Courier:
        """
        Raises:
            NotFound: there is none.
        """
        async with self._db.transaction() as session:
            courier = await session.get(Courier, courier_id)
        if courier is None:
            raise NotFound("This account is no courier's")
        return courier

    async def set_autopilot(self, courier_id: int, on: bool) -> Courier:
        courier = await self.courier(courier_id)
        async with self._db.transaction() as session:
            session.add(courier)
            courier.autopilot = on
        return courier

    async def jobs(self, courier_id: int) -> Jobs:
        async with self._db.transaction() as session:
            current = await session.scalar(cards().where(Order.courier_id == courier_id, under_way()))
            free = await session.scalars(cards().where(claimable()).order_by(Order.id).limit(50))
            return Jobs(
                current=current and OrderCard.model_validate(current),
                open=[OrderCard.model_validate(order) for order in free],
            )

    async def claim(self, order_id: int, courier: Caller) -> Order:
        """Take an order, that nobody else has taken. It is returned with its details.

        Raises:
            NotFound: there is none.
            Conflict: somebody was quicker, it is not to be taken yet, or the courier has one already.
        """
        await self.take(order_id, courier)
        return await self._orders.get(order_id, courier)

    async def take(self, order_id: int, courier: Caller) -> None:
        """The same for who needs no details.

        Raises:
            NotFound, Conflict: as above.
        """

        async def work(session: AsyncSession) -> Order:
            order = await locked(session, order_id)
            if order.courier_id == courier.id:
                return order
            if order.courier_id is not None or order.status not in CLAIMABLE:
                raise Conflict("Somebody was quicker" if order.courier_id else f"It is {order.status}")
            order.courier_id = courier.id
            return order

        try:
            order = await self._db.run(work)
        except IntegrityError:
            raise Conflict("Deliver the order that you have first") from None
        await self._orders.tell(order)
        await self.move({courier.id: (await self.courier(courier.id)).at})  # who follows it sees them at once

    # -- where they are

    async def move(self, moves: Mapping[int, Point]) -> None:
        """Write down where couriers are, and tell who watches the city or an order that they carry."""
        rows: list[dict[str, Any]] = [
            {"id": courier_id, "x": at.x, "y": at.y} for courier_id, at in sorted(moves.items())
        ]
        if not rows:
            return
        carried = select(Order.courier_id, Order.id).where(Order.courier_id.in_(moves), under_way())
        async with self._db.transaction() as session:
            await session.execute(update(Courier), rows)
            orders = dict((await session.execute(carried)).all())
        riders = [Rider(**row, carries=orders.get(row["id"])) for row in rows]
        await self._tracking.positions(
            CourierPosition(order_id=rider.carries, courier_id=rider.id, x=rider.x, y=rider.y)
            for rider in riders
            if rider.carries is not None
        )
        await self._tracking.couriers(Couriers(couriers=riders))

    # -- who watches

    async def snapshot(self, order_id: int, caller: Caller) -> Snapshot:
        """
        Raises:
            NotFound: it is none of the caller's business.
        """
        async with self._db.transaction() as session:
            statement = select(Order).options(joinedload(Order.restaurant))
            order = await session.scalar(statement.where(Order.id == order_id, concerns(caller)))
            if order is None:
                raise NotFound("There is no such order")
            courier = await session.get(Courier, order.courier_id) if order.courier_id else None
        return Snapshot(
            order_id=order.id,
            status=order.status,
            courier_id=order.courier_id,
            position=courier and Position(x=courier.x, y=courier.y),
            restaurant=Position(x=order.restaurant.x, y=order.restaurant.y),
            to=Position(x=order.x, y=order.y),
        )

    async def may_follow(self, order_id: int, caller: Caller) -> None:
        """Asked before a stream begins: once it has, its status has been sent.

        Raises:
            NotFound: it is none of the caller's business.
            ChannelsUnavailable: it can't be followed now.
        """
        async with self._db.transaction() as session:
            await check_concerned(session, order_id, caller)
        await self._tracking.ready()

    @asynccontextmanager
    async def following(
        self, order_id: int, caller: Caller, connection: HTTPConnection, after: str | None = None
    ) -> AsyncIterator[AsyncIterator[TrackEvent]]:
        """What happens to an order until it is over, or the server stops: from where `after` was, or from how things
        stand."""
        async with self._tracking.order.subscribe(after=after, order_id=order_id) as told:
            with at_stop(connection.scope, told.stop):
                yield follow(told, lambda: self.snapshot(order_id, caller), fresh=after is None)

    async def own_restaurant(self, owner: Caller) -> int | None:
        async with self._db.transaction() as session:
            return await session.scalar(select(Restaurant.id).where(Restaurant.owner_id == owner.id))
