"""A session for each request, a transaction for each session."""

import asyncio
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Annotated, Any

import anyio.from_thread
import anyio.to_thread
import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel
from sqlmodel import select as sqlmodel_select
from sqlmodel.ext.asyncio.session import AsyncSession as SQLModelSession

from tests.doors import Call
from tests.kit.sql.shop import Item, Shelf, with_tables
from vivace import Depends, FastAPI, HTTPException
from vivace.kit.sql import Database, DatabaseBusy
from vivace.responses import JSONResponse
from vivace.testclient import TestClient


def program(db: Database) -> FastAPI:
    app = FastAPI(lifespan=with_tables(db))
    Session = Annotated[AsyncSession, db.session]

    @app.post("/items/{name}")
    async def add(name: str, session: Session) -> dict[str, Any]:
        item = Item(name=name)
        session.add(item)
        await session.flush()
        return {"id": item.id}

    @app.get("/count")
    async def count(session: Session) -> int:
        return await session.scalar(select(func.count()).select_from(Item)) or 0

    @app.post("/fail/{how}")
    async def fail(how: str, session: Session) -> Any:
        session.add(Item(name=how))
        await session.flush()
        if how == "http":
            raise HTTPException(409, "no")
        if how == "response":
            return JSONResponse({}, status_code=409)
        raise RuntimeError(how)

    @app.post("/dangling")
    async def dangling(session: Session) -> str:
        session.add(Item(name="x", shelf_id=99))
        return "done"

    return app


def test_what_a_request_adds_is_there_for_the_next(call: Call, url: str) -> None:
    with call(program(Database(url))) as client:
        assert client.post("/items/apple").json() == {"id": 1}
        assert client.get("/count").json() == 1


def test_the_transaction_is_committed_before_the_answer_is_sent(call: Call, url: str) -> None:
    """A deferred constraint fails at the commit: the client must not have been told that all went well."""
    with call(program(Database(url)), raises=False) as client:
        assert client.post("/dangling").status_code == 500
        assert client.get("/count").json() == 0
    with call(program(Database(url))) as client, pytest.raises(IntegrityError):
        client.post("/dangling")


@pytest.mark.parametrize(("how", "status"), [("http", 409), ("error", 500)])
def test_an_exception_rolls_back(call: Call, url: str, how: str, status: int) -> None:
    with call(program(Database(url)), raises=False) as client:
        assert client.post(f"/fail/{how}").status_code == status
        assert client.get("/count").json() == 0


def test_a_response_that_is_returned_is_committed_whatever_its_status(call: Call, url: str) -> None:
    with call(program(Database(url))) as client:
        assert client.post("/fail/response").status_code == 409
        assert client.get("/count").json() == 1


def test_all_dependencies_of_a_request_share_its_session(call: Call, url: str) -> None:
    db = Database(url)
    app = FastAPI(lifespan=with_tables(db))

    async def adds(session: Annotated[AsyncSession, db.session]) -> AsyncSession:
        session.add(Item(name="x"))
        return session

    @app.get("/")
    async def read(
        session: Annotated[AsyncSession, db.session], other: Annotated[AsyncSession, Depends(adds)]
    ) -> dict[str, Any]:
        return {"same": session is other, "count": len((await session.scalars(select(Item))).all())}

    with call(app) as client:
        assert client.get("/").json() == {"same": True, "count": 1}


def test_a_program_may_commit_by_itself_and_objects_stay_readable(call: Call, url: str) -> None:
    db = Database(url)
    app = FastAPI(lifespan=with_tables(db))

    @app.get("/")
    async def read(session: Annotated[AsyncSession, db.session]) -> dict[str, Any]:
        shelf = await session.get_one(Shelf, 1)
        await session.commit()
        return {"count": shelf.count}

    with call(app) as client:
        assert client.get("/").json() == {"count": 0}


