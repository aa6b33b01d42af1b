"""What goes over the wire. Money is in cents, places are crossings of the grid."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from examples.food_delivery.delivery.grid import CITY

Price = Annotated[int, Field(ge=1, le=100_000, description="In cents")]
Stock = Annotated[int, Field(ge=0, le=10_000, description="Portions")]
Title = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^\S(.*\S)?$")]
Sentence = Annotated[str, Field(max_length=200)]


class Order(StrEnum):
    RATING = "rating"
    DISTANCE = "distance"
    NAME = "name"


class Search(BaseModel):
    """The query of a search for restaurants."""

    search: Annotated[str | None, Field(max_length=80, description="Words of a restaurant's or a dish's name")] = None
    cuisine: Annotated[str | None, Field(max_length=30)] = None
    open_now: bool = False
    x: Annotated[int | None, Field(ge=0, le=CITY.width, description="Where you are; needs `y`")] = None
    y: Annotated[int | None, Field(ge=0, le=CITY.height)] = None
    within: Annotated[int | None, Field(ge=0, le=200, description="Blocks to walk; needs `x` and `y`")] = None
    order: Order = Order.RATING

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        if (self.x is None) != (self.y is None):
            raise ValueError("give both x and y, or neither")
        if self.x is None and (self.within is not None or self.order is Order.DISTANCE):
            raise ValueError("a distance needs x and y")
        return self


class RestaurantCard(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    cuisine: str
    icon: str
    about: str
    x: int
    y: int
    opens: Annotated[int, Field(description="Minute of the day, UTC; equal to `closes`: always open")]
    closes: int
    score: Annotated[float, Field(description="Mean of all stars; 0: none yet")]
    stars_count: int


class DishCard(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    restaurant_id: int
    name: str
    about: str
    icon: str
    price_cents: int
    stock: int


class Menu(RestaurantCard):
    dishes: list[DishCard]


class NewDish(BaseModel):
    name: Title
    about: Sentence = ""
    icon: Annotated[str, Field(max_length=20, pattern=r"^[a-z]*$")] = ""
    price_cents: Price
    stock: Stock = 0


class DishChange(BaseModel):
    """What is left out stays."""

    name: Title | None = None
    about: Sentence | None = None
    price_cents: Price | None = None
    stock: Stock | None = None


class Kitchen(RestaurantCard):
    """A restaurant as its owner sees it."""

    autopilot: bool


class KitchenChange(BaseModel):
    autopilot: Annotated[bool, Field(description="Whether the simulation runs the kitchen")]
