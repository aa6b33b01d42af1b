"""People who live in the city: they order, cook and ride, by what the services offer to everybody.

`background` sees to it that one process at a time does that. Kitchens and couriers whose autopilot is off are left to
whoever plays them.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Iterable, Sequence
from datetime import timedelta
from random import Random
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from examples.food_delivery.catalog.models import Dish, Restaurant
from examples.food_delivery.catalog.service import Catalog, minute_of_day
from examples.food_delivery.database import now
from examples.food_delivery.delivery.grid import CITY, SECONDS_A_BLOCK, Point, distance, step
from examples.food_delivery.delivery.models import Courier
from examples.food_delivery.delivery.service import Delivery
from examples.food_delivery.errors import Refusal
from examples.food_delivery.identity.models import Role, User
from examples.food_delivery.ordering.models import Order, Payment
from examples.food_delivery.ordering.ratings import Ratings
from examples.food_delivery.ordering.schemas import Cart, CartLine, Stars
from examples.food_delivery.ordering.service import Orders
from examples.food_delivery.ordering.states import UNDER_WAY, Action, Status
from examples.food_delivery.seed import DEMO
from vivace.kit.sql import Database

logger = logging.getLogger("food_delivery.simulation")

TICK = 0.5  # seconds
_ORDER_EVERY = 4.0  # seconds, on average
_MOST_UNDER_WAY = 16
_KITCHEN = {  # after how many seconds what is done
    Status.PLACED: (3.0, Action.ACCEPT),
    Status.ACCEPTED: (3.0, Action.COOK),
    Status.COOKING: (12.0, Action.FINISH),
}
_AT_ONCE = 4  # of a pool's sessions; the others are for those who come from outside
_RESTOCK_BELOW, _RESTOCK_TO = 10, 80


class _Resident(NamedTuple):
    """Somebody who acts, as the services know them."""

    id: int
    role: Role


class Simulation:
    def __init__(
        self, db: Database, catalog: Catalog, orders: Orders, ratings: Ratings, delivery: Delivery,
        *, pace: float = 1.0, seed: int | None = None,
    ) -> None:  # fmt: skip
        self._db = db
        self._catalog, self._orders, self._ratings, self._delivery = catalog, orders, ratings, delivery
        self._pace = pace
        self._random = Random(seed)
        self._strolls: dict[int, Point] = {}  # where couriers without an order are going

    async def tick(self) -> None:
        """Half a second of the city's life, times its pace."""
        under_way = await self._under_way()
        if len(under_way) < _MOST_UNDER_WAY and self._random.random() < TICK * self._pace / _ORDER_EVERY:
            await self._somebody_orders()
        await _together(self._cook(order) for order in under_way if order.restaurant.autopilot)
        await self._ride(under_way)

    async def _under_way(self) -> list[Order]:
        statement = (
            select(Order)
            .where(Order.status.in_(UNDER_WAY), Order.payment == Payment.PAID)
            .options(selectinload(Order.restaurant), selectinload(Order.customer))
            .order_by(Order.id)
        )
        async with self._db.transaction() as session:
            return list(await session.scalars(statement))

    # -- customers

    async def _somebody_orders(self) -> None:
        # The demo customer is for those who look around.
        residents = select(User).where(User.role == Role.CUSTOMER, User.email != DEMO[0].email).order_by(User.id)
        async with self._db.transaction() as session:
            customers = list(await session.scalars(residents))
            restaurants = list(
                await session.scalars(
                    select(Restaurant).options(selectinload(Restaurant.dishes)).order_by(Restaurant.id)
                )
            )
        restaurants = [restaurant for restaurant in restaurants if restaurant.is_open(minute_of_day())]
        if not customers or not restaurants:
            return
        customer = self._random.choice(customers)
        restaurant = self._random.choice(restaurants)
        await self._restock(restaurant)
        dishes = self._random.sample(restaurant.dishes, self._random.randint(1, min(3, len(restaurant.dishes))))
        lines = [
            CartLine(dish_id=dish.id, quantity=self._random.choice((1, 1, 1, 2)), price_cents=dish.price_cents)
            for dish in dishes
        ]
        try:
            await self._orders.place(
                _Resident(customer.id, Role.CUSTOMER), Cart(restaurant_id=restaurant.id, lines=lines)
            )
        except Refusal as refusal:
            logger.info("no order: %s", refusal.detail)

    async def _restock(self, restaurant: Restaurant) -> None:
        low = [dish.id for dish in restaurant.dishes if dish.stock < _RESTOCK_BELOW] if restaurant.autopilot else []
        if low:
            async with self._db.transaction() as session:
                for dish in await session.scalars(select(Dish).where(Dish.id.in_(low))):
                    dish.stock = _RESTOCK_TO
            await self._catalog.numbers_changed(restaurant.id)

    async def _rate(self, order: Order) -> None:
        if self._random.random() < 0.6:
            stars = Stars(stars=self._random.choice((3, 4, 4, 5, 5, 5)))
            await self._ratings.rate(order.id, _Resident(order.customer_id, Role.CUSTOMER), stars)

    # -- kitchens

    async def _cook(self, order: Order) -> None:
        seconds, action = _KITCHEN.get(order.status, (0.0, None))
        if action is None or now() - order.changed_at < timedelta(seconds=seconds / self._pace):
            return
        owner = _Resident(order.restaurant.owner_id, Role.RESTAURANT)
        await self._try(order, action, owner)

    async def _try(self, order: Order, action: Action, caller: _Resident) -> bool:
        try:
            await self._orders.step(order.id, action, caller)
        except Refusal as refusal:  # a person was quicker
            logger.info("order %s: %s", order.id, refusal.detail)
            return False
        return True

    # -- couriers

    async def _ride(self, under_way: Sequence[Order]) -> None:
        couriers = [courier for courier in await self._delivery.couriers() if courier.autopilot]
        carried = {order.courier_id: order for order in under_way if order.courier_id}
        await self._claim(under_way, [courier for courier in couriers if courier.id not in carried])
        blocks = TICK * self._pace / SECONDS_A_BLOCK
        moves = {}
        for courier in couriers:
            order = carried.get(courier.id)
            to = self._target(order) if order else self._stroll(courier)
            moves[courier.id] = step(courier.at, to, blocks if order else blocks / 2)
        await self._delivery.move(moves)
        await _together(self._arrive(carried[one], at) for one, at in moves.items() if one in carried)

    async def _claim(self, under_way: Sequence[Order], free: list[Courier]) -> None:
        """The nearest courier takes what is being cooked; rides begin with the next tick."""
        claims = []
        for order in under_way:
            if free and order.courier_id is None and order.status in (Status.COOKING, Status.READY):
                door = Point(order.restaurant.x, order.restaurant.y)
                courier = min(free, key=lambda courier: distance(courier.at, door))
                free.remove(courier)
                claims.append(self._take(order, courier))
        await _together(claims)

    async def _take(self, order: Order, courier: Courier) -> None:
        try:
            await self._delivery.take(order.id, _Resident(courier.id, Role.COURIER))
        except Refusal as refusal:
            logger.info("order %s: %s", order.id, refusal.detail)

    async def _arrive(self, order: Order, at: Point) -> None:
        if order.courier_id is None or at != self._target(order):
            return
        rider = _Resident(order.courier_id, Role.COURIER)
        if order.status is Status.READY:
            await self._try(order, Action.PICK_UP, rider)
        elif order.status is Status.PICKED_UP:
            delivered = await self._try(order, Action.DELIVER, rider)
            if delivered and order.customer.email != DEMO[0].email:
                await self._rate(order)

    def _target(self, order: Order) -> Point:
        if order.status is Status.PICKED_UP:
            return Point(order.x, order.y)
        return Point(order.restaurant.x, order.restaurant.y)

    def _stroll(self, courier: Courier) -> Point:
        to = self._strolls.get(courier.id)
        if to is None or courier.at == to:
            to = Point(self._random.randint(0, CITY.width), self._random.randint(0, CITY.height))
            self._strolls[courier.id] = to
        return to


async def _together(works: Iterable[Coroutine[Any, Any, None]]) -> None:
    """All of them, some at once: the city goes on, however many are under way."""
    places = asyncio.Semaphore(_AT_ONCE)

    async def one(work: Coroutine[Any, Any, None]) -> None:
        async with places:
            await work

    for outcome in await asyncio.gather(*map(one, works), return_exceptions=True):
        if outcome is not None:
            raise outcome
