"""The broker on a NATS server with JetStream (2.10 or later).

A JetStream stream for each channel is the log of all its topics; what it has stored it publishes again by core NATS,
which is how it is heard. Nothing is heard that was not stored.

```
vivace=log=orders=+     stream of vivace.log.orders.*, which keeps so many messages of each subject
vivace.log.orders.7     where messages are put, each with its id and the one it comes after, as headers
vivace.live.orders.7    where they are heard; and nudges, which have no id
vivace=here             stream in memory of vivace.here.>, whose messages end by themselves
vivace.here.orders.7.<process>.<member>
```

What `reconnected`, pending buffers and the like do in the client is left off: a connection that is lost is over, and
the hub makes another, so that everybody knows what may have been missed.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from vivace.kit.channels.backend import Backend, Sink
from vivace.kit.channels.errors import ChannelsUnavailable
from vivace.kit.channels.jetstream import Streams
from vivace.kit.channels.record import Record, Topic
from vivace.kit.extras import import_extra

R = TypeVar("R")

_TIMEOUT = 5.0  # seconds
_OPTIONS: dict[str, Any] = {
    "allow_reconnect": False,
    "connect_timeout": 2,
    "max_reconnect_attempts": 1,  # the least that ends; it holds for the first connection, too
    "reconnect_time_wait": 0.01,
    "ping_interval": 5,
    "max_outstanding_pings": 1,
    "pending_size": 8 * 1024 * 1024,
}
_TAILS = 10_000  # topics whose last record is known here
_ID, _AFTER = "Vivace-Id", "Nats-Expected-Last-Subject-Sequence"
_NOT_AFTER = 10071  # JSStreamWrongLastSequenceErr: somebody else was quicker
_ATTEMPTS = 200


class Tail:
    """The last record of a topic, as far as this process knows, and its number in the stream."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.record: Record | None = None
        self.number = 0


