"""What is to be done after a commit: in order, only then, and nobody is answered with what fails."""

import asyncio
from typing import Annotated

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from tests.doors import Call
from tests.kit.sql.shop import Base, Item, Shelf, with_tables
from tests.kit.sql.test_conflicts import Rival
from vivace import APIRouter, FastAPI, HTTPException
from vivace.kit.sql import Database, RetryingRoute, after_commit

Told = list[str]


def program(db: Database, told: Told) -> FastAPI:
    app = FastAPI(lifespan=with_tables(db))
    Session = Annotated[AsyncSession, db.session]

    async def count() -> int:
        async with db.transaction() as session:
            return await session.scalar(select(func.count()).select_from(Item)) or 0

    async def tell_count() -> None:
        told.append(f"{await count()} items")

    @app.post("/items")
    async def add(session: Session, fail: bool = False) -> str:
        session.add(Item(name="x"))
        after_commit(session, tell_count)
        after_commit(session, lambda: told.append("second"))
        await session.flush()
        assert told == []
        if fail:
            raise HTTPException(409)
        return "added"

    @app.post("/dangling")
    async def dangling(session: Session) -> None:
        session.add(Item(name="x", shelf_id=99))
        after_commit(session, tell_count)

    @app.post("/broken")
    async def broken(session: Session) -> str:
        def raises() -> None:
            raise RuntimeError("no broker")

        session.add(Item(name="x"))
        after_commit(session, raises)
        after_commit(session, tell_count)
        return "added"

    return app


@pytest.mark.parametrize("memory", [False, True], ids=["served", "memory"])
def test_it_is_done_in_order_when_others_see_what_was_committed(call: Call, url: str, memory: bool) -> None:
    """Also where there is one connection only: it is given back before."""
    told: Told = []
    with call(program(Database("sqlite://" if memory else url), told)) as client:
        assert client.post("/items").json() == "added"
        assert told == ["1 items", "second"], "before the answer is sent"


def test_it_is_not_done_after_a_rollback(call: Call, url: str) -> None:
    told: Told = []
    with call(program(Database(url), told), raises=False) as client:
        assert client.post("/items?fail=true").status_code == 409
        assert client.post("/dangling").status_code == 500, "the commit itself fails"
    assert told == []


def test_what_fails_is_logged_and_not_answered(call: Call, url: str, caplog: pytest.LogCaptureFixture) -> None:
    told: Told = []
    with call(program(Database(url), told)) as client:
        assert client.post("/broken").json() == "added"
    assert told == ["1 items"], "the others are done"
    (record,) = [record for record in caplog.records if record.name == "vivace.kit.sql"]
    assert record.exc_info is not None
    assert "no broker" in str(record.exc_info[1])


def test_of_a_request_that_is_run_again_the_try_that_was_committed_counts(call: Call, url: str) -> None:
    told: Told = []
    rival, db = Rival(url, 2), Database(url, isolation="SERIALIZABLE")
    app, router = FastAPI(lifespan=with_tables(db)), APIRouter(route_class=RetryingRoute)

    @router.post("/")
    async def change(session: Annotated[AsyncSession, db.session]) -> int:
        shelf = await session.get_one(Shelf, 1)
        count = shelf.count
        after_commit(session, lambda: told.append(f"from {count}"))
        await rival.act()
        shelf.count += 10
        return shelf.count

    app.include_router(router)
    with call(app) as client:
        assert client.post("/").json() == 12
    assert told == ["from 2"]


def test_so_it_is_with_work(url: str) -> None:
    told: Told = []
    rival = Rival(url, 1)

    async def main() -> None:
        async with Database(url, isolation="SERIALIZABLE") as db:
            await db.create_all(Base.metadata)
            async with db.transaction() as session:
                session.add(Shelf(id=1))

            async def add(session: AsyncSession) -> None:
                shelf = await session.get_one(Shelf, 1)
                count = shelf.count
                after_commit(session, lambda: told.append(f"from {count}"))
                await rival.act()
                shelf.count += 1

            await db.run(add)

    asyncio.run(main())
    assert told == ["from 1"]


def test_a_savepoint_takes_back_what_came_within_it(url: str) -> None:
    told: Told = []

    async def main() -> None:
        async with Database(url) as db:
            await db.create_all(Base.metadata)
            async with db.transaction() as session:
                after_commit(session, lambda: told.append("before"))
                async with session.begin_nested():
                    session.add(Item(name="kept"))
                    after_commit(session, lambda: told.append("kept"))
                savepoint = await session.begin_nested()
                session.add(Item(name="gone"))
                async with session.begin_nested():
                    after_commit(session, lambda: told.append("gone, too"))
                after_commit(session, lambda: told.append("gone"))
                await savepoint.rollback()
                after_commit(session, lambda: told.append("after"))
                assert told == []

    asyncio.run(main())
    assert told == ["before", "kept", "after"]


def test_a_program_that_commits_by_itself_keeps_what_it_has_committed(call: Call, url: str) -> None:
    told: Told = []
    db = Database(url)
    app = FastAPI(lifespan=with_tables(db))

    @app.post("/")
    async def half(session: Annotated[AsyncSession, db.session]) -> None:
        after_commit(session, lambda: told.append("first"))
        await session.commit()
        after_commit(session, lambda: told.append("second"))
        raise HTTPException(409)

    with call(app) as client:
        assert client.post("/").status_code == 409
    assert told == ["first"]


def test_another_session_is_refused(url: str) -> None:
    with pytest.raises(RuntimeError, match="takes a session of a Database"):
        after_commit(AsyncSession(), lambda: None)
