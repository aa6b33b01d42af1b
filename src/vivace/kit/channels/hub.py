"""What one event loop has of all channels: the connection to the broker, held and healed, and the feeds on it."""

from __future__ import annotations

import asyncio
import logging
import random
import secrets
from typing import Any

from pydantic import TypeAdapter

from vivace.kit.channels.backend import Backend
from vivace.kit.channels.errors import ChannelsUnavailable
from vivace.kit.channels.feed import Feed
from vivace.kit.channels.membership import Membership
from vivace.kit.channels.presence import View
from vivace.kit.channels.record import Record, Topic

_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 2.0  # seconds between attempts to connect
_LINGER = 2.0  # seconds for which a feed waits for somebody to come back
_READS = 16  # logs that are read at once

_logger = logging.getLogger("vivace.kit.channels")


class Hub:
    """Made for a running event loop. `start` begins to connect, and returns at once."""

    def __init__(self, backend: Backend, presence_ttl: float) -> None:
        self.backend = backend
        self.members = Membership(backend, presence_ttl, self._views)
        self._feeds: dict[str, Feed] = {}
        self._starting: dict[str, asyncio.Task[None]] = {}
        self._up = asyncio.Event()
        self._tried = asyncio.Event()  # an attempt to connect has ended, one way or the other
        self._why = ""
        self._listening = asyncio.Lock()
        self._reads = asyncio.Semaphore(_READS)
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self) -> None:
        self._spawn(self._connect())

    async def ready(self) -> None:
        """Wait for the first connection.

        Raises:
            ChannelsUnavailable: there is none now.
        """
        await self._tried.wait()
        if not self._up.is_set():
            raise ChannelsUnavailable(self._why)

    async def publish(self, topic: Topic, payload: bytes) -> str:
        await self.ready()
        return await self.backend.append(topic, _nonce(), payload)

    # -- feeds

    async def use(self, topic: Topic, adapter: TypeAdapter[Any], *, presence: bool) -> Feed:
        """The feed of a topic, loaded, with one user more: who gives it back with `detach` or `release`.

        Raises:
            ChannelsUnavailable: it can't be loaded.
        """
        feed = self._feeds.get(topic.name)
        if feed is None:
            feed = self._feeds[topic.name] = self._made(topic, adapter, presence=presence)
            self._starting[topic.name] = self._spawn(self._load(feed))
        feed.users += 1
        starting = self._starting.get(topic.name)
        try:
            if starting is not None:
                await asyncio.shield(starting)
        except BaseException as error:
            feed.release()
            if starting is not None and starting.cancelled() and isinstance(error, asyncio.CancelledError):
                raise ChannelsUnavailable("The channels were closed") from None
            raise
        return feed

    def _made(self, topic: Topic, adapter: TypeAdapter[Any], *, presence: bool) -> Feed:
        async def read(patient: bool) -> list[Record]:
            async with self._reads:
                if patient:
                    await self._up.wait()
                return await self.backend.load(topic, _nonce())

        feed = Feed(topic, adapter, None, read, self._released)
        if presence:
            feed.view = View(feed.tell)
        return feed

    async def _load(self, feed: Feed) -> None:
        name = feed.topic.name
        try:
            await self.ready()
            async with self._listening:
                await self.backend.listen(feed.topic)
            await feed.load()
            if feed.view is not None:
                await self.members.refresh(feed.topic, feed.view)
        except Exception:
            if self._feeds.pop(name, None) is not None:
                self._spawn(self._unlisten(feed.topic))
            raise
        finally:
            self._starting.pop(name, None)
        self._released(feed)

    def _released(self, feed: Feed) -> None:
        if not feed.users:
            asyncio.get_running_loop().call_later(_LINGER, self._retire, feed)

    def _retire(self, feed: Feed) -> None:
        name = feed.topic.name
        if not feed.users and self._feeds.get(name) is feed and name not in self._starting:
            del self._feeds[name]
            feed.close()
            self._spawn(self._unlisten(feed.topic))

    async def _unlisten(self, topic: Topic) -> None:
        async with self._listening:
            if topic.name not in self._feeds:
                await self.backend.unlisten(topic)

    def _views(self) -> list[tuple[Topic, View]]:
        return [(feed.topic, feed.view) for feed in self._feeds.values() if feed.view is not None]

    # -- the connection

    async def _connect(self) -> None:
        pause = _FIRST_PAUSE
        while True:
            try:
                await self.backend.run(self)
            except ChannelsUnavailable as error:
                if self._up.is_set():
                    pause = _FIRST_PAUSE
                if self._up.is_set() or not self._tried.is_set():
                    _logger.warning("%s; trying again until it can", error)
                self._why = str(error)
            except Exception as error:  # whatever a client raises, it is tried again, and nobody hangs
                _logger.warning("Channels: %s", self.backend.url, exc_info=error)
                self._why = f"Channels: {self.backend.url} can't answer: {type(error).__name__}"
            self._up.clear()
            self._tried.set()
            await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311  # so that not all come at once
            pause = min(pause * 2, _LONGEST_PAUSE)

    def topics(self) -> list[Topic]:
        return [feed.topic for feed in self._feeds.values()]

    def connected(self) -> None:
        if self._tried.is_set():
            _logger.info("Channels: %s answers again", self.backend.url)
        self._up.set()
        self._tried.set()
        for feed in self._feeds.values():
            feed.reread()
        self.members.reconnected()

    def record(self, topic: str, record: Record) -> None:
        feed = self._feeds.get(topic)
        if feed is not None:
            feed.hear(record)

    def nudge(self, topic: str, text: str) -> None:
        feed = self._feeds.get(topic)
        if feed is not None and feed.view is not None:
            (feed.view.come if text[:1] == "+" else feed.view.go)(text[1:])

    # -- the end

    async def aclose(self) -> None:
        """End all subscriptions and let go of the broker."""
        await self.members.aclose()
        for feed in self._feeds.values():
            feed.close()
        self._feeds.clear()
        tasks = set(self._tasks)
        while tasks:
            for task in tasks:
                task.cancel()
            # More than once: before Python 3.12 `asyncio.wait_for`, which the clients use, may lose a cancellation.
            tasks = (await asyncio.wait(tasks, timeout=0.2))[1]
        await self.backend.aclose()

    def _spawn(self, work: Any) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(work, name="vivace channels")
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) and not isinstance(error, ChannelsUnavailable):
            _logger.error("A task of channels failed", exc_info=error)


def _nonce() -> str:
    return secrets.token_hex(4)
