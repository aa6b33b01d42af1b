"""A database that is down, at start and on the way: 503, and recovery without a restart."""

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession

from tests.doors import Call
from tests.kit.sql.servers import Postgres, postgres_server, sqlite_url
from vivace import FastAPI
from vivace.kit.health import Health
from vivace.kit.problem import use_problems
from vivace.kit.sql import Database, DatabaseUnavailable

HIDDEN = "hunter2-xyzzy"
NOWHERE = f"postgresql://me:{HIDDEN}@127.0.0.1:1/shop"


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """One to be stopped."""
    with postgres_server() as started:
        yield started


def program(db: Database) -> FastAPI:
    app = FastAPI(lifespan=db.lifespan)
    Session = Annotated[AsyncSession, db.session]
    health = Health(keep=0)
    health.check("database")(db.ping)
    health.install(app)

    @app.get("/one")
    async def one(session: Session) -> int:
        return await session.scalar(text("SELECT 1")) or 0

    @app.get("/cut")
    async def cut(session: Session) -> None:
        """The server ends the connection in the middle of the transaction."""
        pid = await session.scalar(text("SELECT pg_backend_pid()"))
        async with db.transaction() as other:
            await other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        await session.execute(text("SELECT 1"))

    @app.get("/no-database")
    async def none(session: Session) -> str:
        return "fine"

    return app


def test_down_at_start_then_there(call: Call, server: Postgres) -> None:
    db = Database(server.database())
    server.stop()
    try:
        with call(program(db)) as client:
            response = client.get("/one")
            assert (response.status_code, response.json()) == (503, {"detail": "The database is not available"})
            assert response.headers["retry-after"] == "1"
            assert client.get("/health/ready").status_code == 503
            server.start()
            assert client.get("/one").json() == 1
            assert client.get("/health/ready").status_code == 200
    finally:
        server.start()


def test_down_on_the_way_then_there(call: Call, server: Postgres) -> None:
    try:
        with call(program(Database(server.database()))) as client:
            assert client.get("/one").json() == 1
            server.stop()
            assert [client.get("/one").status_code for _ in range(3)] == [503] * 3
            assert client.get("/no-database").status_code == 200
            server.start()
            assert client.get("/one").json() == 1
    finally:
        server.start()


def test_a_connection_cut_in_the_middle_is_503_and_the_next_request_has_another(call: Call, postgres: Postgres) -> None:
    with call(program(Database(postgres.database()))) as client:
        assert client.get("/cut").status_code == 503
        assert client.get("/one").json() == 1


def test_a_folder_that_is_not_there_yet(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "volume"
    with call(program(Database(sqlite_url(folder)))) as client:
        assert client.get("/one").status_code == 503
        folder.mkdir()
        assert client.get("/one").json() == 1


def test_an_outage_is_a_problem_for_an_application_with_problem_details(call: Call) -> None:
    app = program(Database(NOWHERE))
    use_problems(app)
    with call(app) as client:
        response = client.get("/one")
    assert response.json()["title"] == "Service Unavailable"
    assert response.headers["retry-after"] == "1"


def test_a_mistake_in_the_sql_is_no_outage(call: Call, url: str) -> None:
    db = Database(url)
    app = FastAPI(lifespan=db.lifespan)

    @app.get("/")
    async def wrong(session: Annotated[AsyncSession, db.session]) -> None:
        await session.execute(text("SELEKT 1"))

    @app.get("/file")
    async def missing(session: Annotated[AsyncSession, db.session]) -> None:
        raise FileNotFoundError

    with call(app, raises=False) as client:
        assert client.get("/").status_code == 500
        assert client.get("/file").status_code == 500


def test_a_database_that_is_required_ends_the_start_with_one_clear_line() -> None:
    async def main() -> None:
        async with Database(NOWHERE, required=True):
            raise AssertionError

    with pytest.raises(RuntimeError) as told:
        asyncio.run(main())
    assert str(told.value) == (
        "Database('postgresql+asyncpg://me:***@127.0.0.1:1/shop') can't be reached, and is required to start"
    )


# -- secrets


def test_no_password_is_in_the_log_of_an_outage(call: Call, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with call(program(Database(NOWHERE))) as client:
        assert HIDDEN not in client.get("/one").text
    assert "can't connect to the postgresql database: ConnectionRefusedError" in caplog.text
    assert "requests that need it are answered 503 until it can" in caplog.text
    assert HIDDEN not in caplog.text


def test_no_password_is_in_a_representation_or_an_error() -> None:
    db = Database(NOWHERE)
    assert HIDDEN not in repr(db) + str(db) + repr(db.url) + repr(vars(db))

    async def main() -> None:
        async with db, db.transaction() as session:
            assert HIDDEN not in repr(db.engine)
            await session.execute(text("SELECT 1"))

    with pytest.raises(DatabaseUnavailable) as told:
        asyncio.run(main())
    assert HIDDEN not in repr(told.value) + str(told.value) + repr(told.value.__cause__)


def test_what_users_have_typed_is_not_in_an_error_or_a_log(url: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async def main() -> None:
        async with Database(url, echo=True) as db, db.transaction() as session:
            await session.execute(text("SELECT * FROM nowhere WHERE password = :p"), {"p": HIDDEN})

    with pytest.raises((ProgrammingError, Exception), match="nowhere") as told:
        asyncio.run(main())
    logged = "".join(record.getMessage() for record in caplog.records if record.name.startswith("sqlalchemy"))
    assert "nowhere" in logged
    assert HIDDEN not in str(told.value) + repr(told.value) + logged


@pytest.mark.parametrize("wrong", [f"me:{HIDDEN}", f"postgresql://me:{HIDDEN}@db:port/x"])
def test_a_url_that_is_none_is_not_quoted(wrong: str) -> None:
    with pytest.raises(ValueError, match="This is no database URL") as told:
        Database(wrong)
    assert HIDDEN not in str(told.value)
    assert told.value.__context__ is None
