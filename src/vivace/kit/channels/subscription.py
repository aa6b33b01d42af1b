"""One subscriber's side: a bounded queue, and what happens when it is full."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Literal, Self, TypeVar

from vivace.kit.channels.errors import SlowSubscriber
from vivace.kit.channels.events import AnyEvent, Gap, Here, Message

if TYPE_CHECKING:
    from vivace.kit.channels.feed import Feed

T = TypeVar("T")

GRACE = 5.0  # seconds
WhenFull = Literal["disconnect", "drop_oldest"]


class Subscription(Generic[T]):
    """`async with channel.subscribe(...) as events: async for event in events: ...`

    What is replayed from history does not count for the queue's bound; what comes while the subscriber is busy does.

    Args:
        attach: gives the feed, with this subscription on it.
        size: how many events wait at most.
        when_full: "disconnect" ends the subscription with `SlowSubscriber`; "drop_oldest" lets go of the oldest and
            tells a `Gap` in their place.
    """

    def __init__(
        self, attach: Callable[[Subscription[T]], Awaitable[Feed]], *, size: int, when_full: WhenFull, name: str
    ) -> None:
        self._attach, self._size, self._when_full, self._name = attach, size, when_full, name
        self._feed: Feed | None = None
        self._replay: deque[AnyEvent[Any]] = deque()
        self._live: deque[AnyEvent[Any]] = deque()
        self._free = 0  # how many of these don't count
        self._dropped: str | None = None  # the id of the last message that was let go
        self._here_dropped = False  # or somebody's coming or going was
        self._position = ""
        self._error: SlowSubscriber | None = None
        self._ended = False
        self._waiter: asyncio.Future[None] | None = None
        self._let_go = asyncio.Event()

    @property
    def position(self) -> str:
        """The id to go on from with `after`: of the last message that this subscriber has got."""
        return self._position

    @property
    def replaying(self) -> bool:
        """Whether there is something from history yet to be got."""
        return bool(self._replay)

    async def __aenter__(self) -> Self:
        if self._ended or self._feed is not None:
            raise RuntimeError(f"A subscription is entered once: make another with subscribe() ({self._name})")
        self._feed = await self._attach(self)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._feed is not None:
            self._feed.detach(self)
        self.end()

    async def stuck(self) -> None:
        """Wait until the subscriber was let go, and has not noticed for `GRACE` seconds: whoever writes to it hangs."""
        await self._let_go.wait()
        await asyncio.sleep(GRACE)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> AnyEvent[T]:
        event = await self.next()
        if event is None:
            raise StopAsyncIteration
        return event

    def take(self) -> AnyEvent[T] | None:
        """The next event, if there is one now."""
        event = self._take()
        if event is not None and event.position is not None:
            self._position = event.position
        return event

    async def next(self) -> AnyEvent[T] | None:
        """The next event; None when the channels were closed.

        Raises:
            SlowSubscriber: the queue was full.
        """
        while True:
            event = self.take()
            if event is not None:
                return event
            if self._error is not None:
                raise self._error
            if self._ended:
                return None
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None

    def _take(self) -> AnyEvent[T] | None:
        if self._replay:
            return self._replay.popleft()
        if self._dropped is not None:
            gap, self._dropped = Gap(self._dropped), None
            return gap
        if self._here_dropped:
            self._here_dropped = False
            return None if self._feed is None else self._feed.here()
        self._free -= self._free > 0
        return self._live.popleft() if self._live else None

    def stop(self) -> None:
        """No more events, for the server stops; and whoever hangs for `GRACE` seconds is stuck."""
        self._let_go.set()
        self.end()

    # -- the feed's side

    def start(self, position: str, replay: Iterable[AnyEvent[Any]], here: Here | None) -> None:
        """Begin, at a position of the log, with what comes before anything else."""
        self._position = position
        self._replay.extend(replay)
        if here is not None:
            self._live.append(here)

    def put(self, event: AnyEvent[Any], free: int) -> None:
        """Queue an event, as far as there is room. Up to `free` events in the queue don't count, this one among them:
        all of them have come at once.
        """
        if self._ended:
            return
        self._free += self._free < free
        if len(self._live) >= self._size + self._free:
            if self._when_full == "disconnect":
                self._refuse()
                return
            self._drop()
        self._live.append(event)
        self._wake()

    def _drop(self) -> None:
        oldest = self._live.popleft()
        if isinstance(oldest, Message | Gap):
            self._dropped = oldest.id
        else:
            self._here_dropped = True

    def _refuse(self) -> None:
        self._live.clear()  # it would be sent to somebody who does not read
        self._replay.clear()
        self._error = SlowSubscriber(f"{self._name}: a subscriber had {self._size} events waiting, and is let go")
        self._let_go.set()
        self.end()

    def end(self) -> None:
        """No more events; what waits may be got still."""
        self._ended = True
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
