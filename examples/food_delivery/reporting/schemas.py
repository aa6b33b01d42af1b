"""What goes over the wire. Money is in cents."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel

from examples.food_delivery.ordering.states import Status


class Hour(BaseModel):
    hour: datetime
    orders: int
    revenue_cents: int


class Late(BaseModel):
    order_id: int
    restaurant: str
    status: Status
    promised_at: datetime
    late_seconds: int


class Overview(BaseModel):
    """The city right now."""

    by_status: dict[Status, int]
    under_way: int
    revenue_cents: int
    late: int


class Format(StrEnum):
    CSV = "csv"
    PARQUET = "parquet"
