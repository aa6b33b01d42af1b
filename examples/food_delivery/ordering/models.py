"""Orders, what is in them, what happened to them, and the money that moved."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from examples.food_delivery.catalog.models import Restaurant
from examples.food_delivery.database import Base, now, words
from examples.food_delivery.identity.models import User
from examples.food_delivery.ordering.states import UNDER_WAY, Actor, Status


class Payment(StrEnum):
    """Where an order's money is."""

    PENDING = "pending"
    PAID = "paid"
    REFUSED = "refused"
    REFUNDED = "refunded"


_ACTIVE = text(f"status IN ({', '.join(repr(status.value) for status in UNDER_WAY)})")


class Order(Base):
    __tablename__ = "orders"
    __table_args__ = (
        # A key of the client's: what is sent twice is one order, whatever happened to the process in between.
        UniqueConstraint("customer_id", "key", name="uq_orders_customer_id_key"),
        Index("ix_orders_restaurant_id_status", "restaurant_id", "status"),
        Index("ix_orders_courier_id_status", "courier_id", "status"),
        # A courier carries one order at a time.
        Index("uq_orders_active_courier", "courier_id", unique=True, sqlite_where=_ACTIVE, postgresql_where=_ACTIVE),
        CheckConstraint("total_cents = items_cents + delivery_cents", name="total"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    restaurant_id: Mapped[int] = mapped_column(ForeignKey("restaurants.id"))
    courier_id: Mapped[int | None] = mapped_column(ForeignKey("couriers.id"))
    key: Mapped[str | None] = mapped_column(String(255))
    status: Mapped[Status] = mapped_column(words(Status), default=Status.PLACED, index=True)
    payment: Mapped[Payment] = mapped_column(words(Payment), default=Payment.PENDING)
    items_cents: Mapped[int]
    delivery_cents: Mapped[int]
    total_cents: Mapped[int]
    x: Mapped[int]  # where to
    y: Mapped[int]
    note: Mapped[str] = mapped_column(String(200), default="")
    placed_at: Mapped[datetime] = mapped_column(default=now, index=True)
    promised_at: Mapped[datetime]
    changed_at: Mapped[datetime] = mapped_column(default=now)
    delivered_at: Mapped[datetime | None]

    @property
    def reference(self) -> str:
        """By which the payment provider knows it, here and after a restart."""
        return f"order-{self.id}-{self.placed_at.timestamp():.6f}"

    customer: Mapped[User] = relationship(lazy="raise")
    restaurant: Mapped[Restaurant] = relationship(lazy="raise")
    lines: Mapped[list[OrderLine]] = relationship(lazy="raise", order_by="OrderLine.id")
    history: Mapped[list[OrderEvent]] = relationship(lazy="raise", order_by="OrderEvent.id")
    rating: Mapped[Rating | None] = relationship(lazy="raise")


class OrderLine(Base):
    """A dish as it was when it was ordered: menus change."""

    __tablename__ = "order_lines"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    dish_id: Mapped[int] = mapped_column(ForeignKey("dishes.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    icon: Mapped[str] = mapped_column(String(20), default="")
    quantity: Mapped[int]
    price_cents: Mapped[int]


class OrderEvent(Base):
    """A step on the way of an order."""

    __tablename__ = "order_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    status: Mapped[Status] = mapped_column(words(Status))
    actor: Mapped[Actor] = mapped_column(words(Actor))
    reason: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime] = mapped_column(default=now)


class MoneyMove(Base):
    """The ledger: what the payment provider took (positive) and gave back (negative). Rows are only added."""

    __tablename__ = "money_moves"
    # One charge and one refund for each order, whoever settles it how often.
    __table_args__ = (UniqueConstraint("order_id", "kind", name="uq_money_moves_order_id_kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    kind: Mapped[Payment] = mapped_column(words(Payment))
    cents: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=now)


class Rating(Base):
    __tablename__ = "ratings"
    __table_args__ = (CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),)

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True, autoincrement=False)
    stars: Mapped[int]
    comment: Mapped[str] = mapped_column(String(500), default="")
    at: Mapped[datetime] = mapped_column(default=now)
