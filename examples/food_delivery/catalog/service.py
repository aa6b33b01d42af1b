"""Searching, and keeping a menu. What is cached of it ends with its tag when something changes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from examples.food_delivery.catalog.models import Dish, Restaurant
from examples.food_delivery.catalog.schemas import DishChange, NewDish, Search
from examples.food_delivery.catalog.search import select_restaurants
from examples.food_delivery.database import now
from examples.food_delivery.errors import NotFound
from vivace.kit.cache import Cache
from vivace.kit.paginate import ByCursor, CursorPage
from vivace.kit.sql import Database

RESTAURANTS = "restaurants"  # the tag of every list of them


def menu_tag(restaurant_id: int | str) -> str:
    return f"menu:{restaurant_id}"


def minute_of_day() -> int:
    time = now()
    return time.hour * 60 + time.minute


class Catalog:
    """
    Each change is committed before its tag is invalidated: the other way round, somebody could read the old in between,
    and have it kept for new.
    """

    def __init__(self, db: Database, cache: Cache) -> None:
        self._db = db
        self._cache = cache

    async def search(self, search: Search, page: ByCursor) -> CursorPage[Any]:
        statement, order = select_restaurants(search, minute_of_day())
        async with self._db.transaction() as session:
            return await page.select(session, statement, order_by=order)

    async def everywhere(self) -> list[Restaurant]:
        """All restaurants, for a map."""
        async with self._db.transaction() as session:
            return list(await session.scalars(select(Restaurant).order_by(Restaurant.id)))

    async def cuisines(self) -> list[str]:
        async with self._db.transaction() as session:
            return list(await session.scalars(select(Restaurant.cuisine).distinct().order_by(Restaurant.cuisine)))

    async def menu(self, restaurant_id: int) -> Restaurant:
        """A restaurant with its dishes.

        Raises:
            NotFound: there is none.
        """
        statement = select(Restaurant).where(Restaurant.id == restaurant_id).options(selectinload(Restaurant.dishes))
        async with self._db.transaction() as session:
            restaurant = await session.scalar(statement)
        if restaurant is None:
            raise NotFound("There is no such restaurant")
        return restaurant

    async def owned_by(self, owner_id: int) -> Restaurant:
        """
        Raises:
            NotFound: they have none.
        """
        async with self._db.transaction() as session:
            restaurant = await session.scalar(select(Restaurant).where(Restaurant.owner_id == owner_id))
        if restaurant is None:
            raise NotFound("This account has no restaurant")
        return restaurant

    async def set_autopilot(self, owner_id: int, on: bool) -> Restaurant:
        restaurant = await self.owned_by(owner_id)
        async with self._db.transaction() as session:
            session.add(restaurant)
            restaurant.autopilot = on
        return restaurant

    async def add_dish(self, owner_id: int, data: NewDish) -> Dish:
        restaurant = await self.owned_by(owner_id)
        dish = Dish(restaurant_id=restaurant.id, **data.model_dump())
        async with self._db.transaction() as session:
            session.add(dish)
        await self.menu_changed(restaurant.id)
        return dish

    async def change_dish(self, owner_id: int, dish_id: int, change: DishChange) -> Dish:
        """
        Raises:
            NotFound: it is not on their menu.
        """
        async with self._db.transaction() as session:
            dish = await session.scalar(
                select(Dish).join(Restaurant).where(Dish.id == dish_id, Restaurant.owner_id == owner_id)
            )
            if dish is None:
                raise NotFound("There is no such dish on your menu")
            for name, value in change.model_dump(exclude_none=True).items():
                setattr(dish, name, value)
        await self.menu_changed(dish.restaurant_id)
        return dish

    async def menu_changed(self, restaurant_id: int) -> None:
        """Forget what is cached of a menu, and the lists that are searched by names of dishes."""
        await self._cache.invalidate(menu_tag(restaurant_id), RESTAURANTS)

    async def numbers_changed(self, restaurant_id: int) -> None:
        """Stock or stars, many times a second for all: forget a menu, and let lists be some seconds old."""
        await self._cache.invalidate(menu_tag(restaurant_id))
