"""The wire protocol without its server: no sockets, no logging set up, no headers of the server's own."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.types import ASGIApp, Message, Scope
from uvicorn.config import Config
from uvicorn.server import ServerState

from vivace.testing.answer import Answer
from vivace.testing.connection import MemoryTransport
from vivace.wire import WireProtocol
from vivace.wire.exchange import WireExchange


class MemoryConfig(Config):
    """uvicorn's settings for an application that is there already."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(app, interface="asgi3", log_config=None, access_log=False)
        self.loaded_app = app
        self.ws_protocol_class = None  # WebSocket sessions don't come this way
        self.loaded = True

    def configure_logging(self) -> None:
        """Loggers belong to the test session."""


class MemoryServer:
    """Makes connections to an application; what its lifespan has left in `app_state` is in every scope."""

    def __init__(self, app: ASGIApp, app_state: dict[str, Any], root_path: str) -> None:
        self.config = MemoryConfig(app)
        self.state = ServerState()
        self.app_state = app_state
        self.root_path = root_path

    def connect(self, answer: Answer, extra: dict[str, Any]) -> Call:
        """A new connection; `extra` is what its transport says of it (`peername`, `sockname`, `sslcontext`)."""
        transport = MemoryTransport(answer, extra)
        protocol = MemoryProtocol(self)
        transport.connect(protocol)
        return Call(transport, protocol, answer)


class MemoryExchange(WireExchange):
    """Takes the test client's extension, by which a response tells of its template."""

    debug: dict[str, Any] | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.debug":
            self.debug = message["info"]
        else:
            await super().send(message)


class MemoryProtocol(WireProtocol):
    """Keeps what a server would log, and describes requests as Starlette's test client does."""

    exchange_class = MemoryExchange

    def __init__(self, server: MemoryServer) -> None:
        super().__init__(server.config, server.state, server.app_state)
        self.root_path = server.root_path
        self.exchange: Any = None
        self.error: BaseException | None = None

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self.exchange = self._parsing

    def scope_for(self, x: WireExchange) -> Scope:
        scope = super().scope_for(x)
        scope["root_path"] = self.root_path
        scope["extensions"] = {"http.response.debug": {}}
        return scope

    def unhandled(self, error: Exception) -> None:
        self.error = error


class Call:
    """One request on a connection of its own."""

    def __init__(self, transport: MemoryTransport, protocol: MemoryProtocol, answer: Answer) -> None:
        self.transport = transport
        self.protocol = protocol
        self.answer = answer

    @property
    def debug(self) -> dict[str, Any] | None:
        return self.protocol.exchange.debug if self.protocol.exchange else None

    async def finish(self) -> BaseException | None:
        """Hang up and wait for the server; what it is doing for an answer half read is cancelled.

        Returns:
            The exception that nobody handled.
        """
        task = self.protocol.exchange.task if self.protocol.exchange else None
        if task is not None and not self.answer.ended:
            self.transport.close()
            task.cancel()
        if task is not None:
            await asyncio.wait([task])
            failure: BaseException | None = None if task.cancelled() else task.exception()
            if failure is not None:
                return failure
        self.transport.close()
        return self.protocol.error
