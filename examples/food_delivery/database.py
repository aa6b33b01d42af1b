"""What all tables have in common: the base class, points in time, enumerations.

Which tables there are, the features' `models` say.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import DateTime, Dialect, Enum, MetaData, TypeDecorator
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.sql.functions import GenericFunction


class Moment(TypeDecorator[datetime]):
    """A point in time, in UTC. SQLite forgets time zones, so they are put back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value and value.replace(tzinfo=value.tzinfo or UTC)


class Base(DeclarativeBase):
    # Constraints have names, so that migrations can find them again.
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: Moment}


def words(of: type[StrEnum]) -> Enum:
    """A column of an enumeration's values, as text: a new value needs no change of a database's type."""
    return Enum(of, native_enum=False, length=20, values_callable=lambda members: [member.value for member in members])


def now() -> datetime:
    return datetime.now(UTC)


class hour_of(GenericFunction[datetime]):
    """The hour in which a moment lies."""

    type = Moment()
    inherit_cache = True


@compiles(hour_of)
def _truncated(element: hour_of, compiler: Any, **options: Any) -> str:
    return f"date_trunc('hour', {compiler.process(element.clauses, **options)} AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'"


@compiles(hour_of, "sqlite")
def _formatted(element: hour_of, compiler: Any, **options: Any) -> str:
    return f"strftime('%Y-%m-%d %H:00:00.000000', {compiler.process(element.clauses, **options)})"
