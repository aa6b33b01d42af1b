"""A city to begin with: the same one each time."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from examples.food_delivery.catalog.models import Dish, Restaurant
from examples.food_delivery.delivery.grid import CITY
from examples.food_delivery.delivery.models import Courier
from examples.food_delivery.identity.models import Role, User
from examples.food_delivery.schema import migrations
from examples.food_delivery.seed_data import FIRST_NAMES, KINDS, LAST_NAMES, Kind
from vivace.kit.auth import Passwords
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


async def prepare(db: Database, *, populate: bool) -> None:
    """Tables as the models say, and a city in them where there is none."""
    await migrations(db).upgrade()
    if populate:
        await seed(db)


async def seed(db: Database) -> bool:
    """Fill an empty database. Returns whether it was empty."""
    password_hash = await Passwords().hash(PASSWORD)  # one for all: hashing takes 50 ms

    async def fill(session: AsyncSession) -> bool:
        if await session.scalar(select(func.count(User.id))):
            return False
        await _fill(session, password_hash)
        return True

    return await db.run(fill)


async def _fill(session: AsyncSession, password_hash: str) -> None:
    random = Random(7)
    places = [(kind, name) for kind in KINDS for name in kind.names]
    customer, owner, courier, admin = DEMO
    owners = [owner] + [
        Demo(Role.RESTAURANT, f"restaurant{n}@vivace.example", places[n][1]) for n in range(1, len(places))
    ]
    riders = [courier] + [Demo(Role.COURIER, f"courier{n}@vivace.example", _name(random)) for n in range(1, COURIERS)]
    residents = [Demo(Role.CUSTOMER, f"customer{n}@vivace.example", _name(random)) for n in range(1, CUSTOMERS + 1)]
    everybody = [customer, admin, *owners, *riders, *residents]
    users = [_user(random, person, password_hash) for person in everybody]
    session.add_all(users)
    await session.flush()

    by_email = {user.email: user for user in users}
    restaurants = [
        _restaurant(random, by_email[person.email], kind, name, always_open=n % 4 != 3)
        for n, (person, (kind, name)) in enumerate(zip(owners, places, strict=True))
    ]
    session.add_all(restaurants)
    await session.flush()

    for restaurant, (kind, _) in zip(restaurants, places, strict=True):
        session.add_all(_dishes(random, restaurant, kind))
    for person in riders:
        user = by_email[person.email]
        session.add(Courier(id=user.id, x=float(user.x), y=float(user.y)))


def _user(random: Random, person: Demo, password_hash: str) -> User:
    x, y = random.randint(1, CITY.width - 1), random.randint(1, CITY.height - 1)
    return User(email=person.email, name=person.name, role=person.role, password_hash=password_hash, x=x, y=y)


def _restaurant(random: Random, owner: User, kind: Kind, name: str, *, always_open: bool) -> Restaurant:
    stars = random.randint(20, 90)
    stars_sum = sum(random.choice((3, 4, 4, 5, 5)) for _ in range(stars))
    opens, closes = (0, 0) if always_open else (11 * 60, 23 * 60)
    return Restaurant(
        owner_id=owner.id, name=name, cuisine=kind.cuisine, icon=kind.icon, about=kind.about,
        x=owner.x, y=owner.y, opens=opens, closes=closes,
        stars_sum=stars_sum, stars_count=stars, score=stars_sum / stars,
    )  # fmt: skip


def _dishes(random: Random, restaurant: Restaurant, kind: Kind) -> list[Dish]:
    return [
        Dish(
            restaurant_id=restaurant.id, name=name, about=about, icon=icon,
            price_cents=cents + 10 * random.randint(-8, 8), stock=random.randint(40, 120),
        )
        for icon, name, about, cents in kind.dishes
    ]  # fmt: skip


def _name(random: Random) -> str:
    return f"{random.choice(FIRST_NAMES)} {random.choice(LAST_NAMES)}"
