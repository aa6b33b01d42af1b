"""Transactions in conflict are run again, and told as 503 where they are not."""

import asyncio
from typing import Annotated, Any

import pytest
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from tests.doors import Call
from tests.kit.sql.shop import Base, Shelf, with_tables
from vivace import APIRouter, FastAPI
from vivace.kit.sql import Database, RetryingRoute, TransactionConflict


class Change(BaseModel):
    by: int


class Rival:
    """Changes the shelf behind a transaction's back, as often as it is told to."""

    def __init__(self, url: str, times: int) -> None:
        self._db = Database(url)
        self._times = times
        self.acted = 0

    async def act(self) -> None:
        if self.acted < self._times:
            self.acted += 1
            async with self._db, self._db.transaction() as session:
                (await session.get_one(Shelf, 1)).count += 1


def program(url: str, rival: Rival, **route: Any) -> FastAPI:
    db = Database(url, isolation="SERIALIZABLE")
    app = FastAPI(lifespan=with_tables(db))
    router = APIRouter(**route)
    Session = Annotated[AsyncSession, db.session]

    @router.post("/shelves/{shelf_id}")
    async def change(shelf_id: int, change: Change, session: Session) -> int:
        shelf = await session.get_one(Shelf, shelf_id)
        await rival.act()
        shelf.count += change.by
        return shelf.count

    @app.get("/count")
    async def count(session: Session) -> int:
        return (await session.get_one(Shelf, 1)).count

    app.include_router(router, prefix="/v1")
    return app


def test_a_conflict_is_503_and_says_when_to_come_back(call: Call, url: str) -> None:
    with call(program(url, Rival(url, 1))) as client:
        response = client.post("/v1/shelves/1", json={"by": 10})
        assert (response.status_code, response.headers["retry-after"]) == (503, "1")
        assert response.json() == {"detail": "The request was in conflict with another one"}
        assert client.get("/count").json() == 1  # the rival's


def test_a_retrying_route_runs_the_request_again_body_and_all(call: Call, url: str) -> None:
    rival = Rival(url, 2)
    with call(program(url, rival, route_class=RetryingRoute)) as client:
        response = client.post("/v1/shelves/1", json={"by": 10})
        assert (response.status_code, response.json(), rival.acted) == (200, 12, 2)
        assert client.get("/count").json() == 12


def test_it_gives_up_after_some_attempts(call: Call, url: str) -> None:
    class Twice(RetryingRoute):
        attempts = 2

    rival = Rival(url, 99)
    with call(program(url, rival, route_class=Twice)) as client:
        assert client.post("/v1/shelves/1", json={"by": 10}).status_code == 503
        assert rival.acted == 2


def test_a_request_too_large_to_be_kept_is_run_once(call: Call, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vivace.kit.sql.retry._REPLAYED", 5)
    rival = Rival(url, 99)
    with call(program(url, rival, route_class=RetryingRoute)) as client:
        assert client.post("/v1/shelves/1", json={"by": 10}).status_code == 503
        assert rival.acted == 1


def test_an_error_of_another_kind_is_not_retried(call: Call, url: str) -> None:
    db = Database(url)
    app = FastAPI(lifespan=with_tables(db))
    runs: list[int] = []
    router = APIRouter(route_class=RetryingRoute)

    @router.post("/")
    async def add(session: Annotated[AsyncSession, db.session]) -> None:
        runs.append(1)
        session.add(Shelf(id=1))

    app.include_router(router)
    with call(app, raises=False) as client:
        assert client.post("/").status_code == 500
    assert runs == [1]


def test_work_is_run_again_after_a_conflict(url: str) -> None:
    async def main() -> int:
        async with Database(url, isolation="SERIALIZABLE") as db:
            await db.create_all(Base.metadata)
            async with db.transaction() as session:
                session.add(Shelf(id=1))
            both = asyncio.Barrier(2)
            runs = 0

            async def add(session: AsyncSession) -> None:
                nonlocal runs
                runs += 1
                shelf = await session.get_one(Shelf, 1)
                if runs <= 2:
                    await both.wait()  # until the other has read the same
                shelf.count += 1

            await asyncio.gather(db.run(add), db.run(add))
            assert runs > 2
            return (await db.run(lambda session: session.get_one(Shelf, 1))).count

    assert asyncio.run(main()) == 2


def test_work_that_is_always_in_conflict_says_so(url: str) -> None:
    rival = Rival(url, 99)

    async def main() -> None:
        async with Database(url, isolation="SERIALIZABLE") as db:
            await db.create_all(Base.metadata)
            async with db.transaction() as session:
                session.add(Shelf(id=1))

            async def add(session: AsyncSession) -> None:
                shelf = await session.get_one(Shelf, 1)
                await rival.act()
                shelf.count += 1

            with pytest.raises(TransactionConflict):
                await db.run(add, attempts=3)

    asyncio.run(main())
    assert rival.acted == 3
