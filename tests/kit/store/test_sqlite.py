"""What only the backend in a file does."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from vivace.kit.store import Store, StoreUnavailable
from vivace.kit.store.sqlite import SQLiteBackend

pytestmark = pytest.mark.anyio


class Clock:
    now = 1_700_000_000_000_000

    def __call__(self) -> int:
        return self.now


def rows(path: Path) -> int:
    connection = sqlite3.connect(path)
    try:
        return int(connection.execute("SELECT count(*) FROM entries").fetchone()[0])
    finally:
        connection.close()


async def test_a_clock_that_is_set_back_or_forth_moves_the_ends_and_breaks_nothing(tmp_path: Path) -> None:
    clock = Clock()
    async with Store(SQLiteBackend(str(tmp_path / "store.db"), clock=clock)) as store:
        await store.set("key", b"1", ttl=10)
        clock.now -= 3600_000_000
        assert await store.get("key") == b"1"
        await store.set("other", b"1", ttl=10)
        clock.now += 20_000_000
        assert await store.get_many("key", "other") == [b"1", None]
        clock.now += 3600_000_000
        assert await store.get("key") is None


async def test_what_has_ended_is_removed_from_the_file(tmp_path: Path) -> None:
    clock, path = Clock(), tmp_path / "store.db"
    async with Store(SQLiteBackend(str(path), clock=clock)) as store:
        for number in range(50):
            await store.set(str(number), b"1", ttl=1)
        assert rows(path) == 50
        clock.now += 5_000_000
        await store.set("last", b"1")
        assert rows(path) == 1


async def test_a_file_that_another_process_holds_is_unavailable_and_then_recovers(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    async with Store.from_url(f"sqlite:///{path}?timeout=0.05") as store:
        await store.set("key", b"1")
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match=r"store\.db can't answer: database is locked"):
            await store.set("key", b"2")
        assert await store.get("key") == b"1", "reading goes on"
        other.execute("ROLLBACK")
        other.close()
        await store.set("key", b"2")
        assert await store.get("key") == b"2"


async def test_a_file_that_can_not_be_opened_is_unavailable_and_then_recovers(tmp_path: Path) -> None:
    folder = tmp_path / "missing"
    async with Store.from_url(f"sqlite:///{folder}/store.db") as store:
        with pytest.raises(StoreUnavailable, match="unable to open database file"):
            await store.get("key")
        folder.mkdir()
        await store.set("key", b"1")
        assert await store.get("key") == b"1"


async def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(b"not a database, but dear to somebody" * 100)
    async with Store.from_url(f"sqlite:///{path}") as store:
        with pytest.raises(StoreUnavailable, match="not a database"):
            await store.set("key", b"1")
    assert path.read_bytes().startswith(b"not a database")


async def test_it_lives_beside_the_tables_of_a_program(tmp_path: Path) -> None:
    path = tmp_path / "app.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE users (name TEXT)")
    connection.close()
    async with Store.from_url(f"sqlite:///{path}") as store:
        await store.set("key", b"1")
        await store.clear()
    assert rows(path) == 0


async def test_four_slashes_are_an_absolute_path_and_three_a_relative_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for url in ("sqlite:///relative.db", f"sqlite:///{tmp_path}/absolute%20one.db"):
        async with Store.from_url(url) as store:
            await store.ping()
    assert {path.name for path in tmp_path.glob("*.db")} == {"relative.db", "absolute one.db"}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
async def test_a_forked_process_opens_the_file_for_itself(tmp_path: Path) -> None:
    backend = SQLiteBackend(str(tmp_path / "store.db"))
    store = Store(backend)
    await store.set("key", b"1")
    parent = backend._worker
    assert parent is not None
    parent._pid -= 1  # as a child sees it
    assert await store.get("key") == b"1"
    assert backend._worker is not parent
    await parent.stop()
    await store.aclose()
