"""The broker on a Redis server (5 or later): a stream for each topic is its log, pub/sub tells of what is new.

One connection of a process hears for all its topics; commands go by the pool that the store's backend has.

```
vivace:log:orders:7     stream; ids are <epoch>-<seq>, fields the nonce and the payload
vivace:live:orders:7    pub/sub: `r<id> <payload>` for a record, `n<text>` for a nudge
vivace:here:orders:7    hash: entry -> when it ends (microseconds of the server's clock)
```
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any, NoReturn

from vivace.kit.channels.backend import Backend, Sink
from vivace.kit.channels.errors import ChannelsUnavailable
from vivace.kit.channels.record import Record, Topic
from vivace.kit.extras import import_extra
from vivace.kit.store import Step, StoreError
from vivace.kit.store.redis import RedisBackend

_SILENCE = 5.0  # seconds until the server is asked for a sign of life, and has to give it

# In each of these ARGV[1] is the nonce, ARGV[2] what the log keeps in milliseconds.
_BEGUN = """
    local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
    if not last then
        local first = string.format('%.0f-0', math.floor(now / 1000))
        redis.call('XADD', KEYS[1], first, 'n', ARGV[1], 'p', '')
        redis.call('PEXPIRE', KEYS[1], ARGV[2])
        last = {first}
    end
