"""The broker in this process: logs in a dictionary, for all event loops of the process."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from threading import RLock

from vivace.kit.channels.backend import Backend, Sink
from vivace.kit.channels.record import Record, Topic


class Log:
    """The records of a topic, and when they may be forgotten (seconds of the broker's clock)."""

    def __init__(self, topic: Topic, nonce: str) -> None:
        self.records = deque([Record(time.time_ns() // 1_000_000, 0, nonce)], topic.history + 1)
        self.until = 0.0


class MemoryBroker:
    """What the backends of all loops share. Its clock is one that nobody can set."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.lock = RLock()
        self.logs: OrderedDict[str, Log] = OrderedDict()  # by their last message
        self.here: dict[str, dict[str, float]] = {}
        self.backends: set[MemoryBackend] = set()

    def log(self, topic: Topic, nonce: str) -> Log:
        """The log, begun if there is none. None is kept long beyond its time."""
        now = self.clock()
        while self.logs and next(iter(self.logs.values())).until < now:
            self.logs.popitem(last=False)
        log = self.logs.get(topic.name)
        if log is None or log.until < now:
            log = self.logs[topic.name] = Log(topic, nonce)
            log.until = now + topic.keep
        return log

    def append(self, topic: Topic, nonce: str, payload: bytes) -> str:
        with self.lock:
            log = self.log(topic, nonce)
            last = log.records[-1]
            record = Record(last.epoch, last.seq + 1, nonce, payload)
            log.records.append(record)
            log.until = self.clock() + topic.keep
            self.logs.move_to_end(topic.name)
            for backend in self.backends:
                backend.tell(topic.name, record)
            return record.id


class MemoryBackend(Backend):
    """One event loop's view of the broker."""

    url = "memory://"

    def __init__(self, broker: MemoryBroker) -> None:
        self._broker = broker
        self._topics: set[str] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._heard: deque[tuple[str, Record | str]] = deque()
        self._wake = asyncio.Event()

    async def run(self, sink: Sink) -> None:
        self._loop = asyncio.get_running_loop()
        with self._broker.lock:
            self._broker.backends.add(self)
        try:
            sink.connected()
            while True:  # it is never lost
                await self._wake.wait()
                self._wake.clear()
                await self._hand_on(sink)
        finally:
            with self._broker.lock:
                self._broker.backends.discard(self)

    def tell(self, topic: str, said: Record | str) -> None:
        """Under the broker's lock, so that all loops hear in the same order."""
        loop = self._loop
        if topic in self._topics and loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._hear, topic, said)

    def _hear(self, topic: str, said: Record | str) -> None:
        self._heard.append((topic, said))
        self._wake.set()

    async def _hand_on(self, sink: Sink) -> None:
        while self._heard:
            topic, said = self._heard.popleft()
            if isinstance(said, Record):
                sink.record(topic, said)
            else:
                sink.nudge(topic, said)
            await asyncio.sleep(0)  # so that subscribers take it: what is published at once is not theirs to suffer

    async def listen(self, topic: Topic) -> None:
        self._topics.add(topic.name)

    async def unlisten(self, topic: Topic) -> None:
        self._topics.discard(topic.name)

    async def append(self, topic: Topic, nonce: str, payload: bytes) -> str:
        made = self._broker.append(topic, nonce, payload)
        await asyncio.sleep(0)  # so that who publishes without end lets others run
        return made

    async def load(self, topic: Topic, nonce: str) -> list[Record]:
        with self._broker.lock:
            return list(self._broker.log(topic, nonce).records)

    async def nudge(self, topic: Topic, text: str) -> None:
        with self._broker.lock:
            for backend in self._broker.backends:
                backend.tell(topic.name, text)

    async def hold(self, topic: Topic, entries: Iterable[str], ttl: float) -> None:
        with self._broker.lock:
            until = self._broker.clock() + ttl
            self._broker.here.setdefault(topic.name, {}).update(dict.fromkeys(entries, until))

    async def drop(self, topic: Topic, entries: Iterable[str]) -> None:
        with self._broker.lock:
            here = self._broker.here.get(topic.name, {})
            for entry in entries:
                here.pop(entry, None)
            if not here:
                self._broker.here.pop(topic.name, None)

    async def held(self, topic: Topic) -> list[str]:
        with self._broker.lock:
            now = self._broker.clock()
            here = {entry: until for entry, until in self._broker.here.get(topic.name, {}).items() if until > now}
            if here:
                self._broker.here[topic.name] = here
            else:
                self._broker.here.pop(topic.name, None)
            return list(here)

    async def aclose(self) -> None:
        self._topics.clear()
