"""What was in conflict with another transaction is run again: a piece of work, or a whole request."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from contextvars import ContextVar
from typing import ClassVar

from starlette.types import Message, Receive, Scope, Send

from vivace.kit.sql.errors import TransactionConflict
from vivace.routing import APIRoute

ATTEMPTS = 5
_FIRST_PAUSE, _LONGEST_PAUSE = 0.01, 0.5  # seconds
_REPLAYED = 1_048_576  # bytes of a request's body that are kept to be read again

_CAN_RETRY: ContextVar[bool] = ContextVar("vivace_sql_can_retry", default=False)


class Again(Exception):
    """A conflict on its way to the `RetryingRoute` that will run the request again; no handler knows it."""


def conflict(error: TransactionConflict) -> Exception:
    """What a request's session raises: `Again` while there is another attempt, else what the client is told."""
    return Again() if _CAN_RETRY.get() else error


async def pause(attempt: int) -> None:
    """Wait before the next attempt: a random time, so that two in conflict don't meet again."""
    longest = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**attempt)
    await asyncio.sleep(random.uniform(0, longest))  # noqa: S311  # nobody gains by guessing it


class RetryingRoute(APIRoute):
    """A route whose requests are run again, from the start, when their transaction was in conflict with another one.

    ```python
    router = APIRouter(route_class=RetryingRoute)
    ```

    Its endpoints, and their dependencies, should do nothing but with the database: mails would be sent twice. A request
    with a body of more than 1 MiB is run once.
    """

    attempts: ClassVar[int] = ATTEMPTS

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        before, exchange = dict(scope), _Exchange(receive, send)
        for attempt in range(1, self.attempts + 1):
            last = attempt == self.attempts
            token = _CAN_RETRY.set(not last)
            try:
                await super().handle(scope, exchange.receive, exchange.send)
                return
            except Again as again:
                if not exchange.can_be_repeated:
                    raise again.__cause__ or again from None
            finally:
                _CAN_RETRY.reset(token)
            await pause(attempt)
            scope.clear()
            scope.update(before)
            exchange.rewind()


class _Exchange:
    """The messages of a request, kept so that they can be received again; and whether anything has been sent."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._kept: list[Message] = []
        self._next: deque[Message] = deque()
        self._size = 0
        self._started = False

    @property
    def can_be_repeated(self) -> bool:
        return not self._started and self._size <= _REPLAYED

    def rewind(self) -> None:
        self._next = deque(self._kept)

    async def receive(self) -> Message:
        if self._next:
            return self._next.popleft()
        message: Message = await self._receive()
        self._size += len(message.get("body", b""))
        if self._size <= _REPLAYED:
            self._kept.append(message)
        else:
            self._kept.clear()
        return message

    async def send(self, message: Message) -> None:
        self._started = True
        await self._send(message)
