"""What goes over the wire. Places are in blocks."""

from __future__ import annotations

from typing import Annotated, Literal

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


class StatusChange(BaseModel):
    type: Literal["status"] = "status"
    order_id: int
    status: Status
    courier_id: int | None


class CourierPosition(Position):
    """Where the courier is who carries an order."""

    type: Literal["position"] = "position"
    order_id: int
    courier_id: int


OrderEvent = Annotated[StatusChange | CourierPosition, Field(discriminator="type")]


class Rider(Position):
    id: int
    carries: Annotated[int | None, Field(description="The order's id")]


class Couriers(BaseModel):
    """Where those are who have moved."""

    couriers: list[Rider]


class TrackEvent(BaseModel):
    """A message of a WebSocket: the same `id` and data as an event of the stream has."""

    id: Annotated[str, Field(description="Opaque: sent back as `last_event_id`, the stream goes on after it")]
    data: Annotated[Snapshot | StatusChange | CourierPosition, Field(discriminator="type")]
