"""Migrations, run by the program: written, run, checked, taken back."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, text

from vivace.kit.sql import Database
from vivace.kit.sql.migrations import Migrations, MigrationsPending


def tables(*, price: bool = False) -> MetaData:
    metadata = MetaData()
    more = [Column("price", Integer, nullable=False, server_default="0")] if price else []
    Table("items", metadata, Column("id", Integer, primary_key=True), Column("name", String(20)), *more)
    item = Column("item_id", ForeignKey("items.id", ondelete="CASCADE"))
    Table("orders", metadata, Column("id", Integer, primary_key=True), item)
    return metadata


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "100% migrations"


def test_the_way_of_a_change(url: str, folder: Path) -> None:
    async def main() -> None:
        db = Database(url)
        migrations = Migrations(db, folder, tables())
        migrations.init()
        first = await migrations.revision("first tables")
        assert "create_table" in first.read_text()
        assert await migrations.current() == ()
        (revision,) = await migrations.pending()
        with pytest.raises(MigrationsPending) as told:
            await migrations.check()
        assert str(told.value) == f"Not run yet: {revision}. Call `await migrations.upgrade()`"
        await migrations.upgrade()
        await migrations.upgrade()  # nothing to do
        assert await migrations.current() == (revision,)
        assert await migrations.pending() == []
        await migrations.check()
        await migrations.downgrade("base")
        assert await migrations.current() == ()

    asyncio.run(main())


def test_a_change_of_the_models_without_a_migration_is_noticed(url: str, folder: Path) -> None:
    async def main() -> None:
        db = Database(url)
        before = Migrations(db, folder, tables())
        before.init()
        await before.revision("first")
        await before.upgrade()
        with pytest.raises(MigrationsPending, match="price"):
            await Migrations(db, folder, tables(price=True)).check()

    asyncio.run(main())


def test_a_table_is_altered_and_what_refers_to_it_stays(url: str, folder: Path) -> None:
    """SQLite copies the table and drops the old one: with foreign keys on, the orders would be deleted."""

    async def main() -> tuple[int, int]:
        db = Database(url)
        migrations = Migrations(db, folder, tables())
        migrations.init()
        await migrations.revision("first")
        await migrations.upgrade()
        async with db, db.transaction() as session:
            await session.execute(text("INSERT INTO items (id, name) VALUES (1, 'apple')"))
            await session.execute(text("INSERT INTO orders (id, item_id) VALUES (1, 1)"))
        changed = Migrations(db, folder, tables(price=True))
        written = await changed.revision("price")
        if url.startswith("sqlite"):
            alter = "op.batch_alter_table('items'"
            source = written.read_text()
            assert alter in source
            written.write_text(source.replace(alter, alter + ", recreate='always'"))
        await changed.upgrade()
        await changed.check()
        async with db, db.transaction() as session:
            return (
                await session.scalar(text("SELECT price FROM items")),
                await session.scalar(text("SELECT count(*) FROM orders")),
            )

    assert asyncio.run(main()) == (0, 1)


def test_a_migration_that_fails_leaves_nothing_behind(url: str, folder: Path) -> None:
    async def main() -> None:
        db = Database(url)
        migrations = Migrations(db, folder, tables())
        migrations.init()
        written = await migrations.revision("first")
        written.write_text(
            written.read_text().replace("def downgrade", "    raise ZeroDivisionError\n\n\ndef downgrade")
        )
        with pytest.raises(ZeroDivisionError):
            await migrations.upgrade()
        assert await migrations.current() == ()
        async with db, db.transaction() as session:
            await session.execute(text("CREATE TABLE items (x INTEGER)"))  # it is not there

    asyncio.run(main())


def test_several_that_upgrade_at_once_take_turns(url: str, folder: Path) -> None:
    async def main() -> None:
        migrations = Migrations(Database(url), folder, tables())
        migrations.init()
        await migrations.revision("first")
        await asyncio.gather(*(migrations.upgrade() for _ in range(3)))
        await migrations.check()

    asyncio.run(main())


def test_the_alembic_command_runs_the_same_folder(url: str, folder: Path) -> None:
    migrations = Migrations(Database(url), folder, tables())
    migrations.init()
    asyncio.run(migrations.revision("first"))
    (folder / "alembic.ini").write_text("[alembic]\nscript_location = .\n")
    ended = subprocess.run(
        [sys.executable, "-m", "alembic", "upgrade", "head"],
        check=False,
        cwd=folder,
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        timeout=50,
    )
    assert ended.returncode == 0, ended.stderr
    asyncio.run(migrations.check())


def test_a_folder_without_an_environment_says_what_to_call(url: str, folder: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"migrations\.init\(\)"):
        asyncio.run(Migrations(Database(url), folder).upgrade())


def test_an_environment_is_not_overwritten(url: str, folder: Path) -> None:
    migrations = Migrations(Database(url), folder)
    migrations.init()
    with pytest.raises(FileExistsError, match="already"):
        migrations.init()


def test_a_database_in_memory_has_no_migrations() -> None:
    with pytest.raises(ValueError, match="create_all"):
        Migrations(Database("sqlite://"), "migrations")