"""


def _only_lua(lua: str) -> Step[Any]:
    """These are about streams, which only Redis has."""
    return Step(apply=_not_here, lua=lua)


def _not_here(*_: object) -> NoReturn:
    raise NotImplementedError


APPEND = _only_lua(
    _BEGUN
    + """
    local epoch, seq = string.match(last[1], '^(%d+)-(%d+)$')
    local id = epoch .. '-' .. string.format('%.0f', tonumber(seq) + 1)
    redis.call('XADD', KEYS[1], 'MAXLEN', ARGV[3], id, 'n', ARGV[1], 'p', ARGV[4])
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
    redis.call('PUBLISH', ARGV[5], 'r' .. id .. '-' .. ARGV[1] .. ' ' .. ARGV[4])
    return id .. '-' .. ARGV[1]
    """
)
LOAD = _only_lua(_BEGUN + "return redis.call('XRANGE', KEYS[1], '-', '+')")
NUDGE = _only_lua("return redis.call('PUBLISH', KEYS[1], ARGV[1])")
HOLD = _only_lua(
    """
    local stop = string.format('%.0f', now + tonumber(ARGV[1]) * 1000)
    for i = 2, #ARGV do redis.call('HSET', KEYS[1], ARGV[i], stop) end
    if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
    """
)
DROP = _only_lua("for i = 1, #ARGV do redis.call('HDEL', KEYS[1], ARGV[i]) end")
HELD = _only_lua(
    """
    local all, here = redis.call('HGETALL', KEYS[1]), {}
    for i = 1, #all, 2 do
        if tonumber(all[i + 1]) > now then here[#here + 1] = all[i] else redis.call('HDEL', KEYS[1], all[i]) end
    end
    return here
    """
)


class _Server(RedisBackend):
    """The store's connections, and one more that only hears."""

    def hearing(self) -> Any:
        """A connection, not yet made, that is in no pool."""
        pool = self._client().connection_pool
        return pool.connection_class(**pool.connection_kwargs)


class RedisBroker(Backend):
    """Made for one event loop."""

    def __init__(self, url: str, namespace: str) -> None:
        redis = import_extra("redis.asyncio", extra="channels", needed_for="redis:// channels")
        self._errors = (redis.RedisError, OSError)
        self._server = _Server(url)
        self.url = self._server.url
        self._namespace = namespace
        self._connection: Any = None
        self._confirming: dict[str, asyncio.Future[None]] = {}

    # -- hearing

    async def run(self, sink: Sink) -> None:
        connection = self._server.hearing()
        try:
            await connection.connect()
            self._connection = connection
            control = f"{self._namespace}:live:"
            await self._send("SUBSCRIBE", control, *(self._key("live", topic.name) for topic in sink.topics()), control)
            await self._hear(connection, sink)
        except self._errors as error:
            raise self._unavailable(error) from error
        finally:
            self._connection = None
            for waiting in self._confirming.values():
                waiting.cancel()
            self._confirming.clear()
            await connection.disconnect(nowait=True)

    async def _hear(self, connection: Any, sink: Sink) -> None:
        prefix, confirmed = f"{self._namespace}:live:".encode(), 0
        while True:
            said = await self._read(connection)
            if said[0] == b"message":
                _hand_on(sink, said[1].removeprefix(prefix).decode(), said[2])
                await asyncio.sleep(0)  # so that subscribers take it, and none is late for what came at once
            elif said[0] == b"subscribe":
                if said[1] == prefix:
                    confirmed += 1
                    if confirmed == 2:  # everything between the first and this one is subscribed to
                        sink.connected()
                waiting = self._confirming.pop(said[1].decode(), None)
                if waiting is not None and not waiting.done():
                    waiting.set_result(None)

    async def _read(self, connection: Any) -> Any:
        """What the server says next; a server that says nothing is asked for a sign of life."""
        said = await _within(_SILENCE, connection)
        if said is None:
            await self._send("PING")
            said = await _within(_SILENCE, connection)
            if said is None:
                raise OSError(f"it said nothing for {2 * _SILENCE:g} seconds")
        return said

    async def _send(self, *command: str) -> None:
        connection = self._connection
        if connection is None or not connection.is_connected:  # it would connect, and nobody would know what was missed
            raise ChannelsUnavailable(f"Channels: {self.url} can't be heard now")
        await connection.send_command(*command, check_health=False)

    async def listen(self, topic: Topic) -> None:
        name = self._key("live", topic.name)
        waiting = self._confirming[name] = asyncio.get_running_loop().create_future()
        try:
            await self._send("SUBSCRIBE", name)
            async with asyncio.timeout(_SILENCE):
                await asyncio.wait({waiting})
        except (TimeoutError, *self._errors) as error:
            raise self._unavailable(error) from error
        if waiting.cancelled():
            raise ChannelsUnavailable(f"Channels: {self.url} can't be heard now")

    async def unlisten(self, topic: Topic) -> None:
        try:
            await self._send("UNSUBSCRIBE", self._key("live", topic.name))
        except self._errors as error:
            raise self._unavailable(error) from error

    # -- commands

    async def append(self, topic: Topic, nonce: str, payload: bytes) -> str:
        live = self._key("live", topic.name).encode()
        kept = topic.history + 1  # the one before history tells where it begins
        made: bytes = await self._do(APPEND, "log", topic, nonce.encode(), _ms(topic.keep), kept, payload, live)
        return made.decode()

    async def load(self, topic: Topic, nonce: str) -> list[Record]:
        records = await self._do(LOAD, "log", topic, nonce.encode(), _ms(topic.keep))
        return [Record.parse(f"{at.decode()}-{fields[1].decode()}", fields[3]) for at, fields in records]

    async def nudge(self, topic: Topic, text: str) -> None:
        await self._do(NUDGE, "live", topic, b"n" + text.encode())

    async def hold(self, topic: Topic, entries: Iterable[str], ttl: float) -> None:
        await self._do(HOLD, "here", topic, _ms(ttl), *(entry.encode() for entry in entries))

    async def drop(self, topic: Topic, entries: Iterable[str]) -> None:
        await self._do(DROP, "here", topic, *(entry.encode() for entry in entries))

    async def held(self, topic: Topic) -> list[str]:
        return [entry.decode() for entry in await self._do(HELD, "here", topic)]

    async def aclose(self) -> None:
        await self._server.aclose()

    async def _do(self, step: Step[Any], kind: str, topic: Topic, *args: bytes | int) -> Any:
        try:
            return await self._server.run(step, self._key(kind, topic.name).encode(), args)
        except StoreError as error:
            raise self._unavailable(error.__cause__ or error) from error

    def _key(self, kind: str, name: str) -> str:
        return f"{self._namespace}:{kind}:{name}"

    def _unavailable(self, error: BaseException) -> ChannelsUnavailable:
        return ChannelsUnavailable(f"Channels: {self.url} can't answer: {str(error) or type(error).__name__}")


async def _within(seconds: float, connection: Any) -> Any:
    try:
        async with asyncio.timeout(seconds):
            return await connection.read_response(timeout=2 * seconds, disconnect_on_error=False)
    except TimeoutError:
        return None


def _hand_on(sink: Sink, topic: str, said: bytes) -> None:
    if said[:1] == b"r":
        made, _, payload = said[1:].partition(b" ")
        sink.record(topic, Record.parse(made.decode(), payload))
    else:
        sink.nudge(topic, said[1:].decode())


def _ms(seconds: float) -> int:
    return max(1, round(seconds * 1000))
