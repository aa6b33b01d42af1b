"""What can be done with orders. Each method ends its transaction before it tells anybody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from examples.food_delivery.catalog.models import Dish
from examples.food_delivery.catalog.service import Catalog
from examples.food_delivery.delivery.schemas import StatusChange
from examples.food_delivery.delivery.tracking import Tracking
from examples.food_delivery.errors import Conflict, NotYours, PaymentRefused
from examples.food_delivery.identity.models import Caller
from examples.food_delivery.ordering import placing
from examples.food_delivery.ordering.models import Order, Payment
from examples.food_delivery.ordering.moving import check, locked, move
from examples.food_delivery.ordering.reading import cards, check_concerned, concerns, read, under_way
from examples.food_delivery.ordering.schemas import Cart
from examples.food_delivery.ordering.settlement import Settlement
from examples.food_delivery.ordering.states import Action, Actor
from vivace.kit.paginate import ByCursor, CursorPage
from vivace.kit.sql import Database, after_commit


class Orders:
    def __init__(self, db: Database, settlement: Settlement, tracking: Tracking, catalog: Catalog) -> None:
        self._db = db
        self._settlement = settlement
        self._tracking = tracking
        self._catalog = catalog

    # -- place

    async def place(self, customer: Caller, cart: Cart, key: str | None = None) -> Order:
        """The paid order.

        Args:
            customer: who orders.
            cart: what, where from, where to.
            key: tells this order from others of the customer. Again with the same key, it is the same order.

        Raises:
            PaymentRefused: it was placed, and cancelled again.
            NotFound, OutOfStock, PriceChanged, Conflict: it was not placed.
        """
        order_id = await self._placed_before(customer.id, key) or await self._place(customer.id, cart, key)
        await self.settle(order_id)
        order = await self.get(order_id, customer)
        if order.payment is Payment.REFUSED:
            raise PaymentRefused("Your bank refused the payment. Nothing was taken", order_id=order_id)
        return order

    async def _place(self, customer_id: int, cart: Cart, key: str | None) -> int:
        async def work(session: AsyncSession) -> int:
            order = await placing.place(session, customer_id, cart, key)
            dishes = [line.dish_id for line in cart.lines]
            sold_out = select(Dish.id).where(Dish.id.in_(dishes), Dish.stock == 0).exists()
            if await session.scalar(select(sold_out)):
                after_commit(session, lambda: self._catalog.numbers_changed(cart.restaurant_id))
            return order.id

        try:
            return await self._db.run(work)
        except IntegrityError:  # the same key at the same moment: the other one is the order
            if before := await self._placed_before(customer_id, key):
                return before
            raise

    async def _placed_before(self, customer_id: int, key: str | None) -> int | None:
        if key is None:
            return None
        async with self._db.transaction() as session:
            return await session.scalar(select(Order.id).where(Order.customer_id == customer_id, Order.key == key))

    # -- move

    async def act(self, order_id: int, action: Action, caller: Caller, reason: str = "") -> Order:
        """The order after a step, with its details.

        Raises:
            NotFound: it is none of the caller's business.
            Conflict, NotYours: the state machine says no.
        """
        await self.step(order_id, action, caller, reason)
        return await self.get(order_id, caller)

    async def step(self, order_id: int, action: Action, caller: Caller, reason: str = "") -> None:
        """The same for who needs no details.

        Raises:
            NotFound, Conflict, NotYours: as above.
        """
        actor = Actor(caller.role)
        if action is Action.REFUND:
            order = await self.get(order_id, caller)
            check(order.status, action, actor)
            await self._settlement.refund(order, actor, reason)
            order = await self.get(order_id, caller)
        else:
            order = await self._db.run(lambda session: self._act(session, order_id, action, caller, reason))
        if action is Action.CANCEL:
            order = await self._settlement.settle(order_id)
            await self._catalog.numbers_changed(order.restaurant_id)
        await self.tell(order)

    async def _act(self, session: AsyncSession, order_id: int, action: Action, caller: Caller, reason: str) -> Order:
        order = await locked(session, order_id)
        await check_concerned(session, order_id, caller)
        if action is Action.ACCEPT and order.payment is not Payment.PAID:
            raise Conflict("It has not been paid yet")
        if action in (Action.PICK_UP, Action.DELIVER) and order.courier_id != caller.id:
            raise NotYours("Claim this order first: another courier may want it too")
        await move(session, order, action, Actor(caller.role), reason)
        return order

    async def settle(self, order_id: int) -> None:
        """Whatever is due of its money, and whoever should know of it."""
        await self.tell(await self._settlement.settle(order_id))

    async def settle_open(self, older_than: timedelta = timedelta(seconds=30)) -> int:
        """What a process has left open that died, or that couldn't reach the provider. Returns how many there were."""
        found = await self._settlement.open_orders(older_than)
        for order_id in found:
            await self.settle(order_id)
        return len(found)

    async def tell(self, order: Order) -> None:
        """Everybody who follows it, its kitchen, or its customer."""
        change = StatusChange(order_id=order.id, status=order.status, courier_id=order.courier_id)
        await self._tracking.status(change, restaurant_id=order.restaurant_id, customer_id=order.customer_id)

    # -- read

    async def get(self, order_id: int, caller: Caller) -> Order:
        """
        Raises:
            NotFound: there is none, or it is none of the caller's business.
        """
        async with self._db.transaction() as session:
            return await read(session, order_id, caller)

    async def of(self, caller: Caller, page: ByCursor) -> CursorPage[Any]:
        """What concerns the caller, the newest first."""
        async with self._db.transaction() as session:
            return await page.select(session, cards().where(concerns(caller)), order_by=[Order.id.desc()])

    async def board(self, caller: Caller) -> list[Order]:
        """What concerns the caller and is under way, the oldest first."""
        statement = cards().where(concerns(caller), under_way()).order_by(Order.id).limit(200)
        async with self._db.transaction() as session:
            return list(await session.scalars(statement))
