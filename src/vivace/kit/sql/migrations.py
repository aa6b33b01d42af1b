"""Alembic's migrations, run by the program: at start, in tests, in a deployment's own step.

A folder of migrations is a plain Alembic environment; `alembic` runs it too. What is run from here has a short-lived
engine, so that it needs no started `Database`, and no event loop that one was started on.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any, TypeVar

from vivace.kit.extras import need

need("sql.migrations", "sql", "alembic")

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.pool import NullPool

from vivace.kit.sql.database import Database, meant
from vivace.kit.sql.engine import is_in_memory, make_engine

T = TypeVar("T")

_LOCK = 0x5669_7661_6365  # of PostgreSQL's advisory locks: one process migrates at a time ("Vivace")
_FILES = {"env.py.txt": "env.py", "script.py.mako": "script.py.mako"}


class MigrationsPending(RuntimeError):
    """The database is not at the newest revision, or the models are not what the migrations make."""


class Migrations:
    """The migrations of a database.

    ```python
    migrations = Migrations(db, "migrations", Base.metadata)
    await migrations.upgrade()
    ```

    Args:
        database: which. It need not be started.
        directory: folder of the migrations; `init` makes it.
        metadata: the tables as the program has them, for `revision` and `check`.

    Raises:
        ValueError: the database is in memory.
    """

    def __init__(self, database: Database, directory: str | Path, metadata: MetaData | None = None) -> None:
        if is_in_memory(database.url):
            raise ValueError("A database in memory begins empty each time: use db.create_all(metadata) for it")
        self._url = database.url
        self._directory = Path(directory)
        self._metadata = metadata

    def init(self) -> None:
        """Make the folder, with Alembic's two files in it: `env.py`, and the template of revisions.

        Raises:
            FileExistsError: there is an environment.
        """
        if (self._directory / "env.py").exists():
            raise FileExistsError(f"{self._directory} has an env.py already")
        (self._directory / "versions").mkdir(parents=True, exist_ok=True)
        template = files("vivace.kit.sql") / "template"
        for name, written in _FILES.items():
            (self._directory / written).write_text((template / name).read_text("utf-8"), "utf-8")

    async def revision(self, message: str) -> Path:
        """Write a revision with what the models have and the database, at the newest revision, has not.

        Raises:
            MigrationsPending: the database is not at the newest revision.
        """
        made: Any = await self._run(lambda config, _: command.revision(config, message, autogenerate=True))
        return Path(made.path)

    async def upgrade(self, revision: str = "head") -> None:
        """Run what has not been run, up to a revision, in one transaction. Another process that does the same waits."""
        await self._run(lambda config, _: command.upgrade(config, revision))

    async def downgrade(self, revision: str) -> None:
        """Take back what has been run after a revision; "base" takes back all."""
        await self._run(lambda config, _: command.downgrade(config, revision))

    async def current(self) -> tuple[str, ...]:
        """The revisions that the database is at: one, or none, unless there are branches."""
        return await self._run(lambda _, connection: _heads(connection))

    async def pending(self) -> list[str]:
        """The revisions that have not been run, the next one first."""

        def find(config: Config, connection: Connection) -> list[str]:
            scripts = ScriptDirectory.from_config(config)
            todo = scripts.iterate_revisions("heads", _heads(connection) or "base")
            return [script.revision for script in todo][::-1]

        return await self._run(find)

    async def check(self) -> None:
        """See that nothing is pending, and that the migrations make what the models say.

        Raises:
            MigrationsPending: it is not so. The message says what is to be done.
        """
        if waiting := await self.pending():
            raise MigrationsPending(f"Not run yet: {', '.join(waiting)}. Call `await migrations.upgrade()`")
        if self._metadata is not None:
            await self._run(lambda config, _: command.check(config))

    async def _run(self, act: Callable[[Config, Connection], T]) -> T:
        # SQLite alters a table by copying it and dropping the old one, which foreign keys would take for a deletion.
        engine = make_engine(self._url, foreign_keys=False, poolclass=NullPool)
        try:
            async with meant(), engine.connect() as connection:
                await connection.execution_options(sqlite_begin="BEGIN IMMEDIATE")
                async with connection.begin():
                    if connection.dialect.name == "postgresql":
                        await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
                    return await connection.run_sync(lambda sync: act(self._config(sync), sync))
        except CommandError as error:
            raise MigrationsPending(f"{self._directory}: {error}") from error
        finally:
            await engine.dispose()

    def _config(self, connection: Connection) -> Config:
        if not (self._directory / "env.py").exists():
            raise FileNotFoundError(f"{self._directory} has no env.py: make it once, with `migrations.init()`")
        config = Config(stdout=StringIO(), cmd_opts=Namespace(quiet=True))  # it would print
        config.set_main_option("script_location", str(self._directory.resolve()).replace("%", "%%"))
        config.attributes["connection"] = connection
        config.attributes["target_metadata"] = self._metadata
        return config


def _heads(connection: Connection) -> tuple[str, ...]:
    return MigrationContext.configure(connection).get_current_heads()
