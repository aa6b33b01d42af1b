"""What goes over the wire. Places are in blocks."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from examples.food_delivery.delivery.grid import CITY
from examples.food_delivery.ordering.schemas import OrderCard
from examples.food_delivery.ordering.states import Status


class Position(BaseModel):
    """A place on a street: at least one of them is a whole number."""

    x: Annotated[float, Field(ge=0, le=CITY.width)]
    y: Annotated[float, Field(ge=0, le=CITY.height)]


class CourierCard(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    x: float
    y: float
    autopilot: bool


class CourierChange(BaseModel):
    autopilot: Annotated[bool, Field(description="Whether the simulation rides for them")]


class Jobs(BaseModel):
    """What a courier could take, and what they carry."""

    current: OrderCard | None
    open: list[OrderCard]


class Snapshot(BaseModel):
    """How things stand: what a client begins with that has missed something."""

    type: Literal["snapshot"] = "snapshot"
    order_id: int
    status: Status
    courier_id: int | None
    position: Position | None
    restaurant: Position
    to: Position


class TrackEvent(BaseModel):
    """A message of a WebSocket: the same `id` and data as an event of the stream has."""

    id: str
    data: dict[str, Any]
