"""From a `Search` to a select."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, func, or_, select

from examples.food_delivery.catalog.models import Dish, Restaurant
from examples.food_delivery.catalog.schemas import Order, Search


def select_restaurants(search: Search, minute: int) -> tuple[Select[Any], list[Any]]:
    """The select, and its order. `minute`: of the day, for `open_now`."""
    statement = select(Restaurant).where(*_conditions(search, minute))
    orders: dict[Order, Any] = {
        Order.RATING: Restaurant.score.desc(),
        Order.NAME: Restaurant.name.asc(),
        Order.DISTANCE: _distance(search),
    }
    return statement, [orders[search.order]]


def _conditions(search: Search, minute: int) -> Iterator[ColumnElement[bool]]:
    if search.search:
        dish = select(Dish.id).where(
            Dish.restaurant_id == Restaurant.id, Dish.name.icontains(search.search, autoescape=True)
        )
        yield or_(Restaurant.name.icontains(search.search, autoescape=True), dish.exists())
    if search.cuisine:
        yield func.lower(Restaurant.cuisine) == search.cuisine.lower()
    if search.open_now:
        yield is_open(minute)
    if search.within is not None:
        yield _distance(search) <= search.within


def is_open(minute: int) -> ColumnElement[bool]:
    """`Restaurant.is_open` as the database says it."""
    opens, closes = Restaurant.opens, Restaurant.closes
    return or_(
        opens == closes,
        and_(opens < closes, opens <= minute, closes > minute),
        and_(opens > closes, or_(opens <= minute, closes > minute)),
    )


def _distance(search: Search) -> ColumnElement[int]:
    east, south = Restaurant.x - (search.x or 0), Restaurant.y - (search.y or 0)
    return func.abs(east, type_=Integer) + func.abs(south, type_=Integer)
