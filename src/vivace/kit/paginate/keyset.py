"""The order of a select, and where in it a cursor stands: by the values that an item is ordered by, its keys.

The order has to leave nothing open, so the primary key is put behind it; and no key may be NULL, which is neither
before nor after anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import ConfigDict, TypeAdapter
from sqlalchemy import ColumnElement, Select, UnaryExpression, and_, false, inspect, literal, or_, tuple_
from sqlalchemy.exc import NoInspectionAvailable
from sqlalchemy.sql import operators


@dataclass(frozen=True)
class Key:
    """One column of the order."""

    column: ColumnElement[Any]
    descending: bool

    @classmethod
    def of(cls, expression: Any) -> Key:
        """Of what stands in an `order_by`: a column, or its `.asc()` or `.desc()`.

        Raises:
            TypeError: it may be NULL, or has a type without a Python type.
        """
        descending = False
        if isinstance(expression, UnaryExpression) and expression.modifier in (operators.desc_op, operators.asc_op):
            descending, expression = expression.modifier is operators.desc_op, expression.element
        column = getattr(expression, "expression", expression)
        if not isinstance(column, ColumnElement):
            raise TypeError(f"Order by columns, not by {expression!r}")
        if getattr(column, "nullable", False):
            raise TypeError(f"{column} may be NULL, and can't be ordered by in pages: use coalesce({column}, ...)")
        return cls(column, descending)

    def __str__(self) -> str:
        return f"{self.column} desc" if self.descending else str(self.column)

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        """Between the key's values and JSON."""
        try:
            python_type = self.column.type.python_type
        except NotImplementedError:
            raise TypeError(f"{self.column} has a type that can't be put into a cursor: {self.column.type!r}") from None
        return TypeAdapter(python_type, config=ConfigDict(ser_json_bytes="base64", val_json_bytes="base64"))

    def turned(self) -> Key:
        return Key(self.column, not self.descending)

    @property
    def ordered(self) -> ColumnElement[Any]:
        return self.column.desc() if self.descending else self.column.asc()

    def after(self, value: Any) -> ColumnElement[bool]:
        value = literal(value, self.column.type)
        condition: ColumnElement[bool] = self.column < value if self.descending else self.column > value
        return condition


class Keyset:
    """The whole order of a select."""

    def __init__(self, statement: Select[Any], order_by: Sequence[Any]) -> None:
        keys = [Key.of(expression) for expression in order_by]
        known = {str(key.column) for key in keys}
        keys += [key for key in _primary_key(statement) if str(key.column) not in known]
        if not keys:
            raise TypeError("Give an order that leaves nothing open: order_by=[...]")
        self.keys = keys

    def __str__(self) -> str:
        return ", ".join(map(str, self.keys))

    def page(self, statement: Select[Any], after: Sequence[Any] | None, *, backward: bool, limit: int) -> Select[Any]:
        """The select of one page; behind its own columns it has the keys."""
        keys = [key.turned() for key in self.keys] if backward else self.keys
        if after is not None:
            statement = statement.where(_behind(keys, after))
        labels = [key.column.label(f"page_key_{n}") for n, key in enumerate(keys)]
        return statement.add_columns(*labels).order_by(None).order_by(*(key.ordered for key in keys)).limit(limit)

    def dump(self, values: Sequence[Any]) -> list[Any]:
        """Key values as JSON has them."""
        return [key.adapter.dump_python(value, mode="json") for key, value in zip(self.keys, values, strict=True)]

    def load(self, values: Sequence[Any]) -> list[Any]:
        """The reverse.

        Raises:
            ValueError: they are none of this order.
        """
        return [key.adapter.validate_json(_JSON.dump_json(value)) for key, value in zip(self.keys, values, strict=True)]


_JSON: TypeAdapter[Any] = TypeAdapter(Any)


def _behind(keys: Sequence[Key], values: Sequence[Any]) -> ColumnElement[bool]:
    """Of one direction: a row comparison, that an index may serve. Else spelled out: a > x, or a = x and b < y."""
    if len({key.descending for key in keys}) == 1 and len(keys) > 1:
        here = tuple_(*(key.column for key in keys))
        there = tuple_(*(literal(value, key.column.type) for key, value in zip(keys, values, strict=True)))
        return here < there if keys[0].descending else here > there
    condition: ColumnElement[bool] = false()
    for key, value in [*zip(keys, values, strict=True)][::-1]:
        condition = or_(key.after(value), and_(key.column == literal(value, key.column.type), condition))
    return condition


def _primary_key(statement: Select[Any]) -> list[Key]:
    """Of the model that the select begins with; none where that is a column: rows may be grouped, or joined."""
    first = statement.column_descriptions[0]
    entity = first.get("entity")
    if first["expr"] is not entity:
        return []
    try:
        mapper: Any = inspect(entity).mapper
    except (NoInspectionAvailable, AttributeError):
        return []
    return [Key.of(getattr(entity, mapper.get_property_by_column(column).key)) for column in mapper.primary_key]
