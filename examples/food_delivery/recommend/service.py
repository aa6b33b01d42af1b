"""Suggestions: what the model likes for somebody, and can be had right now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import Select, func, or_, select

from examples.food_delivery.catalog.models import Dish, Restaurant
from examples.food_delivery.catalog.schemas import DishCard
from examples.food_delivery.catalog.search import is_open
from examples.food_delivery.catalog.service import minute_of_day
from examples.food_delivery.ordering.models import Order, OrderLine
from examples.food_delivery.recommend import recommender as model
from examples.food_delivery.recommend.schemas import Suggestion
from vivace.kit.sql import Database

T = TypeVar("T")

_ASKED = 200  # dishes, of which some can't be had
_HISTORY = 200  # lines of orders
_SHOWN = [getattr(Dish, name) for name in DishCard.model_fields]
_MOST_OF_ONE = 2  # dishes of one restaurant, to somebody who asks for nothing in particular


class Suggestions:
    def __init__(self, db: Database, recommender: model.Recommender) -> None:
        self._db = db
        self._recommender = recommender
        self._sold: dict[int, int] = {}  # how often each dish was ordered

    async def learn(self) -> None:
        """Have the model read the menus, and what was ordered. The first time it is loaded, which takes seconds."""
        sold = func.coalesce(func.sum(OrderLine.quantity), 0).label("sold")
        statement = (
            select(Dish.id, Dish.name, Dish.about, Restaurant.cuisine, sold, Restaurant.score)
            .join(Restaurant)
            .outerjoin(OrderLine, OrderLine.dish_id == Dish.id)
            .group_by(Dish.id, Restaurant.cuisine, Restaurant.score)
        )
        async with self._db.transaction() as session:
            rows = (await session.execute(statement)).all()
        dishes = [
            # Of those that are ordered alike, what the better restaurants have.
            model.Dish(dish_id, name, f"{about} ({cuisine})", orders=100 * count + round(10 * score))
            for dish_id, name, about, cuisine, count, score in rows
        ]
        await self._recommender.load(dishes)
        self._sold = {row.id: row.sold for row in rows}

    async def for_customer(self, customer_id: int, words: str, limit: int) -> list[Suggestion]:
        """The best first; at most `limit`. `words`: what they feel like, may be empty."""
        words, history = words.strip(), await self._history(customer_id)
        liked = await self._recommender.recommend(history, words, limit=_ASKED)
        suggested: list[Suggestion] = []
        kitchens: Counter[int] = Counter()
        for candidates in _portions(liked, 4 * limit):
            found = await self._look_up(candidates, words)
            for one in candidates:
                if (dish := found.get(one.dish_id)) is None:
                    continue
                kitchens[dish.restaurant_id] += 1
                if words or kitchens[dish.restaurant_id] <= _MOST_OF_ONE:
                    suggested.append(self._shown(dish, one, words))
                if len(suggested) == limit:
                    return suggested
        return suggested

    def _shown(self, dish: Any, one: model.Recommendation, words: str) -> Suggestion:
        card = DishCard.model_validate(dish)
        return Suggestion(dish=card, restaurant=dish.restaurant, reason=self._reason(one, words))

    async def _look_up(self, candidates: Sequence[model.Recommendation], words: str) -> dict[int, Any]:
        """Those that can be had now, by dish: rows of what is shown, which cost less than objects."""
        statement = select(*_SHOWN, Restaurant.name.label("restaurant")).join(Restaurant)
        statement = statement.where(Dish.id.in_([one.dish_id for one in candidates]), Dish.stock > 0)
        statement = statement.where(is_open(minute_of_day()))
        if not any(one.by == "taste" for one in candidates):
            statement = _said(statement, words)
        async with self._db.transaction() as session:
            return {dish.id: dish for dish in await session.execute(statement)}

    def _reason(self, one: model.Recommendation, words: str) -> str:
        if one.by == "taste":
            return "Sounds like what you said" if words else "Like what you ordered"
        count = self._sold.get(one.dish_id)
        return f"Ordered {count} times" if count else "Well rated"

    async def _history(self, customer_id: int) -> list[int]:
        """Ids of what they have ordered, the latest last."""
        statement = (
            select(OrderLine.dish_id)
            .join(Order)
            .where(Order.customer_id == customer_id)
            .order_by(OrderLine.id.desc())
            .limit(_HISTORY)
        )
        async with self._db.transaction() as session:
            return list(await session.scalars(statement))[::-1]


def _portions(liked: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The first few are enough as a rule: of the others nobody has to know whether they can be had."""
    return (liked[start : start + size] for start in range(0, len(liked), size))


def _said(statement: Select[Any], words: str) -> Select[Any]:
    """Popularity knows nothing of words: dishes have to have each of them."""
    columns = (Dish.name, Dish.about, Restaurant.cuisine)
    each = [or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in words.split()[:8]]
    return statement.where(*each)
