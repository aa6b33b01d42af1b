"""The dependency that limits how many are at it at once.

Who is at it holds a lease in the store, so that a process that dies gives back what it had: after the lease's time.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, cast

import anyio

from vivace import HTTPException, Request
from vivace.kit.limits.by import By
from vivace.kit.limits.guarded import Guarded
from vivace.kit.store import Entry, Outcome, Step, StoreUnavailable


def _leases(entry: Entry | None, now: int) -> dict[bytes, int]:
    words = [] if entry is None else entry.value.split()
    ends = {token: int(end) for token, end in zip(words[::2], words[1::2], strict=True)}
    return {token: end for token, end in ends.items() if end > now}


def _kept(leases: dict[bytes, int]) -> Entry | None:
    if not leases:
        return None
    return Entry(b" ".join(b"%s %d" % lease for lease in leases.items()), max(leases.values()))


def _acquire(entry: Entry | None, now: int, most: int, ttl: int, token: bytes) -> Outcome[int]:
    leases = _leases(entry, now)
    if len(leases) >= most:
        return Outcome(0, entry)
    leases[token] = now + ttl
    return Outcome(1, _kept(leases))


def _release(entry: Entry | None, now: int, token: bytes) -> Outcome[int]:
    leases = _leases(entry, now)
    there = leases.pop(token, None)
    return Outcome(int(there is not None), _kept(leases))


_LUA = """
    local leases, count, last = {}, 0, 0
    for token, stop in string.gmatch(redis.call('GET', KEYS[1]) or '', '(%S+) (%d+)') do
        if tonumber(stop) > now then leases[token] = tonumber(stop); count = count + 1 end
    end
    local function keep_leases()
        local words = {}
        for token, stop in pairs(leases) do
            words[#words + 1] = token .. ' ' .. string.format('%.0f', stop)
            last = math.max(last, stop)
        end
        if #words == 0 then drop() else put(table.concat(words, ' '), last - now) end
    end
"""
ACQUIRE = Step[int](
    apply=_acquire,
    lua=_LUA
    + """
    if count >= tonumber(ARGV[1]) then return 0 end
    leases[ARGV[3]] = now + tonumber(ARGV[2])
    keep_leases()
    return 1
    """,
)
RELEASE = Step[int](
    apply=_release,
    lua=_LUA
    + """
    local there = leases[ARGV[1]] and 1 or 0
    leases[ARGV[1]] = nil
    keep_leases()
    return there
    """,
)


class Slots:
    """At most so many at once, for each name."""

    def __init__(self, guarded: Guarded, name: str, most: int, lease: float) -> None:
        if most < 1 or not 0 < lease <= 86400:
            raise ValueError(f"most={most}, lease={lease}: at least 1, for up to a day of seconds")
        self._guarded, self._name, self._most, self._lease = guarded, name, most, lease

    @asynccontextmanager
    async def hold(self, who: str) -> AsyncIterator[None]:
        """Hold a slot until the request is over.

        Raises:
            HTTPException: 429 if none is free, 503 if the store is down and that is not to be borne.
        """
        key, token, store = f"{self._name}|{who}", secrets.token_hex(8).encode(), self._guarded.store
        lease = int(self._lease * 1_000_000)
        maybe_held = True  # cancelled meanwhile, nobody knows
        try:
            held = await self._guarded.ask(lambda: store.run(ACQUIRE, key, self._most, lease, token))
            maybe_held = held == 1
            if held == 0:
                detail = f"Too many requests at once: more than {self._most}"
                raise HTTPException(429, detail, headers={"Retry-After": "1"})
            yield
        finally:
            if maybe_held:
                with anyio.CancelScope(shield=True), suppress(StoreUnavailable):  # the lease ends by itself
                    await store.run(RELEASE, key, token)


def concurrency_dependency(slots: Slots, by: Any) -> Callable[..., Any]:
    """What `Depends` takes."""
    name_of = cast("By", by) if callable(by) else None
    if name_of is not None:

        async def held(request: Request) -> AsyncIterator[None]:
            async with slots.hold(name_of(request)):
                yield

        return held

    async def held_by(who: Any = by) -> AsyncIterator[None]:
        async with slots.hold(str(who)):
            yield

    return held_by
