"""Couriers."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from examples.food_delivery.database import Base
from examples.food_delivery.delivery.grid import Point


class Courier(Base):
    """A user who delivers, and where they are."""

    __tablename__ = "couriers"

    id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True, autoincrement=False)
    x: Mapped[float]
    y: Mapped[float]
    autopilot: Mapped[bool] = mapped_column(default=True)  # whether the simulation rides for them

    @property
    def at(self) -> Point:
        return Point(self.x, self.y)
