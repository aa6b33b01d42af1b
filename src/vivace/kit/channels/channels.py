"""`Channels`: a broker, and the channels on it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeVar
from weakref import WeakKeyDictionary

from pydantic import TypeAdapter

from vivace.kit.channels.backend import Backend
from vivace.kit.channels.channel import Authorize, Channel, Rules
from vivace.kit.channels.hub import Hub
from vivace.kit.channels.pattern import Pattern
from vivace.kit.channels.subscription import WhenFull
from vivace.kit.channels.url import opener

T = TypeVar("T")

MAX_HISTORY = 10_000
MAX_MESSAGE_BYTES = 65_536


class Channels:
    """Made by `Channels.from_url`.

    It can be made at import time and used from any event loop: it connects when it is first used or entered, and again
    after a failure. Leaving it ends all subscriptions.

    Args:
        open: makes the backend for an event loop.
        max_message_bytes: larger messages are refused with `MessageTooLarge`.
        presence_ttl: seconds after which who was here through a process that died is here no more.
    """

    def __init__(
        self,
        open: Callable[[], Backend],
        *,
        max_message_bytes: int = MAX_MESSAGE_BYTES,
        presence_ttl: float = 30.0,
    ) -> None:
        if not 0 < max_message_bytes <= 1_000_000:
            raise ValueError(f"max_message_bytes={max_message_bytes}: up to 1000000, which brokers take as they are")
        if not 0.1 <= presence_ttl <= 3600:
            raise ValueError(f"presence_ttl={presence_ttl}: seconds, 0.1 to 3600")
        self._open, self._max_message_bytes, self._presence_ttl = open, max_message_bytes, presence_ttl
        self._hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()
        self._patterns: list[Pattern] = []

    @classmethod
    def from_url(
        cls,
        url: str,
        *,
        namespace: str = "vivace",
        max_message_bytes: int = MAX_MESSAGE_BYTES,
        presence_ttl: float = 30.0,
    ) -> Self:
        """Channels by the URL of their broker.

        - `memory://`: in this process.
        - `redis://[user:password@]host:6379/0`, `rediss://`, `unix://`: a Redis server, 5 or later. Needs the extra
          `channels`.
        - `nats://[user:password@]host:4222`, `tls://`: a NATS server with JetStream, 2.10 or later. Needs the extra
          `nats`.

        Args:
            url: the broker's.
            namespace: letters, digits, `_` and `-`: programs that share a broker don't meet.
            max_message_bytes: larger messages are refused with `MessageTooLarge`.
            presence_ttl: seconds after which who was here through a process that died is here no more.

        Raises:
            ValueError: the URL is none of these, or another argument makes no sense.
            MissingExtra: the extra is not installed.
        """
        return cls(opener(url, namespace, presence_ttl), max_message_bytes=max_message_bytes, presence_ttl=presence_ttl)

    def channel(
        self,
        pattern: str,
        type: type[T] | Any = Any,
        *,
        history: int = 100,
        keep: float = 3600.0,
        queue: int = 64,
        when_full: WhenFull = "disconnect",
        presence: bool = False,
        authorize: Authorize | None = None,
    ) -> Channel[T]:
        """A channel, or one for each value of its parameters: `channel("orders:{order_id}", OrderEvent)`.

        Args:
            pattern: words and `{parameters}`, with colons between them.
            type: of its messages: whatever Pydantic can validate.
            history: how many of the last messages can be replayed; 0 for none.
            keep: seconds for which they can be, at least, after the last one.
            queue: how many events wait for a subscriber that is busy.
            when_full: what happens beyond that. "disconnect": its subscription ends, and it may come back with the last
                id it has. "drop_oldest": it gets a `Gap` in place of the oldest.
            presence: whether subscribers are told who is here, comes and goes.
            authorize: called with the connection (a `Request` or `WebSocket`) and the parameters, for `events` and
                `connect`; what it does not answer with True is refused.

        Raises:
            ValueError: the pattern is none, overlaps with another channel's, or a number is out of range.
        """
        parsed = Pattern(pattern)
        for other in self._patterns:
            if parsed.overlaps(other):
                raise ValueError(f"channel({pattern!r}) and channel({other.text!r}) would share topics: rename one")
        if when_full not in ("disconnect", "drop_oldest"):
            raise ValueError(f"when_full={when_full!r}: 'disconnect' or 'drop_oldest'")
        if not (0 <= history <= MAX_HISTORY and 1 <= keep <= 366 * 86400 and queue >= 1):
            raise ValueError(
                f"history={history}, keep={keep}, queue={queue}: up to {MAX_HISTORY} messages, for a second to a year;"
                " a queue of at least 1"
            )
        self._patterns.append(parsed)
        rules = Rules(history, keep, queue, when_full, presence, authorize, self._max_message_bytes)
        return Channel(self._hub, parsed, TypeAdapter(type), rules)

    async def ping(self) -> None:
        """Whether there is a connection to the broker.

        Raises:
            ChannelsUnavailable: there is none now.
        """
        await self._hub().ready()

    async def aclose(self) -> None:
        """End this event loop's subscriptions and connections. What is used again, connects again."""
        hub = self._hubs.pop(asyncio.get_running_loop(), None)
        if hub is not None:
            await hub.aclose()

    async def __aenter__(self) -> Self:
        self._hub()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    def _hub(self) -> Hub:
        loop = asyncio.get_running_loop()
        hub = self._hubs.get(loop)
        if hub is None:
            for ended in [known for known in self._hubs if known.is_closed()]:
                del self._hubs[ended]  # a hub knows its loop, and would keep it
            hub = self._hubs[loop] = Hub(self._open(), self._presence_ttl)
            hub.start()
        return hub
