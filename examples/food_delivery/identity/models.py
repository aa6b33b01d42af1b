"""Accounts, and what the services have to know of who acts."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from examples.food_delivery.database import Base, words


class Role(StrEnum):
    CUSTOMER = "customer"
    RESTAURANT = "restaurant"
    COURIER = "courier"
    ADMIN = "admin"


class Caller(Protocol):
    """Who acts: a `User`, or somebody of the simulation."""

    @property
    def id(self) -> int: ...

    @property
    def role(self) -> Role: ...


class User(Base):
    """An account. `username`, `password_hash` and `roles` are what `vivace.kit.auth` asks of it."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)  # in lower case
    name: Mapped[str] = mapped_column(String(80))
    role: Mapped[Role] = mapped_column(words(Role), index=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    x: Mapped[int] = mapped_column(default=0)  # where they live: a crossing of the city's grid
    y: Mapped[int] = mapped_column(default=0)

    @property
    def username(self) -> str:
        return self.email

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset({self.role})
