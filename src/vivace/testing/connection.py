"""The server's end of a connection: an asyncio transport whose network is the memory of this process."""

from __future__ import annotations

import asyncio
from typing import Any

from vivace.testing.answer import Answer

SEGMENT = 65_536  # bytes that the server is given at a time, as a socket would


class MemoryTransport(asyncio.Transport):
    """Feeds a protocol what the client says, and hands what the protocol writes to the client's `Answer`.

    It asks the protocol to pause as long as anything that it wrote has not been read.
    """

    def __init__(self, answer: Answer, extra: dict[str, Any]) -> None:
        super().__init__(extra)
        self._answer = answer
        self._loop = asyncio.get_running_loop()
        self._protocol: asyncio.Protocol
        self._incoming = bytearray()
        self._reading = True
        self._writable = True
        self._closing = False
        answer.taken = self._taken

    def connect(self, protocol: asyncio.Protocol) -> None:
        self._protocol = protocol
        protocol.connection_made(self)

    # -- from the client

    def feed(self, data: bytes) -> None:
        """Let the server have these bytes, as fast as it reads."""
        self._incoming += data
        self._deliver()

    def _deliver(self) -> None:
        if self._incoming and self._reading and not self._closing:
            piece = bytes(self._incoming[:SEGMENT])
            del self._incoming[:SEGMENT]
            self._protocol.data_received(piece)
            if self._incoming:
                self._loop.call_soon(self._deliver)

    def pause_reading(self) -> None:
        self._reading = False

    def resume_reading(self) -> None:
        self._reading = True
        self._loop.call_soon(self._deliver)

    def is_reading(self) -> bool:
        return self._reading

    # -- to the client

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if self._closing:
            return
        self._answer.feed(bytes(data))
        if self._writable and self._answer.waiting:
            self._writable = False
            self._protocol.pause_writing()

    def _taken(self) -> None:
        if not self._writable:
            self._writable = True
            self._protocol.resume_writing()

    def get_write_buffer_size(self) -> int:
        return 0

    # -- the end

    def close(self) -> None:
        if not self._closing:
            self._closing = True
            self._answer.feed(b"")
            self._loop.call_soon(self._protocol.connection_lost, None)

    def abort(self) -> None:
        self.close()

    def is_closing(self) -> bool:
        return self._closing

    def get_protocol(self) -> asyncio.BaseProtocol:
        return self._protocol

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        assert isinstance(protocol, asyncio.Protocol)
        self._protocol = protocol
