"""What a broker's server may be, and what is told of one that is not as it should be."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.channels.test_contract import numbers, publish, take
from tests.kit.nats_server import serving_nats
from vivace.kit.channels import Channels, ChannelsUnavailable

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("broker", ["redis", "nats"])
async def test_another_version_of_the_program_may_keep_more(channels: Channels, served: Channels) -> None:
    ids = await publish(channels.channel("orders", int, history=2), *range(4))
    async with served:
        longer = served.channel("orders", int, history=5)
        ids += await publish(longer, *range(4, 8))
        async with longer.subscribe(after=ids[2]) as events:
            assert await numbers(events, 5) == [3, 4, 5, 6, 7]


async def test_nats_without_jetstream_is_told_how_to_start_it(nats_program: Path) -> None:
    with serving_nats(nats_program, None) as port:
        async with Channels.from_url(f"nats://127.0.0.1:{port}") as channels:
            with pytest.raises(ChannelsUnavailable, match="nats-server --jetstream"):
                await channels.channel("orders", int).publish(1)


@pytest.fixture
def deaf_port() -> Iterator[int]:
    """Where connections are taken, and nothing is ever said."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


async def test_redis_that_says_nothing_is_unavailable_after_a_time(deaf_port: int) -> None:
    async with Channels.from_url(f"redis://127.0.0.1:{deaf_port}/0?socket_timeout=0.05") as channels:
        with pytest.raises(ChannelsUnavailable, match="can't answer"):
            await channels.channel("orders", int).publish(1)


async def test_redis_that_falls_silent_is_asked_for_a_sign_of_life_and_left(
    redis_url: str, namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vivace.kit.channels.redis._SILENCE", 0.1)
    async with Channels.from_url(redis_url, namespace=namespace) as channels:
        orders = channels.channel("orders", int)
        hub = channels._hub()
        async with orders.subscribe() as events:
            connection = hub.backend._connection  # type: ignore[attr-defined]
            read, signs = connection.read_response, asyncio.Semaphore(0)

            async def counted(**options: object) -> object:
                said = await read(**options)
                if said[0] == b"pong":
                    signs.release()
                return said

            connection.read_response = counted
            async with asyncio.timeout(20):
                for _ in range(3):  # a connection on which nothing happens stays
                    await signs.acquire()
            assert hub.backend._connection is connection  # type: ignore[attr-defined]

            async def silent(**options: object) -> object:
                await asyncio.Event().wait()

            connection.read_response = silent  # and one on which nothing comes is given up
            async with asyncio.timeout(20):
                while hub.backend._connection in (None, connection):  # type: ignore[attr-defined]
                    await asyncio.sleep(0.01)
                monkeypatch.setattr("vivace.kit.channels.redis._SILENCE", 5.0)  # the next one may take its time
                await hub._up.wait()
            await publish(orders, 1)
            await take(events, 1)
