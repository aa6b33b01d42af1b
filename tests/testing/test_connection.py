"""The server's end: fed as fast as it reads, held while nobody reads what it writes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from vivace.testing.answer import Answer
from vivace.testing.connection import SEGMENT, MemoryTransport

HEAD = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"


class Recorder(asyncio.Protocol):
    """Notes what the transport tells it."""

    def __init__(self) -> None:
        self.seen: list[object] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.seen.append("made")

    def data_received(self, data: bytes) -> None:
        self.seen.append(len(data))

    def pause_writing(self) -> None:
        self.seen.append("pause")

    def resume_writing(self) -> None:
        self.seen.append("resume")

    def connection_lost(self, exc: Exception | None) -> None:
        self.seen.append("lost")


def connected(scenario: Callable[[MemoryTransport, Answer, Recorder], Awaitable[None]]) -> None:
    async def run() -> None:
        answer, protocol = Answer("GET"), Recorder()
        transport = MemoryTransport(answer, {"peername": ("client", 1), "sslcontext": False})
        transport.connect(protocol)
        await scenario(transport, answer, protocol)

    asyncio.run(run())


def test_data_comes_in_segments_and_waits_while_reading_is_paused() -> None:
    async def scenario(transport: MemoryTransport, answer: Answer, protocol: Recorder) -> None:
        transport.feed(b"x" * (2 * SEGMENT + 3))
        assert protocol.seen == ["made", SEGMENT]
        transport.pause_reading()
        assert not transport.is_reading()
        await asyncio.sleep(0)
        assert protocol.seen == ["made", SEGMENT]
        transport.resume_reading()
        for _ in range(3):
            await asyncio.sleep(0)
        assert protocol.seen == ["made", SEGMENT, SEGMENT, 3]

    connected(scenario)


def test_writing_is_paused_until_the_reader_has_taken_it() -> None:
    async def scenario(transport: MemoryTransport, answer: Answer, protocol: Recorder) -> None:
        transport.write(HEAD)
        transport.write(b"3\r\none\r\n")
        transport.write(b"3\r\ntwo\r\n")
        assert protocol.seen == ["made", "pause"]
        await answer.piece()
        await answer.piece()
        assert protocol.seen == ["made", "pause", "resume"]

    connected(scenario)


def test_closing_ends_the_answer_and_then_the_connection() -> None:
    async def scenario(transport: MemoryTransport, answer: Answer, protocol: Recorder) -> None:
        transport.close()
        transport.abort()
        assert transport.is_closing()
        assert answer.ended
        transport.write(HEAD)
        transport.feed(b"more")
        assert protocol.seen == ["made"]
        await asyncio.sleep(0)
        assert protocol.seen == ["made", "lost"]
        assert answer.response is None

    connected(scenario)


def test_it_says_who_is_there_and_hands_over_to_another_protocol() -> None:
    async def scenario(transport: MemoryTransport, answer: Answer, protocol: Recorder) -> None:
        assert transport.get_extra_info("peername") == ("client", 1)
        assert transport.get_write_buffer_size() == 0
        other = Recorder()
        transport.set_protocol(other)
        assert transport.get_protocol() is other
        transport.feed(b"upgraded")
        assert other.seen == [8]

    connected(scenario)
