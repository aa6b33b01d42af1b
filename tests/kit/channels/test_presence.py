"""Who is here, on every broker: told at once, and forgotten when their process dies."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest

from tests.kit.channels.test_contract import take
from tests.servers import ROOT
from vivace.kit.channels import Channels, Here, Joined, Left, Subscription

pytestmark = pytest.mark.anyio

TTL = 0.6


@pytest.fixture
async def rooms(broker_url: str, namespace: str, anyio_backend: str) -> AsyncIterator[Any]:
    async with Channels.from_url(broker_url, namespace=namespace, presence_ttl=TTL) as channels:
        yield channels.channel("rooms:{room}", str, presence=True)


async def changes(events: Subscription[Any], number: int) -> list[tuple[str, Any]]:
    told = await take(events, number)
    assert all(isinstance(event, Here | Joined | Left) for event in told)
    return [(event.kind, getattr(event, "member", None) or getattr(event, "members", ())) for event in told]


async def test_everybody_is_told_who_is_here_comes_and_goes(rooms: Any) -> None:
    async with rooms.subscribe(room=1) as first:
        assert await changes(first, 1) == [("here", ())]
        async with rooms.join("ann", room=1), rooms.join("bob", room=1):
            assert await changes(first, 2) == [("join", "ann"), ("join", "bob")]
            async with rooms.subscribe(room=1) as second:
                assert await changes(second, 1) == [("here", ("ann", "bob"))]
            assert await rooms.present(room=1) == ["ann", "bob"]
            assert await rooms.present(room=2) == []
        assert await changes(first, 2) == [("leave", "bob"), ("leave", "ann")]
        assert await rooms.present(room=1) == []


async def test_a_member_is_here_until_the_last_connection_goes(rooms: Any) -> None:
    async with rooms.subscribe(room=1) as events, AsyncExitStack() as stack:
        await take(events, 1)
        async with rooms.join("ann", room=1):
            await stack.enter_async_context(rooms.join("ann", room=1))
        await stack.enter_async_context(rooms.join("bob", room=1))
        assert await changes(events, 2) == [("join", "ann"), ("join", "bob")]


async def test_who_stays_is_here_beyond_the_time_of_an_entry(rooms: Any) -> None:
    hub = rooms._hub()
    async with rooms.subscribe(room=1) as events, rooms.join("ann", room=1):
        await take(events, 2)
        held, beats = hub.backend.hold, asyncio.Semaphore(0)

        async def hold(*args: Any) -> None:
            await held(*args)
            beats.release()

        hub.backend.hold = hold
        for _ in range(5):  # each a third of that time
            await beats.acquire()
        assert await rooms.present(room=1) == ["ann"]


@pytest.mark.parametrize("member", ["*", "a.b", "a b", "+\r\n", "é", "-", "a" * 200])
async def test_any_name_is_a_member(rooms: Any, member: str) -> None:
    async with rooms.subscribe(room=1) as events, rooms.join(member, room=1):
        assert await changes(events, 2) == [("here", ()), ("join", member)]
        assert await rooms.present(room=1) == [member]


@pytest.mark.parametrize("member", ["", "a" * 257, "é" * 50])
async def test_a_name_that_is_too_long_or_empty_is_refused(rooms: Any, member: str) -> None:
    with pytest.raises(ValueError, match="1 to 256 bytes"):
        async with rooms.join(member, room=1):
            pass


async def test_without_presence_nobody_joins(channels: Channels) -> None:
    quiet = channels.channel("quiet")
    with pytest.raises(ValueError, match="presence=True"):
        quiet.join("ann")
    with pytest.raises(ValueError, match="presence=True"):
        await quiet.present()


@asynccontextmanager
async def another_process(url: str, namespace: str, member: str) -> AsyncIterator[subprocess.Popen[bytes]]:
    environ = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    command = [sys.executable, "-m", "tests.kit.channels.test_presence", url, namespace, member]
    process = subprocess.Popen(command, cwd=ROOT, env=environ)
    try:
        yield process
    finally:
        process.kill()
        await asyncio.to_thread(process.wait)


@pytest.mark.parametrize("broker", ["redis", "nats"])
async def test_who_was_here_through_a_process_that_was_killed_leaves(
    rooms: Any, broker_url: str, namespace: str
) -> None:
    async with rooms.subscribe(room=1) as events, another_process(broker_url, namespace, "ann") as process:
        assert await changes(events, 2) == [("here", ()), ("join", "ann")]
        process.kill()
        assert await changes(events, 1) == [("leave", "ann")]
        assert await rooms.present(room=1) == []


async def _stay(url: str, namespace: str, member: str) -> None:
    async with Channels.from_url(url, namespace=namespace, presence_ttl=TTL) as channels:
        await channels.ping()
        async with channels.channel("rooms:{room}", str, presence=True).join(member, room=1):
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_stay(*sys.argv[1:]))
