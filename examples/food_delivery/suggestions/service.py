"""Dishes that somebody may like. `Recommender` is what a model has to offer; `Popularity` needs none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from sqlalchemy import func, or_, select

from examples.food_delivery.catalog.models import Dish, Restaurant
from examples.food_delivery.catalog.schemas import DishCard
from examples.food_delivery.catalog.service import minute_of_day
from examples.food_delivery.ordering.models import OrderLine
from examples.food_delivery.suggestions.schemas import Suggestion
from vivace.kit.cache import Cache
from vivace.kit.sql import Database


class Liked(NamedTuple):
    dish_id: int
    reason: str


class Recommender(Protocol):
    async def recommend(self, customer_id: int, words: str, limit: int) -> Sequence[Liked]:
        """The best first; at most `limit`. `words`: what they feel like, may be empty."""


class Popularity:
    """What is ordered most; where nothing was ordered yet, what the best restaurants have.

    It goes through all that was ever ordered, so what it finds is kept for a while: it is the same for everybody.
    """

    def __init__(self, db: Database, cache: Cache) -> None:
        self._db = db
        self._kept = cache(ttl=30, stale=60)(self._rank)

    async def recommend(self, customer_id: int, words: str, limit: int) -> Sequence[Liked]:
        return await self._kept(words.lower(), limit)

    async def _rank(self, words: str, limit: int) -> list[Liked]:
        sold = func.coalesce(func.sum(OrderLine.quantity), 0)
        named = [
            or_(*(column.icontains(word, autoescape=True) for column in (Dish.name, Dish.about, Restaurant.cuisine)))
            for word in words.split()[:8]
        ]
        statement = (
            select(Dish.id, sold)
            .join(Restaurant)
            .outerjoin(OrderLine, OrderLine.dish_id == Dish.id)
            .where(*named)
            .group_by(Dish.id, Restaurant.score)
            .order_by(sold.desc(), Restaurant.score.desc(), Dish.id)
            .limit(limit)
        )
        async with self._db.transaction() as session:
            rows = await session.execute(statement)
            return [Liked(dish_id, f"Ordered {count} times" if count else "Well rated") for dish_id, count in rows]


class Suggestions:
    def __init__(self, db: Database, recommender: Recommender) -> None:
        self._db = db
        self._recommender = recommender

    async def for_customer(self, customer_id: int, words: str, limit: int) -> list[Suggestion]:
        """What the recommender says, without what can't be had right now."""
        liked = await self._recommender.recommend(customer_id, words, 3 * limit)
        statement = select(Dish, Restaurant).join(Restaurant).where(Dish.id.in_([dish_id for dish_id, _ in liked]))
        async with self._db.transaction() as session:
            found = {dish.id: (dish, restaurant) for dish, restaurant in await session.execute(statement)}
        minute = minute_of_day()
        return [
            Suggestion(dish=DishCard.model_validate(dish), restaurant=restaurant.name, reason=reason)
            for dish_id, reason in liked
            if dish_id in found
            for dish, restaurant in [found[dish_id]]
            if dish.stock > 0 and restaurant.is_open(minute)
        ][:limit]
