"""What is to be done once a transaction has been committed: kept with its session, and given up with a rollback."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

import anyio
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, SessionTransaction

Callback = Callable[[], Awaitable[object] | object]

_KEY = "vivace.kit.sql.commits"

_logger = logging.getLogger("vivace.kit.sql")


def after_commit(session: AsyncSession, callback: Callback) -> None:
    """Have something done when the transaction that the session is in has been committed, and only then.

    ```python
    @app.post("/orders")
    async def order(cart: Cart, session: Session) -> Order:
        session.add(order := Order.of(cart))
        after_commit(session, lambda: kitchen.publish(order))
        return order
    ```

    It is called before the answer is sent, when the session is closed and its connection is given back: one after the
    other, in the order in which they came. What a callback raises is logged, and nobody is answered with it. After a
    rollback, also one to a savepoint that it came within, it is not called: of a request that is run again after a
    conflict only the try that was committed counts. If the process dies after the commit, it is not called either.

    Args:
        session: of a `Database`: of a request, or of a transaction.
        callback: without arguments. A `def` one is called on the event loop, and should not block it.

    Raises:
        RuntimeError: the session is none of a `Database`.
    """
    commits: Commits | None = session.info.get(_KEY)
    if commits is None:
        raise RuntimeError(
            "after_commit takes a session of a Database: one of its dependency `db.session`, or of `db.transaction()`"
        )
    commits.add(callback)


class Commits:
    """The callbacks of one session."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session.sync_session
        self._waiting: list[tuple[SessionTransaction | None, Callback]] = []  # within which savepoint
        self._due: list[Callback] = []
        self._listening = False
        session.info[_KEY] = self

    def add(self, callback: Callback) -> None:
        if not self._listening:
            self._listening = True
            event.listen(self._session, "after_commit", self._committed)
            event.listen(self._session, "after_soft_rollback", self._rolled_back)
        self._waiting.append((self._session.get_nested_transaction(), callback))

    async def run(self) -> None:
        """Call what is due: it is not to be interrupted, for it has happened."""
        if not self._due:
            return
        with anyio.CancelScope(shield=True):
            for callback in self._due:
                try:
                    done = callback()
                    if isinstance(done, Awaitable):
                        await done
                except Exception:
                    _logger.exception("A transaction was committed, and what was to be done then failed")

    def _committed(self, session: Session) -> None:
        savepoint = session.get_nested_transaction()
        if savepoint is None:
            self._due += [callback for _, callback in self._waiting]
            self._waiting.clear()
        else:  # what came within it is of the transaction around it now
            outer = savepoint.parent if savepoint.parent is not None and savepoint.parent.nested else None
            self._waiting = [(outer if of is savepoint else of, callback) for of, callback in self._waiting]

    def _rolled_back(self, _: Session, transaction: SessionTransaction) -> None:
        """A whole transaction, or a savepoint with those within it."""
        if transaction.nested:
            self._waiting = [pair for pair in self._waiting if not _is_within(pair[0], transaction)]
        else:
            self._waiting.clear()


def _is_within(transaction: SessionTransaction | None, other: SessionTransaction) -> bool:
    while transaction is not None:
        if transaction is other:
            return True
        transaction = transaction.parent
    return False
