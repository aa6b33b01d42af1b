"""From a URL to an engine: drivers, and SQLite as a database should be."""

import asyncio
import contextlib
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from vivace.kit.sql import Database
from vivace.kit.sql.engine import is_in_memory, url_of


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("sqlite:///app.db", "sqlite+aiosqlite"),
        ("postgresql://me@host/db", "postgresql+asyncpg"),
        ("postgres://me@host/db", "postgresql+asyncpg"),
        ("postgresql+psycopg://me@host/db", "postgresql+psycopg"),
        (SecretStr("sqlite://"), "sqlite+aiosqlite"),
    ],
)
def test_the_driver_is_an_asynchronous_one(given: Any, driver: str) -> None:
    assert url_of(given).drivername == driver


def test_sslmode_is_told_to_the_driver_by_its_own_name() -> None:
    assert dict(url_of("postgresql://me@host/db?sslmode=require").query) == {"ssl": "require"}


@pytest.mark.parametrize(
    ("url", "memory"),
    [("sqlite://", True), ("sqlite:///:memory:", True), ("sqlite:///app.db", False), ("postgresql://host/db", False)],
)
def test_a_database_in_memory_is_known(url: str, memory: bool) -> None:
    assert is_in_memory(url_of(url)) is memory


@pytest.mark.parametrize(
    ("pragma", "value"), [("foreign_keys", 1), ("journal_mode", "wal"), ("synchronous", 1), ("busy_timeout", 5000)]
)
def test_sqlite_is_set_up(tmp_path: Any, pragma: str, value: object) -> None:
    async def main() -> object:
        async with Database(f"sqlite:///{tmp_path}/x.db") as db, db.transaction() as session:
            return await session.scalar(text(f"PRAGMA {pragma}"))

    assert asyncio.run(main()) == value


def test_a_transaction_reads_one_state_of_the_data(url: str) -> None:
    """SQLite's driver by itself would begin the transaction with the first statement that writes."""

    async def main() -> tuple[int, int]:
        async with Database(url, isolation="REPEATABLE READ") as db:
            async with db.transaction() as session:
                await session.execute(text("CREATE TABLE t (x INTEGER)"))
            async with db.transaction() as session:
                count = text("SELECT count(*) FROM t")
                before = await session.scalar(count)
                async with db.transaction() as other:
                    await other.execute(text("INSERT INTO t VALUES (1)"))
                return before, await session.scalar(count)

    assert asyncio.run(main()) == (0, 0)


def test_a_table_made_in_a_transaction_that_fails_is_not_made(url: str) -> None:
    async def main() -> None:
        async with Database(url) as db:
            for _ in range(2):  # the second would fail if the first had stayed
                with contextlib.suppress(ZeroDivisionError):
                    async with db.transaction() as session:
                        await session.execute(text("CREATE TABLE t (x INTEGER)"))
                        raise ZeroDivisionError

    asyncio.run(main())
