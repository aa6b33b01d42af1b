"""Restaurants and dishes."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from examples.food_delivery.database import Base


class Restaurant(Base):
    __tablename__ = "restaurants"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"), unique=True)
    name: Mapped[str] = mapped_column(String(80), index=True)
    cuisine: Mapped[str] = mapped_column(String(30), index=True)
    icon: Mapped[str] = mapped_column(String(20))
    about: Mapped[str] = mapped_column(String(200), default="")
    x: Mapped[int]
    y: Mapped[int]
    opens: Mapped[int] = mapped_column(default=0)  # minute of the day, UTC; equal to `closes`: always open
    closes: Mapped[int] = mapped_column(default=0)
    stars_sum: Mapped[int] = mapped_column(default=0)
    stars_count: Mapped[int] = mapped_column(default=0)
    score: Mapped[float] = mapped_column(default=0.0, index=True)  # their mean, kept here to order by
    autopilot: Mapped[bool] = mapped_column(default=True)  # whether the simulation runs its kitchen

    dishes: Mapped[list[Dish]] = relationship(back_populates="restaurant", order_by="Dish.id", lazy="raise")

    def is_open(self, minute: int) -> bool:
        """At a minute of the day."""
        if self.opens <= self.closes:
            return self.opens == self.closes or self.opens <= minute < self.closes
        return minute >= self.opens or minute < self.closes  # past midnight


class Dish(Base):
    __tablename__ = "dishes"
    # The database's own word that nothing is sold that isn't there.
    __table_args__ = (CheckConstraint("stock >= 0", name="stock"), CheckConstraint("price_cents > 0", name="price"))

    id: Mapped[int] = mapped_column(primary_key=True)
    restaurant_id: Mapped[int] = mapped_column(ForeignKey("restaurants.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    about: Mapped[str] = mapped_column(String(200), default="")
    icon: Mapped[str] = mapped_column(String(20), default="")
    price_cents: Mapped[int]
    stock: Mapped[int]

    restaurant: Mapped[Restaurant] = relationship(back_populates="dishes", lazy="raise")
