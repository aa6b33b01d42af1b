"""Accounts, and the logins that may still be refreshed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from examples.food_delivery.database import Base, words


class Role(StrEnum):
    CUSTOMER = "customer"
    RESTAURANT = "restaurant"
    COURIER = "courier"
    ADMIN = "admin"


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)  # in lower case
    name: Mapped[str] = mapped_column(String(80))
    role: Mapped[Role] = mapped_column(words(Role), index=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    x: Mapped[int] = mapped_column(default=0)  # where they live: a crossing of the city's grid
    y: Mapped[int] = mapped_column(default=0)


class Login(Base):
    """One login on one device. Its refresh token changes with each use; a token used twice was stolen from somebody."""

    __tablename__ = "logins"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64))
    ends: Mapped[datetime]
