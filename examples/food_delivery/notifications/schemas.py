"""What goes over the wire."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class NotificationCard(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    order_id: int
    text: str
    at: datetime
    read_at: datetime | None


class Unread(BaseModel):
    unread: int
