"""A city for so many: accounts, a fleet of couriers, and kitchens with plenty of all dishes but one."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from sqlalchemy import select, update

from examples.food_delivery.audit import sold
from examples.food_delivery.catalog.models import Dish
from examples.food_delivery.delivery.grid import CITY
from examples.food_delivery.delivery.models import Courier
from examples.food_delivery.identity.models import Role, User
from examples.food_delivery.parts import Parts
from examples.food_delivery.seed import PASSWORD
from examples.food_delivery.services import Services

_STOCK, _SCARCE = 1_000_000, 12
_CUSTOMERS_OF_A_COURIER = 5


@dataclass(frozen=True)
class City:
    """`plenty`: of dishes that nobody restocks, what there would be of each, had nothing ever been sold."""

    tokens: list[str]
    couriers: int
    plenty: dict[int, int]


async def prepare(services: Services, parts: Parts, customers: int) -> City:
    password_hash = await services.auth.passwords.hash(PASSWORD)
    random = Random(11)

    def person(role: Role, number: int) -> User:
        email, name = f"load-{role}{number}@vivace.example", f"{role.capitalize()} {number}"
        x, y = random.randint(0, CITY.width), random.randint(0, CITY.height)
        return User(email=email, name=name, role=role, password_hash=password_hash, x=x, y=y)

    people = [person(Role.CUSTOMER, number) for number in range(customers)]
    riders = [person(Role.COURIER, number) for number in range(customers // _CUSTOMERS_OF_A_COURIER)]
    async with parts.db.transaction() as session:
        session.add_all([*people, *riders])
        await session.flush()
        session.add_all([Courier(id=rider.id, x=float(rider.x), y=float(rider.y)) for rider in riders])
        await session.execute(update(Dish).values(stock=_STOCK))
        rows = (await session.execute(select(Dish.restaurant_id, Dish.id).order_by(Dish.id))).all()
        scarce = dict(reversed(rows))  # the first one of each
        await session.execute(update(Dish).where(Dish.id.in_(scarce.values())).values(stock=_SCARCE))
        before = await sold(session)
    plenty = {dish: _STOCK + before.get(dish, 0) for _, dish in rows if dish not in scarce.values()}
    tokens = [(await services.auth.log_in(person)).access_token for person in people]
    return City(tokens, len(riders), plenty)
