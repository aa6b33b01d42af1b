"""Batches of rows as a file that is sent while it is made. Where rows come from is not known here."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from importlib import import_module
from typing import Any

from examples.food_delivery.errors import Refusal

Rows = AsyncIterator[Sequence[Sequence[Any]]]
# What a spreadsheet would take for a formula, and run.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class NotInstalled(Refusal):
    status, kind = 501, "not-installed"


async def as_csv(columns: Iterable[str], batches: Rows) -> AsyncIterator[bytes]:
    yield _written([list(columns)])
    async for rows in batches:
        yield _written([[_cell(value) for value in row] for row in rows])


def parquet_writer() -> Any:
    """
    Raises:
        NotInstalled: pyarrow is not there.
    """
    try:
        import_module("pyarrow.parquet")
    except ImportError:
        raise NotInstalled("Parquet needs pyarrow: `pip install pyarrow`; or ask for ?format=csv") from None
    return import_module("pyarrow")


async def as_parquet(columns: Iterable[str], batches: Rows) -> AsyncIterator[bytes]:
    """Each batch is a row group; what the writer has written is sent on."""
    arrow = parquet_writer()
    schema = arrow.schema([(name, _arrow_type(arrow, name)) for name in columns])
    sink = io.BytesIO()
    writer = arrow.parquet.ParquetWriter(arrow.PythonFile(_Forward(sink), "w"), schema)
    async for rows in batches:
        arrays = [
            arrow.array(_plain(column), field.type)
            for column, field in zip(zip(*rows, strict=True), schema, strict=True)
        ]
        await asyncio.to_thread(writer.write_table, arrow.table(arrays, schema=schema))
        yield _taken(sink)
    writer.close()
    yield _taken(sink)


class _Forward(io.RawIOBase):
    """A file that tells how much was ever written to it, while what was written is taken away."""

    def __init__(self, sink: io.BytesIO) -> None:
        self._sink, self._size = sink, 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        written = self._sink.write(data)
        self._size += written
        return written

    def tell(self) -> int:
        return self._size


def _taken(sink: io.BytesIO) -> bytes:
    taken = sink.getvalue()
    sink.seek(0)
    sink.truncate()
    return taken


def _written(rows: list[list[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _plain(column: Iterable[Any]) -> list[Any]:
    return [str(value) if isinstance(value, str) else value for value in column]


def _arrow_type(arrow: Any, column: str) -> Any:
    if column.endswith("_at"):
        return arrow.timestamp("us", tz="UTC")
    return arrow.int64() if column.endswith(("id", "_cents")) else arrow.string()
