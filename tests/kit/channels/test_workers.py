"""Two worker processes, one by each door, over sockets: 1,000 subscribers, whose broker is killed in between."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager

import httpx2
import pytest
from websockets.asyncio.client import ClientConnection, connect

from tests.kit.channels.brokers import Broker
from tests.servers import BIN, ROOT, Server, serving

pytestmark = [pytest.mark.anyio, pytest.mark.socket, pytest.mark.timeout(120)]

STREAMS, SESSIONS = 450, 50  # on each worker
TIMES = 20  # messages by each worker, before the outage and after it

_MESSAGE = re.compile(rb'data: \{"number":(\d+),"note":"a*"\}\nid: (\S+)\n\n')


@pytest.fixture
def workers(killable: Broker) -> Iterator[list[Server]]:
    environ = ["env", f"CHANNELS_URL={killable.url}", f"PYTHONPATH={ROOT / 'src'}:{ROOT}"]
    quiet = ["--no-access-log", "--timeout-graceful-shutdown", "1"]
    wire = [*environ, BIN / "vivace", "run", ROOT / "tests/kit/channels/worker.py", *quiet]
    asgi = [*environ, BIN / "uvicorn", "tests.kit.channels.worker:app", *quiet]
    with ExitStack() as stack:
        yield [stack.enter_context(serving(command)) for command in (wire, asgi)]


class Stream:
    """A client of server-sent events, that counts."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader
        self.heard = b""

    async def until(self, text: bytes) -> None:
        while text not in self.heard:
            await self._more()

    async def messages(self, number: int) -> list[bytes]:
        """The ids of all messages so far, as soon as there are so many."""
        while self.heard.count(b'data: {"number"') < number:
            await self._more()
        return [found[2] for found in _MESSAGE.finditer(self.heard)]

    async def _more(self) -> None:
        piece = await self._reader.read(65_536)
        assert piece, self.heard[-2000:]
        self.heard += piece


@asynccontextmanager
async def stream(server: Server, query: str = "") -> AsyncIterator[Stream]:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    try:
        writer.write(f"GET /orders/7/events{query} HTTP/1.1\r\nhost: a\r\n\r\n".encode())
        client = Stream(reader)
        await client.until(b"event: here")
        yield client
    finally:
        writer.close()


async def ids_of(session: ClientConnection, number: int) -> list[bytes]:
    found: list[bytes] = []
    while len(found) < number:
        text = str(await session.recv())
        if text.startswith('{"event":"message"'):
            found.append(text.split('"')[7].encode())
        else:
            assert text.startswith(('{"event":"hello"', '{"event": "hello"', '{"event":"here"')), text
    return found


async def publish(servers: list[Server], first: int) -> list[str]:
    """By all workers at once, as soon as the broker is there."""
    async with httpx2.AsyncClient(timeout=30) as client:

        async def post(server: Server, number: int) -> list[str]:
            while True:
                answer = await client.post(
                    f"{server.url}/orders/7", json={"number": number}, headers={"times": str(TIMES)}
                )
                if answer.status_code != 503:
                    return list(answer.raise_for_status().json())
                assert answer.headers["retry-after"] == "1"
                await asyncio.sleep(0.05)

        posts = [post(server, first + 1000 * number) for number, server in enumerate(servers)]
        return [one for ids in await asyncio.gather(*posts) for one in ids]


async def test_a_thousand_subscribers_get_every_message_in_order_whatever_happens_to_the_broker(
    workers: list[Server], killable: Broker
) -> None:
    async with AsyncExitStack() as stack:
        streams = [await stack.enter_async_context(stream(server)) for server in workers for _ in range(STREAMS)]
        sessions = [
            await stack.enter_async_context(connect(f"ws://127.0.0.1:{server.port}/orders/7/live"))
            for server in workers
            for _ in range(SESSIONS)
        ]
        published = await publish(workers, 0)
        half = len(published)
        first = await asyncio.gather(*[ids_of(session, half) for session in sessions])
        assert {len(ids) for ids in await asyncio.gather(*[client.messages(half) for client in streams])} == {half}

        killable.kill()
        async with httpx2.AsyncClient() as client:
            for server in workers:
                answer = await client.post(f"{server.url}/orders/7", json={"number": 0})
                assert answer.status_code == 503
        killable.start()

        published += await publish(workers, 100)
        second = await asyncio.gather(*[ids_of(session, half) for session in sessions])
        seen = await asyncio.gather(*[client.messages(2 * half) for client in streams])

    assert not any(b"event: gap" in client.heard for client in streams)
    seen += [ids + more for ids, more in zip(first, second, strict=True)]
    assert len(seen) == 1000
    assert {tuple(ids) for ids in seen} == {tuple(seen[0])}, "all see the same order"
    assert sorted(one.decode() for one in seen[0]) == sorted(published), "every message once"
    assert seen[0] == sorted(seen[0], key=lambda one: tuple(map(int, one.split(b"-")[:2])))


async def test_who_moves_to_another_worker_goes_on_where_he_was(workers: list[Server]) -> None:
    one, two = workers
    async with stream(one) as client:
        ids = await publish([one], 0)
        got = await client.messages(TIMES)
    await publish([one], 100)
    async with stream(two, f"?last_event_id={got[9].decode()}") as client:
        assert [one.decode() for one in await client.messages(2 * TIMES - 10)][: TIMES - 10] == ids[10:]


async def test_who_was_connected_to_a_worker_that_was_killed_is_here_no_more(workers: list[Server]) -> None:
    one, two = workers
    async with stream(two) as watching, stream(one, "?member=ann"):
        await watching.until(b'event: join\ndata: {"member": "ann"}')
        one.process.kill()
        await watching.until(b'event: leave\ndata: {"member": "ann"}')


async def test_who_hangs_up_is_here_no_more(workers: list[Server]) -> None:
    for one, two in (workers, workers[::-1]):
        async with stream(two) as watching:
            async with stream(one, "?member=ann"):
                await watching.until(b'event: join\ndata: {"member": "ann"}')
            await watching.until(b'event: leave\ndata: {"member": "ann"}')


async def test_who_takes_nothing_is_let_go(workers: list[Server]) -> None:
    """By either kind of connection: the server could else wait for it without end."""
    much = {"number": 0, "note": "a" * 60_000}
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(httpx2.AsyncClient(timeout=30))
        for number, server in enumerate(workers):
            await stack.enter_async_context(stream(server, f"?member=stream-{number}"))
            live = f"ws://127.0.0.1:{server.port}/orders/7/live?member=session-{number}"
            session = await stack.enter_async_context(connect(live, max_queue=1, compression=None))
            stack.callback(session.transport.abort)
        there = f"{workers[0].url}/orders/7/present"
        assert len((await client.get(there)).json()) == 4
        while (await client.get(there)).json():  # until all buffers on the way are full
            await client.post(f"{workers[0].url}/orders/7", json=much, headers={"times": "20"})
