"""A connection as a pair of streams: what is written and when, who waits for the peer, and when it has been idle.

What is read and written is not known here.
"""

from __future__ import annotations

import asyncio
from typing import Any, cast

from uvicorn.config import Config
from uvicorn.protocols.utils import get_local_addr, get_remote_addr, is_ssl
from uvicorn.server import ServerState

from vivace.wire.site import Site, site_of

TOGETHER = 16_384  # bytes of an answer that is still worth keeping for a moment


class Connection(asyncio.Protocol):
    """The transport's side of a protocol, as uvicorn makes one for each connection that it accepts."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        if not config.loaded:
            config.load()
        self.config = config
        self.server_state = server_state
        self.app_state = app_state
        self.loop = _loop or asyncio.get_event_loop()
        self.site: Site = site_of(config, server_state, app_state)
        self._tasks = server_state.tasks
        self.transport: asyncio.Transport = None  # type: ignore[assignment]  # until connection_made
        self._unsent = b""  # an answer that goes out with others
        self._closed = False  # by us: the peer gets no more answers
        self.write_paused = False
        self._writable: asyncio.Future[None] | None = None
        self._read_paused = False
        self._idle_timer: asyncio.TimerHandle | None = None
        self._idle_since = 0.0

    def _is_busy(self) -> bool:
        """Whether somebody waits for an answer."""
        raise NotImplementedError

    def _go_on(self) -> None:
        """The peer takes more: begin what waited for that, if anything did."""
        raise NotImplementedError

    # -- from its beginning to its end

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.server_state.connections.add(self)  # type: ignore[arg-type]
        self.server = get_local_addr(self.transport)
        self.client = get_remote_addr(self.transport)
        self.scheme = "https" if is_ssl(self.transport) else "http"
        self._idle_since = self.loop.time()
        self._idle_timer = self.loop.call_later(self.config.timeout_keep_alive, self._close_if_idle)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        self.leave()
        self._unsent = b""
        self._read_paused = False
        self.resume_writing()

    def leave(self) -> None:
        """The connection is no more of ours."""
        self.server_state.connections.discard(self)
        if self._idle_timer is not None:
            self._idle_timer.cancel()

    def eof_received(self) -> None:
        pass

    def close(self) -> None:
        self._closed = True
        self.flush()
        self.transport.close()

    def _close_if_idle(self) -> None:
        """One timer for a connection's life, instead of one for every request."""
        timeout = self.config.timeout_keep_alive
        idle = self.loop.time() - self._idle_since
        busy = self._is_busy()
        if not busy and idle >= timeout:
            self.close()
        else:
            wait = timeout if busy else timeout - idle
            self._idle_timer = self.loop.call_later(wait, self._close_if_idle)

    # -- flow control

    def write(self, data: bytes) -> None:
        """Write at once, what waits first."""
        if self._unsent:
            data, self._unsent = self._unsent + data, b""
        if not self.transport.is_closing():
            self.transport.write(data)

    def write_soon(self, data: bytes) -> None:
        """Write with the other answers of this turn of the loop, unless there are none."""
        if self._unsent or len(data) > TOGETHER or len(self._tasks) < 2:
            self.write(data)
        else:
            self._unsent = data
            self.site.outbox.add(self, self.loop)

    def flush(self) -> None:
        """Write what waits."""
        if self._unsent:
            self.write(b"")

    def pause_writing(self) -> None:
        self.write_paused = True

    def resume_writing(self) -> None:
        self.write_paused = False
        self._go_on()
        if self._writable is not None and not self._writable.done():
            self._writable.set_result(None)
        self._writable = None

    async def drain(self) -> None:
        """Wait until the peer has taken enough of what was written, or is gone."""
        if self.write_paused:
            if self._writable is None:
                self._writable = self.loop.create_future()
            await asyncio.shield(self._writable)

    def resume_reading(self) -> None:
        if self._read_paused:
            self._read_paused = False
            self.transport.resume_reading()

    def _pause_reading(self) -> None:
        if not self._read_paused:
            self._read_paused = True
            self.transport.pause_reading()
