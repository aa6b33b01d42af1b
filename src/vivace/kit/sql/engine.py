"""An engine from a URL: the driver, time limits, and what SQLite and PostgreSQL want to be told."""

from __future__ import annotations

import logging
from time import monotonic
from typing import Any

from pydantic import SecretStr
from sqlalchemy import URL, event, make_url
from sqlalchemy.exc import ArgumentError, InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import StaticPool

from vivace.kit._redact import without_passwords
from vivace.kit.sql.errors import DatabaseUnavailable

logger = logging.getLogger("vivace.sql")

_LATELY = 1.0  # seconds

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}


def url_of(given: str | URL | SecretStr) -> URL:
    """The URL with an asynchronous driver: `sqlite:///app.db`, `postgresql://user:password@host/name`.

    Raises:
        ValueError: it is none. The message doesn't have it: it may hold a password.
    """
    text = given.get_secret_value() if isinstance(given, SecretStr) else given
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        url = None
    if url is None:
        raise ValueError("This is no database URL: write 'sqlite:///app.db' or 'postgresql://user:password@host/name'")
    url = url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))
    if url.get_driver_name() == "asyncpg" and "sslmode" in url.query:  # libpq's name for it
        url = url.update_query_dict({"ssl": url.query["sslmode"]}).difference_update_query(["sslmode"])
    return url


def is_in_memory(url: URL) -> bool:
    """Whether the database is SQLite's within this process, of one connection."""
    return url.get_backend_name() == "sqlite" and (url.database in (None, "", ":memory:") or "mode" in url.query)


def make_engine(
    url: URL,
    *,
    connect_timeout: float = 5.0,
    busy_timeout: float = 5.0,
    isolation: str | None = None,
    foreign_keys: bool = True,
    **options: Any,
) -> AsyncEngine:
    """The engine. It connects when it is first asked to.

    Args:
        url: as `url_of` gives it.
        connect_timeout: seconds to connect to a server.
        busy_timeout: seconds that SQLite waits for another connection that writes.
        isolation: isolation level of every transaction, by PostgreSQL's names. SQLite's are always serializable.
        foreign_keys: whether SQLite enforces foreign keys.
        options: of SQLAlchemy's `create_async_engine`.
    """
    sqlite = url.get_backend_name() == "sqlite"
    arguments: dict[str, Any] = {"timeout": busy_timeout} if sqlite else {}
    if url.get_driver_name() == "asyncpg":
        arguments = {"timeout": connect_timeout}
    if isolation is not None and not sqlite:
        options["isolation_level"] = isolation
    if is_in_memory(url):
        options = {name: value for name, value in options.items() if not name.startswith(("pool_", "max_overflow"))}
        options["poolclass"] = StaticPool
    # Parameters of statements are what users have typed, passwords too: not into logs, not into errors.
    engine = create_async_engine(url, connect_args=arguments, hide_parameters=True, **options)
    if sqlite:
        _teach_sqlite(engine, foreign_keys)
    if url.get_driver_name() == "asyncpg":
        _look_after_connections(engine)
    event.listen(engine.sync_engine, "do_connect", _connect)
    return engine


def _connect(dialect: Any, _record: Any, args: Any, kwargs: Any) -> Any:
    """Connect; what network, server or disk say against it becomes one exception, and a line in the log."""
    try:
        return dialect.connect(*args, **kwargs)
    except (TypeError, ValueError):  # a mistake in the settings
        raise
    except Exception as error:  # drivers raise their own, and the system's
        reason = without_passwords(f"{type(error).__name__}: {error}")
        logger.warning("can't connect to the %s database: %s", dialect.name, reason)
        raise DatabaseUnavailable from error


def _look_after_connections(engine: AsyncEngine) -> None:
    """What `pool_pre_ping` is for, a server that has gone and come back, without its cost.

    A ping is a transaction of its own, three round trips, before each of ours. Here only a connection is pinged that
    was not used lately. Of one that was, the event loop has heard if the server has ended it.
    """

    def returned(_connection: Any, record: Any) -> None:
        record.info["used"] = monotonic()

    def taken(connection: Any, record: Any, _proxy: Any) -> None:
        used = record.info.get("used")
        if used is None:  # it was made just now
            return
        if connection.driver_connection.is_closed():
            raise InvalidatePoolError
        if monotonic() - used > _LATELY:
            try:
                engine.sync_engine.dialect.do_ping(connection)
            except engine.sync_engine.dialect.loaded_dbapi.Error as error:
                raise InvalidatePoolError from error

    event.listen(engine.sync_engine, "checkin", returned)
    event.listen(engine.sync_engine, "checkout", taken)


def _teach_sqlite(engine: AsyncEngine, foreign_keys: bool) -> None:
    """Transactions that begin where SQLAlchemy says, foreign keys, and readers that don't wait for writers.

    The driver of the standard library begins a transaction when it first sees a statement that writes; what was read
    before is then outside of it.
    """
    pragmas = [
        f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}",
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = NORMAL",  # with WAL: safe, but for the last commits before a power failure
    ]

    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()

    def begin(connection: Any) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN"))

    def returned(connection: Any, _record: Any, state: Any) -> None:
        """A commit that a deferred constraint refuses leaves the transaction open; SQLAlchemy takes it for ended."""
        if state.asyncio_safe and connection.driver_connection.in_transaction:
            connection.rollback()

    event.listen(engine.sync_engine, "connect", connected)
    event.listen(engine.sync_engine, "reset", returned)
    event.listen(engine.sync_engine, "begin", begin)
