"""The tables that the tests have, and a lifespan that makes them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from vivace.kit.sql import Database


class Base(DeclarativeBase):
    pass


class Shelf(Base):
    __tablename__ = "shelves"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int] = mapped_column(default=0)


class Item(Base):
    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    # Checked when the transaction is committed, not before.
    shelf_id: Mapped[int | None] = mapped_column(ForeignKey("shelves.id", deferrable=True, initially="DEFERRED"))


def with_tables(db: Database) -> Callable[[Any], Any]:
    @asynccontextmanager
    async def lifespan(_: Any) -> AsyncIterator[None]:
        async with db:
            await db.create_all(Base.metadata)
            async with db.transaction() as session:
                await session.merge(Shelf(id=1))
            yield

    return lifespan
