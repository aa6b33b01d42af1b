"""What goes over the wire. Money is in cents."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from examples.food_delivery.delivery.grid import CITY
from examples.food_delivery.ordering.models import Payment
from examples.food_delivery.ordering.states import Actor, Status

Id = Annotated[int, Field(ge=1, le=2**31 - 1)]


class CartLine(BaseModel):
    dish_id: Id
    quantity: Annotated[int, Field(ge=1, le=50)]
    price_cents: Annotated[int, Field(ge=1, le=100_000, description="The price that the customer has seen, for one")]


def _each_once(lines: list[CartLine]) -> list[CartLine]:
    if len({line.dish_id for line in lines}) < len(lines):
        raise ValueError("each dish once, with its quantity")
    return lines


class Cart(BaseModel):
    restaurant_id: Id
    lines: Annotated[list[CartLine], Field(min_length=1, max_length=30), AfterValidator(_each_once)]
    x: Annotated[int | None, Field(ge=0, le=CITY.width, description="Where to; by default home")] = None
    y: Annotated[int | None, Field(ge=0, le=CITY.height)] = None
    note: Annotated[str, Field(max_length=200)] = ""


class Reason(BaseModel):
    reason: Annotated[str, Field(max_length=200)] = ""


class Stars(BaseModel):
    stars: Annotated[int, Field(ge=1, le=5)]
    comment: Annotated[str, Field(max_length=500)] = ""


class _Read(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class LineCard(_Read):
    dish_id: int
    name: str
    icon: str
    quantity: int
    price_cents: int


class EventCard(_Read):
    status: Status
    actor: Actor
    reason: str
    at: datetime


class Place(_Read):
    id: int
    name: str
    icon: str
    x: int
    y: int


class Person(_Read):
    name: str


class RatingCard(_Read):
    stars: int
    comment: str
    at: datetime


class OrderCard(_Read):
    id: int
    status: Status
    payment: Payment
    restaurant: Place
    customer: Person
    courier_id: int | None
    items_cents: int
    delivery_cents: int
    total_cents: int
    x: int
    y: int
    note: str
    placed_at: datetime
    promised_at: datetime
    delivered_at: datetime | None
    lines: list[LineCard]


class OrderDetails(OrderCard):
    history: list[EventCard]
    rating: RatingCard | None
