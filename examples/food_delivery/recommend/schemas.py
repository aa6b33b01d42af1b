"""What goes over the wire."""

from __future__ import annotations

from pydantic import BaseModel

from examples.food_delivery.catalog.schemas import DishCard


class Suggestion(BaseModel):
    dish: DishCard
    restaurant: str
    reason: str
