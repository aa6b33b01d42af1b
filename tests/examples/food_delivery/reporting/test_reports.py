"""Reports say what the ledger says; exports hold every order."""

from __future__ import annotations

import csv
import io
import sys
from datetime import timedelta
from typing import Any

import pyarrow.parquet
import pytest
from sqlalchemy import func, select

from examples.food_delivery.database import now
from examples.food_delivery.ordering.models import MoneyMove, Order
from examples.food_delivery.reporting import export
from examples.food_delivery.reporting.service import COLUMNS
from tests.examples.food_delivery.city import ADMIN, CUSTOMER, City


def test_revenue_is_what_was_taken_less_what_was_given_back(city: City) -> None:
    kept, cancelled = city.order(2), city.order(1)
    city.act(CUSTOMER, cancelled, "cancel")
    total = city.get(CUSTOMER, f"/orders/{kept}").json()["total_cents"]
    hours = city.get(ADMIN, "/reports/revenue").json()
    assert (sum(hour["revenue_cents"] for hour in hours), sum(hour["orders"] for hour in hours)) == (total, 2)
    assert all(hour["hour"].endswith(":00:00Z") for hour in hours)
    overview = city.get(ADMIN, "/reports/overview").json()
    assert overview["revenue_cents"] == total
    assert overview["by_status"] == {"placed": 1, "refunded": 1}


def test_revenue_is_told_by_the_hour(city: City) -> None:
    order_ids = [city.order(1), city.order(1)]

    async def earlier(session: Any) -> None:
        move = await session.scalar(select(MoneyMove).where(MoneyMove.order_id == order_ids[0]))
        move.at = now().replace(minute=59, second=59) - timedelta(hours=2)

    city.sql(earlier)
    hours = [hour["hour"] for hour in city.get(ADMIN, "/reports/revenue?hours=5").json()]
    assert hours == [(now() - timedelta(hours=ago)).strftime("%Y-%m-%dT%H:00:00Z") for ago in (2, 0)]


def test_orders_that_are_late_are_told(city: City) -> None:
    on_time, late = city.order(1), city.order(1)

    async def promised(session: Any) -> None:
        order = await session.get_one(Order, late)
        order.promised_at = now() - timedelta(seconds=90)

    city.sql(promised)
    [told] = city.get(ADMIN, "/reports/late").json()
    assert (told["order_id"], told["status"]) == (late, "placed")
    assert 90 <= told["late_seconds"] < 900
    assert on_time != late


def exported(city: City, format: str) -> Any:
    answer = city.get(ADMIN, f"/reports/orders?format={format}")
    assert answer.headers["content-disposition"] == f"attachment; filename=orders.{format}"
    return answer


def test_the_export_as_csv_has_every_order(city: City) -> None:
    ids = [city.order(n) for n in (1, 2, 3)]
    answer = exported(city, "csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [int(row["id"]) for row in rows] == ids
    [(total,)] = city.rows(select(func.sum(Order.total_cents)))
    assert sum(int(row["total_cents"]) for row in rows) == total


def test_the_export_as_parquet_says_the_same(city: City) -> None:
    ids = [city.order(n) for n in (1, 2, 3)]
    city.bring(ids[0], "delivered")
    table = pyarrow.parquet.read_table(io.BytesIO(exported(city, "parquet").content))
    assert table.column_names == list(COLUMNS)
    assert table["id"].to_pylist() == ids
    assert table["status"].to_pylist() == ["delivered", "placed", "placed"]
    assert table["delivered_at"].null_count == 2
    [(total,)] = city.rows(select(func.sum(Order.total_cents)))
    assert sum(table["total_cents"].to_pylist()) == total


def test_an_export_of_nothing_is_a_file_without_rows(city: City) -> None:
    assert exported(city, "csv").text.splitlines() == [",".join(COLUMNS)]
    assert pyarrow.parquet.read_table(io.BytesIO(exported(city, "parquet").content)).num_rows == 0


def test_without_pyarrow_csv_is_still_there(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    answer = city.get(ADMIN, "/reports/orders?format=parquet")
    assert (answer.status_code, "pip install pyarrow" in answer.json()["detail"]) == (501, True)
    assert exported(city, "csv").status_code == 200


@pytest.mark.anyio
async def test_what_a_spreadsheet_would_run_is_text() -> None:
    async def batches():  # type: ignore[no-untyped-def]
        yield [("=1+1", -5)]

    assert [piece async for piece in export.as_csv(["a", "b"], batches())] == [b"a,b\r\n", b"'=1+1,-5\r\n"]
