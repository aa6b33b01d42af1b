"""The backend on a Redis server (5 or later, or one that speaks its protocol). Time is the server's clock."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable
from hashlib import sha1
from typing import Any, TypeVar
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from vivace.kit.extras import import_extra
from vivace.kit.store.backend import Backend
from vivace.kit.store.errors import StoreError, StoreUnavailable
from vivace.kit.store.step import Arg, Step

T = TypeVar("T")

_OPTIONS: dict[str, Any] = {
    "socket_connect_timeout": 2.0,  # seconds, as all of these
    "socket_timeout": 5.0,
    "timeout": 5.0,  # to wait for one of the connections
    "max_connections": 50,
    # With protocol 3 redis-py 8 leaves it to the next command to find out that an idle connection was closed.
    "protocol": 2,
}
_SCANNED_AT_ONCE = 500

# Refusals that are about the state the server is in, as they come from a command or from within a script.
_PASSING = re.compile(
    r"(?:^|-|: )(?:BUSY|CLUSTERDOWN|LOADING|MASTERDOWN|MISCONF|NOAUTH|NOREPLICAS|OOM|READONLY) "
    r"|^(?:command not allowed when used memory|You can't write against a read only)"  # redis-py takes the code away
)

# What every step's script begins with. Redis ends entries by milliseconds: rounded up, so that none ends early.
_PRELUDE = """
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local function put(value, ttl)
    if ttl > 0 then
        redis.call('SET', KEYS[1], value, 'PX', string.format('%.0f', math.ceil(ttl / 1000)))
    else
        redis.call('SET', KEYS[1], value)
    end
end
local function keep(value) put(value, math.max(redis.call('PTTL', KEYS[1]), 0) * 1000) end
local function drop() redis.call('DEL', KEYS[1]) end
"""


class RedisBackend(Backend):
    """Entries as strings of a Redis server. Each event loop has a pool of connections of its own."""

    def __init__(self, url: str) -> None:
        modules = ("redis.asyncio", "redis.asyncio.retry", "redis.backoff")
        self._redis, self._retry, self._backoff = [
            import_extra(module, extra="store", needed_for="A redis:// store") for module in modules
        ]
        self.url = _without_credentials(url)
        self._url = url
        self._clients: WeakKeyDictionary[asyncio.AbstractEventLoop, Any] = WeakKeyDictionary()
        self._scripts: dict[int, tuple[Step[Any], str, str]] = {}
        self._new_client()  # an option that is not understood is told now

    async def get(self, keys: list[bytes]) -> list[bytes | None]:
        return await self._answer(self._client().mget(keys))

    async def set(self, key: bytes, value: bytes, ttl: int | None) -> None:
        await self._answer(self._client().set(key, value, px=None if ttl is None else -(-ttl // 1000)))

    async def delete(self, key: bytes) -> bool:
        return bool(await self._answer(self._client().delete(key)))

    async def run(self, step: Step[Any], key: bytes, args: tuple[Arg, ...]) -> Any:
        return await self._answer(self._evaluate(step, key, args))

    async def clear(self, prefixes: list[bytes]) -> None:
        await self._answer(self._clear(prefixes))

    async def aclose(self) -> None:
        client = self._clients.pop(asyncio.get_running_loop(), None)
        if client is not None:
            await client.connection_pool.disconnect()

    def _client(self) -> Any:
        loop = asyncio.get_running_loop()
        client = self._clients.get(loop)
        if client is None:
            client = self._clients[loop] = self._new_client()
        return client

    def _new_client(self) -> Any:
        """Without retries: a step that was done before the connection broke would be done twice."""
        never = self._retry.Retry(self._backoff.NoBackoff(), 0)
        pool = self._redis.BlockingConnectionPool.from_url(self._url, **{"retry": never, **_OPTIONS})
        pool.connection_kwargs["decode_responses"] = False  # values are bytes, whatever the URL says
        return self._redis.Redis(connection_pool=pool)

    async def _answer(self, command: Awaitable[T]) -> T:
        try:
            return await command
        except (self._redis.RedisError, OSError) as error:
            message = f"The store {self.url} can't answer: {error}"
            refused = isinstance(error, self._redis.ResponseError) and not _PASSING.search(str(error))
            raise (StoreError if refused else StoreUnavailable)(message) from error

    async def _evaluate(self, step: Step[Any], key: bytes, args: tuple[Arg, ...]) -> Any:
        """By the script's digest: one round trip, and a second one when the server doesn't know it yet."""
        source, digest = self._script(step)
        client = self._client()
        try:
            return await client.evalsha(digest, 1, key, *args)
        except self._redis.ResponseError as error:
            if not _is_unknown_script(error):
                raise
        return await client.eval(source, 1, key, *args)

    def _script(self, step: Step[Any]) -> tuple[str, str]:
        known = self._scripts.get(id(step))
        if known is None:
            source = _PRELUDE + step.lua
            digest = sha1(source.encode(), usedforsecurity=False).hexdigest()
            known = self._scripts[id(step)] = (step, source, digest)  # the step is kept, and with it its id
        return known[1], known[2]

    async def _clear(self, prefixes: list[bytes]) -> None:
        client = self._client()
        for prefix in prefixes:
            # Namespaces hold none of the characters that mean something in a pattern.
            keys: list[bytes] = []
            async for key in client.scan_iter(match=prefix + b"*", count=_SCANNED_AT_ONCE):
                keys.append(key)
                if len(keys) == _SCANNED_AT_ONCE:
                    await client.unlink(*keys)
                    keys.clear()
            if keys:
                await client.unlink(*keys)


def _is_unknown_script(error: Exception) -> bool:
    return type(error).__name__ == "NoScriptError" or str(error).startswith("NOSCRIPT")


def _without_credentials(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