class NatsBroker(Backend):
    """Made for one event loop. Several servers of a cluster may stand in the URL, with commas between them."""

    def __init__(self, url: str, namespace: str, presence_ttl: float) -> None:
        modules = ("nats.aio.client", "nats.errors", "nats.js.errors")
        client, errors, js_errors = [
            import_extra(module, extra="nats", needed_for="nats:// channels") for module in modules
        ]
        self._new_client = client.Client
        self._api_error, self._not_found = js_errors.APIError, js_errors.NotFoundError
        self._nobody = (js_errors.NoStreamResponseError, js_errors.ServiceUnavailableError, errors.NoRespondersError)
        self._no_servers, self._slow = errors.NoServersError, errors.SlowConsumerError
        self._errors = (errors.Error, OSError, TimeoutError)
        self._servers = url.split(",")
        self.url = ",".join(_without_credentials(server) for server in self._servers)
        self._namespace = namespace
        self._presence_ttl = presence_ttl
        self._client: Any = None
        self._streams = Streams(namespace)
        self._subscriptions: dict[str, Any] = {}
        self._sink: Sink | None = None
        self._failed: Exception | None = None
        self._tails: OrderedDict[str, Tail] = OrderedDict()

    # -- hearing

    async def run(self, sink: Sink) -> None:
        lost = asyncio.get_running_loop().create_future()
        client = self._new_client()

        async def closed() -> None:
            if not lost.done():
                lost.set_result(None)

        async def failed(error: Exception) -> None:
            """Told again by the operation that fails, if not as well: no server is available."""
            self._failed = error
            if isinstance(error, self._slow):  # something was dropped: it is had again with another connection
                await closed()

        try:
            await client.connect(self._servers, closed_cb=closed, error_cb=failed, **_OPTIONS)
            self._client, self._sink = client, sink
            self._streams = Streams(self._namespace)
            for topic in sink.topics():
                await self._subscribe(client, topic)
            await client.flush(_TIMEOUT)
            sink.connected()
            await lost
        except self._errors as error:
            raise self._unavailable(error) from error
        finally:
            self._client = self._sink = None
            self._subscriptions.clear()
            self._tails.clear()
            await client.close()
        raise ChannelsUnavailable(f"Channels: the connection to {self.url} was lost")

    async def _subscribe(self, client: Any, topic: Topic) -> None:
        name, sink = topic.name, self._sink
        assert sink is not None

        async def heard(message: Any) -> None:
            made = (message.headers or {}).get(_ID)
            if made is None:
                sink.nudge(name, message.data.decode())
            elif (record := Record.parse(made, message.data)).seq:  # a beginning is nothing to be heard
                sink.record(name, record)
            await asyncio.sleep(0)  # so that subscribers take it, and none is late for what came at once

        if name not in self._subscriptions:
            self._subscriptions[name] = await client.subscribe(self._subject("live", name), cb=heard)

    async def listen(self, topic: Topic) -> None:
        async def subscribe(client: Any) -> None:
            await self._subscribe(client, topic)
            await client.flush(_TIMEOUT)

        await self._do(subscribe)

    async def unlisten(self, topic: Topic) -> None:
        subscription = self._subscriptions.pop(topic.name, None)
        if subscription is not None:
            await self._do(lambda _: subscription.unsubscribe())

    # -- logs

    async def append(self, topic: Topic, nonce: str, payload: bytes) -> str:
        tail = self._tail(topic)
        async with tail.lock:
            return (await self._on_stream(lambda js: self._append(js, topic, tail, nonce, payload))).id

    async def _append(self, js: Any, topic: Topic, tail: Tail, nonce: str, payload: bytes) -> Record:
        for attempt in range(_ATTEMPTS):
            if tail.record is None:
                await self._find(js, topic, tail)
            if tail.record is None:
                await self._put(js, topic, tail, Record(_now(), 0, nonce))
            elif await self._put(js, topic, tail, Record(tail.record.epoch, tail.record.seq + 1, nonce, payload)):
                return tail.record
            else:
                await asyncio.sleep(random.uniform(0, 0.001 * min(attempt, 20)))  # noqa: S311  # for the others' turn
        raise ChannelsUnavailable(f"Channels: {topic.name}: others publish so much that {_ATTEMPTS} attempts failed")

    async def _find(self, js: Any, topic: Topic, tail: Tail) -> None:
        """The last record from the server."""
        stream = await self._streams.log(js, topic)
        try:
            last = await js.get_last_msg(stream, self._subject("log", topic.name))
        except self._not_found:
            tail.number = 0
        else:
            tail.number, tail.record = last.seq, Record.parse(last.headers[_ID], last.data or b"")

    async def _put(self, js: Any, topic: Topic, tail: Tail, record: Record) -> bool:
        """Store a record after the last one known; False if that is not the last one."""
        stream = await self._streams.log(js, topic)
        number, tail.record = tail.number, None  # whatever happens now, it is known no more
        headers = {_ID: record.id, _AFTER: str(number)}
        subject = self._subject("log", topic.name)
        try:
            stored = await js.publish(subject, record.payload, stream=stream, headers=headers)
        except self._api_error as error:
            if error.err_code == _NOT_AFTER:
                return False
            raise
        tail.number, tail.record = stored.seq, record
        return True

    async def load(self, topic: Topic, nonce: str) -> list[Record]:
        return await self._on_stream(lambda js: self._load(js, topic, nonce))

    async def _load(self, js: Any, topic: Topic, nonce: str) -> list[Record]:
        stream = await self._streams.log(js, topic)
        subject = self._subject("log", topic.name)
        while True:
            messages = await self._streams.read(js, stream, subject)
            if messages:
                return [Record.parse(message.headers[_ID], message.data) for message in messages]
            await self._put(js, topic, Tail(), Record(_now(), 0, nonce))

    def _tail(self, topic: Topic) -> Tail:
        tail = self._tails.setdefault(topic.name, Tail())
        self._tails.move_to_end(topic.name)
        if len(self._tails) > _TAILS:
            self._tails.popitem(last=False)
        return tail

    # -- presence

    async def nudge(self, topic: Topic, text: str) -> None:
        await self._do(lambda client: client.publish(self._subject("live", topic.name), text.encode()))

    async def hold(self, topic: Topic, entries: Iterable[str], ttl: float) -> None:
        async def hold(js: Any) -> None:
            stream = await self._streams.here(js, ttl)
            subjects = [self._subject("here", topic.name, entry) for entry in entries]
            await asyncio.gather(*[js.publish(subject, b"", stream=stream) for subject in subjects])

        await self._on_stream(hold)

    async def drop(self, topic: Topic, entries: Iterable[str]) -> None:
        async def drop(js: Any) -> None:
            stream = await self._streams.here(js, self._presence_ttl)
            for entry in entries:
                await js.purge_stream(stream, subject=self._subject("here", topic.name, entry))

        await self._on_stream(drop)

    async def held(self, topic: Topic) -> list[str]:
        async def held(js: Any) -> list[str]:
            stream = await self._streams.here(js, self._presence_ttl)
            messages = await self._streams.read(js, stream, self._subject("here", topic.name, "*.*"))
            return [".".join(message.subject.split(".")[-2:]) for message in messages]

        return await self._on_stream(held)

    async def aclose(self) -> None:
        """What there is to let go of, `run` lets go of."""

    async def _on_stream(self, work: Callable[[Any], Awaitable[R]]) -> R:
        return await self._do(lambda client: work(client.jetstream(timeout=_TIMEOUT)))

    async def _do(self, work: Callable[[Any], Awaitable[R]]) -> R:
        client = self._client
        if client is None:
            raise ChannelsUnavailable(f"Channels: there is no connection to {self.url} now")
        try:
            return await work(client)
        except self._errors as error:
            self._streams.forget()
            raise self._unavailable(error) from error

    def _subject(self, kind: str, name: str, entry: str = "") -> str:
        subject = f"{self._namespace}.{kind}.{name.replace(':', '.')}"
        return f"{subject}.{entry}" if entry else subject

    def _unavailable(self, error: BaseException) -> ChannelsUnavailable:
        if isinstance(error, self._no_servers) and self._failed is not None:
            error = self._failed
        why = str(error) or type(error).__name__
        if isinstance(error, self._nobody):
            why += " (does it run with JetStream, `nats-server --jetstream`?)"
        return ChannelsUnavailable(f"Channels: {self.url} can't answer: {why}")


def _now() -> int:
    return time.time_ns() // 1_000_000


def _without_credentials(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
