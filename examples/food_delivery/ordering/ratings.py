"""Stars: one rating for an order that was delivered, and the restaurant's mean."""

from __future__ import annotations

from sqlalchemy import Float, Update, cast, update
from sqlalchemy.ext.asyncio import AsyncSession

from examples.food_delivery.catalog.models import Restaurant
from examples.food_delivery.catalog.service import Catalog
from examples.food_delivery.errors import Conflict
from examples.food_delivery.identity.models import Caller
from examples.food_delivery.ordering.models import Rating
from examples.food_delivery.ordering.moving import locked
from examples.food_delivery.ordering.reading import read
from examples.food_delivery.ordering.schemas import Stars
from examples.food_delivery.ordering.states import Status
from vivace.kit.sql import Database


class Ratings:
    def __init__(self, db: Database, catalog: Catalog) -> None:
        self._db = db
        self._catalog = catalog

    async def rate(self, order_id: int, customer: Caller, stars: Stars) -> Rating:
        """
        Raises:
            NotFound: it is not the customer's order.
            Conflict: it has not been delivered, or has been rated already.
        """

        async def work(session: AsyncSession) -> tuple[Rating, int]:
            await locked(session, order_id)
            order = await read(session, order_id, customer)
            if order.status is not Status.DELIVERED:
                raise Conflict("Rate it when you have it: it has not been delivered")
            if order.rating is not None:
                raise Conflict("You have rated this order already")
            rating = Rating(order_id=order_id, stars=stars.stars, comment=stars.comment)
            session.add(rating)
            await session.execute(_counted(order.restaurant_id, stars.stars))
            return rating, order.restaurant_id

        rating, restaurant_id = await self._db.run(work)
        await self._catalog.numbers_changed(restaurant_id)
        return rating


def _counted(restaurant_id: int, stars: int) -> Update:
    total, count = Restaurant.stars_sum + stars, Restaurant.stars_count + 1
    return (
        update(Restaurant)
        .where(Restaurant.id == restaurant_id)
        .values(stars_sum=total, stars_count=count, score=cast(total, Float) / count)
        .execution_options(synchronize_session=False)
    )
