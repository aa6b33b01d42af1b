"""`Database`: started and stopped with the application, and a session for each request."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Self, TypeVar

import anyio
from pydantic import SecretStr
from sqlalchemy import URL, MetaData, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from vivace import Depends
from vivace.kit.sql.commits import Commits
from vivace.kit.sql.engine import is_in_memory, logger, make_engine, url_of
from vivace.kit.sql.errors import DatabaseUnavailable, TransactionConflict, meaning_of
from vivace.kit.sql.places import Places
from vivace.kit.sql.retry import ATTEMPTS, conflict, pause

T = TypeVar("T")

_NOT_STARTED = (
    "The database has not been started. Give it to the application, `FastAPI(lifespan=db.lifespan)`, or open it in a "
    "lifespan of your own, `async with db: yield`; in tests, start the application: `with TestClient(app) as client:`"
)


class Database:
    """One database, and what a program does with it.

    ```python
    db = Database("sqlite:///app.db")
    app = FastAPI(lifespan=db.lifespan)
    Session = Annotated[AsyncSession, db.session]


    @app.post("/items")
    async def add(item: Item, session: Session) -> None:
        session.add(item)
    ```

    Args:
        url: `sqlite:///file`, `sqlite://` (in memory) or `postgresql://user:password@host/name`.
        pool_size: how many sessions there are at once, and so connections. One more is kept for `ping`.
        wait: seconds that a request waits for a session before it is answered 503.
        connect_timeout: seconds to connect to a server.
        isolation: isolation level of every transaction, such as "SERIALIZABLE"; by default the server's.
        session_class: class of the sessions, such as SQLModel's `AsyncSession`.
        required: whether starting fails when the database can't be reached. By default it starts, and requests that
            need the database are answered 503 until it can.
        engine_options: further options of SQLAlchemy's `create_async_engine`.

    Raises:
        ValueError: the URL is none.
    """

    def __init__(
        self,
        url: str | URL | SecretStr,
        *,
        pool_size: int = 10,
        wait: float = 5.0,
        connect_timeout: float = 5.0,
        isolation: str | None = None,
        session_class: type[AsyncSession] = AsyncSession,
        required: bool = False,
        **engine_options: Any,
    ) -> None:
        self.url = url_of(url)
        self._required = required
        self._session_class = session_class
        self._wait = wait
        # All sessions of a database in memory are on one connection: one at a time, or they'd share a transaction.
        self._count = 1 if is_in_memory(self.url) else pool_size
        self._engine_options = {
            "pool_size": pool_size,
            "max_overflow": 1,  # for `ping`, which takes no place
            # A server may have gone, and come back. Of asyncpg's connections the engine takes care itself.
            "pool_pre_ping": self.url.get_driver_name() not in ("asyncpg", "aiosqlite"),
            "connect_timeout": connect_timeout,
            "isolation": isolation,
            **engine_options,
        }
        self._open: tuple[AsyncEngine, async_sessionmaker[Any], Places] | None = None
        self.session: Any = Depends(self._session, scope="function")
        """The dependency: `Annotated[AsyncSession, db.session]`. One transaction for a request: committed before the
        response is sent, rolled back if an exception leaves the endpoint."""

    def __repr__(self) -> str:
        return f"Database({self.url.render_as_string()!r})"

    # -- start and stop

    async def __aenter__(self) -> Self:
        engine = make_engine(self.url, **self._engine_options)
        sessions = async_sessionmaker(engine, class_=self._session_class, expire_on_commit=False)
        self._open = engine, sessions, Places(self._count, self._wait)
        try:
            await self.ping()
        except DatabaseUnavailable:
            if self._required:
                await self.__aexit__()
                raise RuntimeError(f"{self!r} can't be reached, and is required to start") from None
            logger.warning("%r can't be reached: requests that need it are answered 503 until it can", self)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._open is not None:
            engine, self._open = self._open[0], None
            await engine.dispose()

    @asynccontextmanager
    async def lifespan(self, _app: object = None) -> AsyncIterator[None]:
        """For `FastAPI(lifespan=db.lifespan)`."""
        async with self:
            yield

    def _opened(self) -> tuple[AsyncEngine, async_sessionmaker[Any], Places]:
        if self._open is None:
            raise RuntimeError(_NOT_STARTED)
        return self._open

    @property
    def engine(self) -> AsyncEngine:
        """SQLAlchemy's engine.

        Raises:
            RuntimeError: the database has not been started.
        """
        return self._opened()[0]

    async def ping(self) -> None:
        """Ask the database for an answer; for health checks. It waits for no request.

        Raises:
            DatabaseUnavailable: there is none.
        """
        if is_in_memory(self.url):
            return
        async with meant(), self.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))

    async def create_all(self, metadata: MetaData) -> None:
        """Make the tables that are not there yet: for tests and first steps. Then there are migrations."""
        async with meant(), self.engine.begin() as connection:
            await connection.run_sync(metadata.create_all)

    # -- transactions

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session with a transaction: committed at the end of the block, rolled back if an exception leaves it.

        Raises:
            DatabaseBusy: no connection came free.
            DatabaseUnavailable: the database can't be reached, or was lost on the way. Whether a commit that was under
                way has happened is then not known.
            TransactionConflict: in conflict with another one, and rolled back.
            RuntimeError: the database has not been started.
        """
        _, sessions, places = self._opened()
        session: AsyncSession = sessions()
        commits = Commits(session)
        try:
            async with meant(), places.one():
                try:
                    yield session
                    await session.commit()
                finally:
                    with anyio.CancelScope(shield=True):  # a client that leaves must not leave a connection behind
                        await session.close()
        finally:
            await commits.run()

    async def _session(self) -> AsyncIterator[AsyncSession]:
        try:
            async with self.transaction() as session:
                yield session
        except TransactionConflict as error:
            raise conflict(error) from error

    async def run(self, work: Callable[[AsyncSession], Awaitable[T]], *, attempts: int = ATTEMPTS) -> T:
        """What `work` returns, run in a transaction of its own, and run again after a conflict with another one.

        Args:
            work: is called with a new session each time. It should do nothing that can't be done twice.
            attempts: how often at most.

        Raises:
            TransactionConflict: there was one each time.
        """
        for attempt in range(1, attempts):
            try:
                async with self.transaction() as session:
                    return await work(session)
            except TransactionConflict:
                await pause(attempt)
        async with self.transaction() as session:
            return await work(session)


@asynccontextmanager
async def meant() -> AsyncIterator[None]:
    """Raises what the database's errors mean in the place of these errors."""
    try:
        yield
    except Exception as error:
        meaning = meaning_of(error)
        if meaning is None:
            raise
        raise meaning from error
