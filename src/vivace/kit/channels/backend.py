"""What channels ask of a broker, and what they are told by it.

A broker keeps a log for each topic, which is what orders its messages, and tells everybody who listens of each new
record. Being told is only the quick way: who has missed something reads the log.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from vivace.kit.channels.record import Record, Topic


class Sink(Protocol):
    """Who is told. None of these waits."""

    def topics(self) -> list[Topic]:
        """What is listened to, when a connection is made."""
        raise NotImplementedError

    def connected(self) -> None:
        """From now on nothing is missed, until the connection is lost."""

    def record(self, topic: str, record: Record) -> None:
        """A new record, in the log's order."""

    def nudge(self, topic: str, text: str) -> None:
        """Something said to those who listen now; no log keeps it."""


class Backend:
    """A broker, for one event loop. Every method raises `ChannelsUnavailable` when it can't answer."""

    url: str  # without credentials: for messages

    async def run(self, sink: Sink) -> None:
        """Hold a connection that hears, until it is lost; then raise `ChannelsUnavailable`."""
        raise NotImplementedError

    async def listen(self, topic: Topic) -> None:
        """Hear a topic: when this returns, everything that is appended from now on."""
        raise NotImplementedError

    async def unlisten(self, topic: Topic) -> None:
        raise NotImplementedError

    async def append(self, topic: Topic, nonce: str, payload: bytes) -> str:
        """Add a message to the log, and tell those who listen; its id."""
        raise NotImplementedError

    async def load(self, topic: Topic, nonce: str) -> list[Record]:
        """The log, oldest first, begun now (with this nonce) if there is none.

        The first record is where history begins: a beginning, or the last message that history covers no more.
        """
        raise NotImplementedError

    async def nudge(self, topic: Topic, text: str) -> None:
        """Say something to those who listen."""
        raise NotImplementedError

    async def hold(self, topic: Topic, entries: Iterable[str], ttl: float) -> None:
        """Put entries on the topic's list of who is here, for `ttl` seconds."""
        raise NotImplementedError

    async def drop(self, topic: Topic, entries: Iterable[str]) -> None:
        raise NotImplementedError

    async def held(self, topic: Topic) -> list[str]:
        """The entries whose time is not over."""
        raise NotImplementedError

    async def aclose(self) -> None:
        raise NotImplementedError