class Hero(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str


def test_sqlmodel_works(call: Call, url: str) -> None:
    db = Database(url, session_class=SQLModelSession)

    @asynccontextmanager
    async def lifespan(_: Any) -> AsyncIterator[None]:
        async with db:
            await db.create_all(SQLModel.metadata)
            yield

    app = FastAPI(lifespan=lifespan)
    Session = Annotated[SQLModelSession, db.session]

    @app.post("/heroes")
    async def add(hero: Hero, session: Session) -> Hero:
        session.add(hero)
        await session.flush()
        return hero

    @app.get("/heroes")
    async def heroes(session: Session) -> list[Hero]:
        return list((await session.exec(sqlmodel_select(Hero))).all())

    with call(app) as client:
        assert client.post("/heroes", json={"name": "Ann"}).json() == {"id": 1, "name": "Ann"}
        assert client.get("/heroes").json() == [{"id": 1, "name": "Ann"}]


def test_a_database_that_was_not_started_says_how_to(call: Call, url: str) -> None:
    with pytest.raises(RuntimeError, match=r"FastAPI\(lifespan=db\.lifespan\)"):
        call(program(Database(url))).get("/count")


def test_a_session_can_be_overridden(call: Call, url: str) -> None:
    db = Database(url)
    app = program(db)

    class Fake:
        async def scalar(self, _: Any) -> int:
            return 7

    app.dependency_overrides[db.session.dependency] = Fake
    assert call(app).get("/count").json() == 7


# -- the pool


def test_a_request_that_gets_no_session_in_time_is_503_and_says_when_to_come_back(call: Call, url: str) -> None:
    db = Database(url, pool_size=1, wait=0.01)
    app = program(db)
    begun, go = threading.Event(), threading.Event()

    @app.get("/hold")
    def hold(session: Annotated[AsyncSession, db.session]) -> None:
        begun.set()
        assert go.wait(20)

    with call(app) as client, ThreadPoolExecutor(1) as other:
        holding = other.submit(client.get, "/hold")
        assert begun.wait(20)
        busy = client.get("/count")
        go.set()
        assert holding.result(20).status_code == 200
        assert (busy.status_code, busy.json()) == (503, {"detail": "The database is busy"})
        assert busy.headers["retry-after"] == "1"
        assert client.get("/count").status_code == 200


def test_a_request_that_holds_a_session_never_waits_for_a_second(call: Call, url: str) -> None:
    """Else two such requests, with a pool of two, would wait for each other."""
    db = Database(url, pool_size=1, wait=600)
    app = program(db)

    @app.get("/nested")
    async def nested(session: Annotated[AsyncSession, db.session]) -> None:
        async with db.transaction():
            raise AssertionError

    with call(app) as client:
        assert client.get("/nested").status_code == 503
        assert client.get("/count").status_code == 200


def test_a_second_session_is_given_where_there_is_one(call: Call, url: str) -> None:
    db = Database(url, pool_size=2)
    app = program(db)

    @app.get("/nested")
    async def nested(session: Annotated[AsyncSession, db.session]) -> bool:
        async with db.transaction() as other:
            return other is not session

    with call(app) as client:
        assert client.get("/nested").json() is True


def test_a_task_that_outlives_its_request_waits_like_any_other(url: str) -> None:
    async def main() -> str:
        async with Database(url, pool_size=1, wait=20) as db:
            go = asyncio.Event()

            async def later() -> str:
                await go.wait()
                async with db.transaction():
                    return "done"

            async with db.transaction():
                task = asyncio.create_task(later())
                await asyncio.sleep(0)
            async with db.transaction():
                go.set()
                await asyncio.sleep(0)
            return await task

    assert asyncio.run(main()) == "done"


def test_a_pool_and_threads_cannot_wait_for_each_other(call: Call, url: str) -> None:
    """One connection, one thread: requests that have one of them want the other."""
    db = Database(url, pool_size=1, wait=30)

    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[None]:
        async with with_tables(db)(app):
            limiter = anyio.to_thread.current_default_thread_limiter()
            limiter.total_tokens = 1
            yield

    app = FastAPI(lifespan=lifespan)

    async def has_read(session: Annotated[AsyncSession, db.session]) -> AsyncSession:
        await session.get_one(Shelf, 1)
        return session

    @app.get("/thread-after-connection")
    def first(session: Annotated[AsyncSession, Depends(has_read)]) -> None: ...

    @app.get("/connection-in-thread")
    def second(session: Annotated[AsyncSession, db.session]) -> int:
        return anyio.from_thread.run(session.get_one, Shelf, 1).count

    with call(app) as client, ThreadPoolExecutor(8) as clients:
        paths = ["/thread-after-connection", "/connection-in-thread"] * 10
        assert [answer.status_code for answer in clients.map(client.get, paths)] == [200] * 20


def test_a_client_that_leaves_gives_its_connection_back(url: str) -> None:
    async def main() -> None:
        async with Database(url, pool_size=1, wait=20) as db:
            begun = asyncio.Event()

            async def request() -> None:
                async with db.transaction() as session:
                    await session.execute(select(1))
                    begun.set()
                    await asyncio.Event().wait()

            task = asyncio.create_task(request())
            await begun.wait()
            task.cancel()
            await asyncio.wait([task])
            assert task.cancelled()
            async with db.transaction() as session:
                assert await session.scalar(select(1)) == 1

    asyncio.run(main())


def test_sessions_of_a_database_in_memory_take_turns() -> None:
    """They are on one connection, and would share a transaction."""

    async def main() -> None:
        async with Database("sqlite://", wait=0.01) as db:
            async with db.transaction():
                with pytest.raises(DatabaseBusy):
                    await asyncio.create_task(_use(db))
            await _use(db)
            await db.ping()

    asyncio.run(main())


async def _use(db: Database) -> None:
    async with db.transaction() as session:
        await session.execute(select(1))


def test_the_document_knows_nothing_of_sessions(url: str) -> None:
    operation = program(Database(url)).openapi()["paths"]["/count"]["get"]
    assert "parameters" not in operation


def test_a_program_can_start_again(url: str) -> None:
    db = Database(url)
    app = program(db)
    with TestClient(app) as client:
        assert client.post("/items/x").json() == {"id": 1}
    app.router.lifespan_context = db.lifespan
    with TestClient(app) as client:
        assert client.post("/items/x").json() == {"id": 2}
