"""What the database's errors mean for whoever has asked: unavailable, busy, in conflict. All three: 503, try again.

Everything else (a constraint, a mistake in the SQL) is the program's to handle, and stays as SQLAlchemy raises it.
"""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from vivace import HTTPException

# PostgreSQL, Appendix A: the transaction was rolled back, and may well succeed if it is run again.
_CONFLICT = {"40001", "40P01"}  # serialization_failure, deadlock_detected
# The server is going, gone, not there yet, or full. All of class 08 (connection exception) too.
_UNAVAILABLE = {"57P01", "57P02", "57P03", "53300"}
# SQLite's primary result codes: another connection writes, or has written since we have read.
_SQLITE_BUSY, _SQLITE_LOCKED = 5, 6


class DatabaseUnavailable(HTTPException):
    """The database can't be reached. Answered 503."""

    def __init__(self, detail: str = "The database is not available") -> None:
        super().__init__(503, detail=detail, headers={"Retry-After": "1"})


class DatabaseBusy(DatabaseUnavailable):
    """All connections are in use, and none came free in time. Answered 503."""

    def __init__(self) -> None:
        super().__init__("The database is busy")


class TransactionConflict(DatabaseUnavailable):
    """The transaction was in conflict with another one, and was rolled back; it may be run again. Answered 503."""

    def __init__(self) -> None:
        super().__init__("The request was in conflict with another one")


def meaning_of(error: BaseException) -> DatabaseUnavailable | None:
    """The exception to raise in the place of `error`; None where it stays as it is."""
    if isinstance(error, PoolTimeout):
        return DatabaseBusy()
    if not isinstance(error, DBAPIError):
        return None
    state = sqlstate(error.orig)
    if state in _CONFLICT or _is_sqlite_conflict(error.orig):
        return TransactionConflict()
    if error.connection_invalidated or state in _UNAVAILABLE or state.startswith("08"):
        return DatabaseUnavailable()
    return None


def sqlstate(error: BaseException | None) -> str:
    """PostgreSQL's five characters, by whichever driver; empty where there are none."""
    return str(getattr(error, "sqlstate", None) or "")


def _is_sqlite_conflict(error: BaseException | None) -> bool:
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(code, int) and code & 0xFF in (_SQLITE_BUSY, _SQLITE_LOCKED)
