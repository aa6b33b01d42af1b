"""The client's end of a connection: the server's bytes, read by an HTTP parser that is not the server's own (h11)."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

import h11

_ADDED_BY_SERVER = ((b"connection", b"close"), (b"transfer-encoding", b"chunked"))


class Answer:
    """One response as it comes. `taken` is called when all that had come has been given to the reader."""

    def __init__(self, method: str) -> None:
        self._parser = h11.Connection(h11.CLIENT)
        self._parser.send(h11.Request(method="HEAD" if method == "HEAD" else "GET", target="/", headers=[("host", "")]))
        self._parser.send(h11.EndOfMessage())
        self._pieces: deque[bytes] = deque()
        self._changed = asyncio.Event()
        self.taken: Callable[[], None] = lambda: None
        self.response: h11.Response | None = None
        self.ended = False  # nothing more will come
        self.error: h11.RemoteProtocolError | None = None  # the bytes are no (whole) HTTP response

    # -- written by the server

    def feed(self, data: bytes) -> None:
        """Take bytes that the server has written; none: it has closed the connection."""
        if self.ended:
            return
        try:
            self._parser.receive_data(data)
            while self._take(self._parser.next_event()):
                pass
        except h11.RemoteProtocolError as error:
            self.error = error
            self.ended = True
        self._changed.set()

    def _take(self, event: object) -> bool:
        """Whether another event may be there already."""
        if event is h11.NEED_DATA:
            return False
        if isinstance(event, h11.Response):
            self.response = event
        elif isinstance(event, h11.Data):
            self._pieces.append(bytes(event.data))
        elif isinstance(event, h11.EndOfMessage | h11.ConnectionClosed):
            self.ended = True
        return not self.ended

    @property
    def waiting(self) -> bool:
        """Whether a part of the body has not been read yet."""
        return bool(self._pieces)

    # -- read by the client

    async def head(self) -> h11.Response | None:
        """Status and headers; None where there was no answer."""
        while self.response is None and not self.ended:
            await self._change()
        return self.response

    async def piece(self) -> bytes | None:
        """The next part of the body; None after the last."""
        while not self._pieces and not self.ended:
            await self._change()
        if not self._pieces:
            return None
        piece = self._pieces.popleft()
        if not self._pieces:
            self.taken()
        return piece

    async def _change(self) -> None:
        self._changed.clear()
        await self._changed.wait()


def as_sent_by_the_application(response: h11.Response) -> list[tuple[bytes, bytes]]:
    """The headers without those that the server has put behind them to delimit the message."""
    headers = list(response.headers.raw_items())
    for added in _ADDED_BY_SERVER:
        if headers and (headers[-1][0].lower(), headers[-1][1]) == added:
            headers.pop()
    return headers
