"""A connection to the wire protocol in the memory of the test: bytes said by the peer, bytes heard by it."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from vivace import FastAPI
from vivace.testing.server import MemoryProtocol, MemoryServer

_TURNS = 20


class _Transport(asyncio.Transport):
    """Keeps what is written, and says when it is closed."""

    def __init__(self, line: Line) -> None:
        super().__init__({"peername": ("peer", 1), "sockname": ("here", 80), "sslcontext": False})
        self._line = line

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self._line.heard(bytes(data))

    def pause_reading(self) -> None:
        self._line.reading = False

    def resume_reading(self) -> None:
        self._line.reading = True

    def is_closing(self) -> bool:
        return self._line.closed

    def close(self) -> None:
        if not self._line.closed:
            self._line.hung_up.set()
            asyncio.get_running_loop().call_soon(self._line.protocol.connection_lost, None)


class Line:
    """`say` bytes to the server, await an `answer`. With `beside`, on the server of another line."""

    def __init__(self, app: FastAPI, beside: Line | None = None, **settings: Any) -> None:
        self.server = server = beside.server if beside is not None else MemoryServer(app, {}, "")
        for name, value in settings.items():
            setattr(server.config, name, value)
        self._bytes = b""
        self._more = asyncio.Event()
        self.hung_up = asyncio.Event()
        self.reading = True
        self.protocol = MemoryProtocol(server)
        self.protocol.connection_made(_Transport(self))

    @property
    def silent(self) -> bool:
        """Whether nothing has come that was not taken."""
        return not self._bytes

    @property
    def closed(self) -> bool:
        return self.hung_up.is_set()

    def say(self, data: bytes) -> None:
        self.protocol.data_received(data)

    def heard(self, data: bytes) -> None:
        self._bytes += data
        self._more.set()

    def hang_up(self) -> None:
        self.hung_up.set()
        self.protocol.connection_lost(None)

    async def turns(self) -> None:
        """Let the loop run until nothing that is ready is left to do."""
        for _ in range(_TURNS):
            await asyncio.sleep(0)

    async def answer(self) -> tuple[bytes, bytes]:
        """Head and body of the next answer, which has a length."""
        async with asyncio.timeout(5):
            while (end := self._bytes.find(b"\r\n\r\n")) < 0:
                await self._hear()
            length = re.search(rb"content-length: (\d+)", self._bytes[:end])
            whole = end + 4 + (int(length[1]) if length else 0)
            while len(self._bytes) < whole:
                await self._hear()
        head, body = self._bytes[:end], self._bytes[end + 4 : whole]
        self._bytes = self._bytes[whole:]
        return head, body

    async def _hear(self) -> None:
        self._more.clear()
        await self._more.wait()
