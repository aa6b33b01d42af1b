"""A city to begin with: the same one each time."""

from __future__ import annotations

import asyncio
from random import Random
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from examples.food_delivery.catalog.models import Dish, Restaurant
from examples.food_delivery.delivery.grid import CITY
from examples.food_delivery.delivery.models import Courier
from examples.food_delivery.identity.models import Role, User
from examples.food_delivery.identity.service import hash_password
from examples.food_delivery.seed_data import FIRST_NAMES, KINDS, LAST_NAMES, Kind
from vivace.kit.sql import Database

PASSWORD = "vivace-demo"
COURIERS, CUSTOMERS = 14, 60


class Demo(NamedTuple):
    """Accounts to look around with."""

    role: Role
    email: str
    name: str


DEMO = (
    Demo(Role.CUSTOMER, "customer@vivace.example", "Clara Customer"),
    Demo(Role.RESTAURANT, "restaurant@vivace.example", "Remo Restaurant"),
    Demo(Role.COURIER, "courier@vivace.example", "Carlo Courier"),
    Demo(Role.ADMIN, "admin@vivace.example", "Ada Admin"),
)


async def seed(db: Database) -> bool:
    """Fill an empty database. Returns whether it was empty."""
    password_hash = await asyncio.to_thread(hash_password, PASSWORD)  # one for all: hashing takes 50 ms

    async def fill(session: AsyncSession) -> bool:
        if await session.scalar(select(func.count(User.id))):
            return False
        await _Builder(session, password_hash).build()
        return True

    return await db.run(fill)


class _Builder:
    def __init__(self, session: AsyncSession, password_hash: str) -> None:
        self._session = session
        self._hash = password_hash
        self._random = Random(7)

    async def build(self) -> None:
        customer, owner, courier, admin = DEMO
        await self._user(*customer)
        await self._user(*admin)
        names = [name for kind in KINDS for name in kind.names]
        kinds = [kind for kind in KINDS for _ in kind.names]
        for number, (name, kind) in enumerate(zip(names, kinds, strict=True)):
            whose = owner if number == 0 else Demo(Role.RESTAURANT, f"restaurant{number}@vivace.example", name)
            await self._restaurant(await self._user(*whose), name, kind, always_open=number % 4 != 3)
        for number in range(COURIERS):
            whose = courier if number == 0 else Demo(Role.COURIER, f"courier{number}@vivace.example", self._name())
            user = await self._user(*whose)
            self._session.add(Courier(id=user.id, x=float(user.x), y=float(user.y)))
        for number in range(CUSTOMERS):
            await self._user(Role.CUSTOMER, f"customer{number + 1}@vivace.example", self._name())

    async def _user(self, role: Role, email: str, name: str) -> User:
        x, y = self._random.randint(1, CITY.width - 1), self._random.randint(1, CITY.height - 1)
        user = User(email=email, name=name, role=role, password_hash=self._hash, x=x, y=y)
        self._session.add(user)
        await self._session.flush()
        return user

    async def _restaurant(self, owner: User, name: str, kind: Kind, *, always_open: bool) -> None:
        stars = self._random.randint(20, 90)
        stars_sum = sum(self._random.choice((3, 4, 4, 5, 5)) for _ in range(stars))
        opens, closes = (0, 0) if always_open else (11 * 60, 23 * 60)
        restaurant = Restaurant(
            owner_id=owner.id, name=name, cuisine=kind.cuisine, icon=kind.icon, about=kind.about,
            x=owner.x, y=owner.y, opens=opens, closes=closes,
            stars_sum=stars_sum, stars_count=stars, score=round(stars_sum / stars, 2),
        )  # fmt: skip
        self._session.add(restaurant)
        await self._session.flush()
        for icon, dish, about, cents in kind.dishes:
            price = cents + 10 * self._random.randint(-8, 8)
            self._session.add(
                Dish(
                    restaurant_id=restaurant.id, name=dish, about=about, icon=icon, price_cents=price,
                    stock=self._random.randint(40, 120),
                )
            )  # fmt: skip

    def _name(self) -> str:
        return f"{self._random.choice(FIRST_NAMES)} {self._random.choice(LAST_NAMES)}"
