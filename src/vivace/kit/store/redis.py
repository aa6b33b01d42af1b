"""The backend on a Redis server (5 or later, or one that speaks its protocol). Time is the server's clock."""

from __future__ import annotations

import asyncio
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

# For all that the URL doesn't say: seconds, connections of a process, seconds to wait for a free one.
_DEFAULTS: dict[str, Any] = {
    "socket_timeout": 5.0,
    "socket_connect_timeout": 2.0,
    "max_connections": 50,
    "timeout": 5.0,
}
_SCANNED_AT_ONCE = 500

_PASSING = (
    "BUSY",
    "CLUSTERDOWN",
    "LOADING",
    "MASTERDOWN",
    "MISCONF",
    "NOAUTH",
    "NOREPLICAS",
    "OOM",
    "READONLY",
    "TRYAGAIN",
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
        self._redis = import_extra("redis.asyncio", extra="store", needed_for="A redis:// store")
        self.url = _without_credentials(url)
        self._url = url
        self._pools: WeakKeyDictionary[asyncio.AbstractEventLoop, Any] = WeakKeyDictionary()
        self._scripts: dict[int, tuple[Step[Any], str, str]] = {}
        self._new_pool()  # an option that is not understood is told now

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
        pool = self._pools.pop(asyncio.get_running_loop(), None)
        if pool is not None:
            await pool.aclose()

    def _client(self) -> Any:
        loop = asyncio.get_running_loop()
        pool = self._pools.get(loop)
        if pool is None:
            pool = self._pools[loop] = self._new_pool()
        return self._redis.Redis(connection_pool=pool)

    def _new_pool(self) -> Any:
        """Without retries: a step that was done before the connection broke would be done twice."""
        retry = import_extra("redis.asyncio.retry", extra="store", needed_for="A redis:// store")
        backoff = import_extra("redis.backoff", extra="store", needed_for="A redis:// store")
        never = retry.Retry(backoff.NoBackoff(), 0)
        return self._redis.BlockingConnectionPool.from_url(self._url, retry=never, **_DEFAULTS)

    async def _answer(self, command: Awaitable[T]) -> T:
        try:
            return await command
        except (self._redis.RedisError, OSError) as error:
            message = f"The store {self.url} can't answer: {error}"
            refused = isinstance(error, self._redis.ResponseError) and not _may_pass(error)
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


def _may_pass(error: Exception) -> bool:
    """Whether a refusal is about the state that the server is in, not about what it was asked."""
    known = type(error).__name__ in {"ReadOnlyError", "OutOfMemoryError", "NoPermissionError"}
    return known or str(error).startswith(_PASSING)


def _is_unknown_script(error: Exception) -> bool:
    return type(error).__name__ == "NoScriptError" or str(error).startswith("NOSCRIPT")


def _without_credentials(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
