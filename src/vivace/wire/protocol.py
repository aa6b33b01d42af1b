"""The connection: bytes in, exchanges out, answers back in order.

    data_received -> parser callbacks -> WireExchange -> routing table -> Plan, in a Task of its own -> transport.write

Requests on one connection are answered one after another; what is pipelined behind the one being answered waits in
`_waiting`. A route that needs no body, or streams it, starts when its head has come; one whose plan reads the body starts
when the body is there. What is not on the straight line (other applications, middleware, mounts, 404, 405, redirects) is
driven through the ASGI application. WebSocket upgrades are handed over to uvicorn's protocol.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any, cast

import httptools
from starlette.types import Message, Scope
from uvicorn.config import Config
from uvicorn.protocols.utils import (
    get_client_addr,
    get_local_addr,
    get_path_with_query_string,
    get_remote_addr,
    is_ssl,
)
from uvicorn.server import ServerState

from vivace.operation.errors import answer_error
from vivace.plan import Plan
from vivace.routing.serve import Served
from vivace.wire.exchange import WireExchange, decoded_path
from vivace.wire.head import STATUS_LINES
from vivace.wire.site import Site, access_logger, logger, site_of

HIGH_WATER = 65_536  # bytes of body kept for a streaming reader before the peer is asked to wait
MAX_HEAD = 65_536  # bytes of request line and headers
_METHODS = {m.encode(): m for m in ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT")}


class WireProtocol(asyncio.Protocol):
    """An HTTP/1.1 connection, as uvicorn makes one for each that it accepts."""

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
        self.parser: Any = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self.transport: asyncio.Transport = None  # type: ignore[assignment]  # until connection_made
        self.write_paused = False
        self._writable: asyncio.Future[None] | None = None
        self._read_paused = False
        self._parsing: WireExchange | None = None
        self._answering: WireExchange | None = None
        self._waiting: deque[tuple[WireExchange, Plan | None]] = deque()
        self._whole: Plan | None = None  # the plan that waits for the body being parsed
        self._url = b""
        self._head_size = 0
        self._straight = self.site.straight()
        self._idle_timer: asyncio.TimerHandle | None = None
        self._idle_since = 0.0

    # -- the transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.server_state.connections.add(self)  # type: ignore[arg-type]
        self.server = get_local_addr(self.transport)
        self.client = get_remote_addr(self.transport)
        self.scheme = "https" if is_ssl(self.transport) else "http"
        self._idle_since = self.loop.time()
        self._idle_timer = self.loop.call_later(self.config.timeout_keep_alive, self._close_if_idle)

    def connection_lost(self, exc: Exception | None) -> None:
        self.server_state.connections.discard(self)  # type: ignore[arg-type]
        for x in (self._answering, self._parsing, *(waiting for waiting, _ in self._waiting)):
            if x is not None and not x.finished:
                x.disconnected = True
                x.wake()
        self._waiting.clear()
        self.resume_writing()
        if self._idle_timer is not None:
            self._idle_timer.cancel()
        self.parser = None

    def eof_received(self) -> None:
        pass

    def data_received(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._upgrade()
        except httptools.HttpParserError:
            if not self.transport.is_closing():
                logger.warning("Invalid HTTP request received.")
                self._refuse(400, b"Invalid HTTP request received.")

    def shutdown(self) -> None:
        """Called by the server: close now, or after the answer that is under way."""
        if self._answering is None:
            self.transport.close()
        else:
            self._answering.keep_alive = False

    def _close_if_idle(self) -> None:
        """One timer for a connection's life, instead of one for every request."""
        timeout = self.config.timeout_keep_alive
        idle = self.loop.time() - self._idle_since
        if self._answering is None and idle >= timeout:
            self.transport.close()
        else:
            wait = timeout if self._answering is not None else timeout - idle
            self._idle_timer = self.loop.call_later(wait, self._close_if_idle)

    # -- flow control

    def write(self, data: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(data)

    def pause_writing(self) -> None:
        self.write_paused = True

    def resume_writing(self) -> None:
        self.write_paused = False
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

    # -- the parser

    def on_message_begin(self) -> None:
        self._parsing = WireExchange(self)
        self._url = b""
        self._head_size = 0

    def on_url(self, url: bytes) -> None:
        self._url = self._url + url if self._url else url

    def on_header(self, name: bytes, value: bytes) -> None:
        self._parsing.headers.append((name.lower(), value))  # type: ignore[union-attr]
        self._head_size += len(name) + len(value)
        if self._head_size > MAX_HEAD:
            self._refuse(431, b"Request header fields too large.")
            raise ValueError("head too large")

    def on_headers_complete(self) -> None:
        x, parser = self._parsing, self.parser
        assert x is not None
        method = parser.get_method()
        x.method = _METHODS.get(method) or method.decode("ascii")
        x.keep_alive = parser.should_keep_alive()
        x.http_version = parser.get_http_version()
        if x.http_version != "1.1":
            x.keep_alive = False
        if parser.should_upgrade() and self._wants_websocket(x):
            return
        self._read_target(x)
        self._start_early(x)

    def _read_target(self, x: WireExchange) -> None:
        url = self._url
        if url[:1] != b"/" or b"#" in url:
            parsed = httptools.parse_url(url)
            raw, x.query = parsed.path, parsed.query or b""
        else:
            raw, _, x.query = url.partition(b"?")
        x.raw_path, x.path = raw, decoded_path(raw)

    def _start_early(self, x: WireExchange) -> None:
        """Find the route, and begin now unless the plan wants the whole body."""
        plan = self._plan_for(x) if self._straight else None
        for name, value in x.headers:
            if name == b"expect" and value.lower() == b"100-continue":
                x.continue_asked = True
        if plan is not None and plan.reads_body:
            x.give_go_ahead()
            self._whole = plan
        else:
            self._begin(x, plan)

    def _plan_for(self, x: WireExchange) -> Plan | None:
        """The plan of the route that the table finds; None for all that the application has to decide."""
        index = self.site.index()
        table = index.http
        hit = table.find(x.method, x.path)
        if hit is None or hit.partial or (table.opaque and table.opaque[0][0] < hit.order):
            return None
        route = hit.target
        if not isinstance(route, Served):
            return None
        x.route, x.args = route, hit.args
        return route.plan

    def on_body(self, body: bytes) -> None:
        x = self._parsing
        assert x is not None
        if x.finished:
            return
        x.body = x.body + body if x.body else body
        if self._whole is None:
            if len(x.body) > HIGH_WATER:
                self._pause_reading()
            x.wake()

    def on_message_complete(self) -> None:
        x = self._parsing
        assert x is not None
        x.complete = True
        if self._whole is not None:
            plan, self._whole = self._whole, None
            self._begin(x, plan)
        else:
            x.wake()

    # -- requests in order

    def _begin(self, x: WireExchange, plan: Plan | None) -> None:
        if self._answering is not None:
            self._waiting.append((x, plan))
            self._pause_reading()
            return
        self._answering = x
        task = self.loop.create_task(self._serve(x, plan))
        x.task = task
        self.server_state.tasks.add(task)

    async def _serve(self, x: WireExchange, plan: Plan | None) -> None:
        try:
            if plan is not None:
                await plan.run(x)
            else:
                await x.run(self.site.app)
            if not x.finished and not x.disconnected:
                self._unfinished(x)
        except Exception as error:
            await self._failed(x, error)
        finally:
            self.server_state.tasks.discard(x.task)  # type: ignore[arg-type]
            if not x.finished:
                x.flush_head()
                self.transport.close()

    def answered(self, x: WireExchange, status: int | None) -> None:
        """The response has been written: close, or go on with the next request."""
        self.server_state.total_requests += 1
        if status is not None and self.site.access_log:
            self.note(x, status)
        self._answering = None
        if not x.keep_alive:
            self.transport.close()
            return
        self._idle_since = self.loop.time()
        if self._waiting:
            self._begin(*self._waiting.popleft())
        self.resume_reading()

    def note(self, x: WireExchange, status: int) -> None:
        """One line in the access log, as uvicorn writes it."""
        if self.site.access_log:
            scope: Any = x.scope
            access_logger.info(
                '%s - "%s %s HTTP/%s" %d',
                get_client_addr(scope),
                x.method,
                get_path_with_query_string(scope),
                x.http_version,
                status,
            )

    def scope_for(self, x: WireExchange) -> Scope:
        """The request as an ASGI server describes it."""
        root = self.config.root_path
        return {
            "type": "http",
            "asgi": {"version": self.config.asgi_version, "spec_version": "2.3"},
            "http_version": x.http_version,
            "server": self.server,
            "client": self.client,
            "scheme": self.scheme,
            "method": x.method,
            "root_path": root,
            "path": root + x.path,
            "raw_path": root.encode("ascii") + x.raw_path,
            "query_string": x.query,
            "headers": x.headers,
            "state": self.app_state.copy(),
        }

    # -- what goes wrong

    async def _failed(self, x: WireExchange, error: Exception) -> None:
        """Answer by the handlers of the application; what nobody handles is a 500, and is logged."""
        try:
            if x.route is None:
                raise error
            try:
                await answer_error(x, error)
            except Exception as unhandled:
                send = _discard if x.started else x.send  # the handler is told in any case
                await self.site.server_error(unhandled, x.scope, x.receive, send)
        except Exception as unhandled:
            self.unhandled(unhandled)
            if not x.started and not x.disconnected:
                self._refuse(500, b"Internal Server Error")
                x.finished = True

    def unhandled(self, error: Exception) -> None:
        """What becomes of an exception that nobody handles."""
        logger.error("Exception in ASGI application\n", exc_info=error)

    def _unfinished(self, x: WireExchange) -> None:
        if x.started:
            logger.error("ASGI callable returned without completing response.")
        else:
            logger.error("ASGI callable returned without starting response.")
            self._refuse(500, b"Internal Server Error")
            x.finished = True

    def _refuse(self, status: int, message: bytes) -> None:
        """A last plain-text answer; then the connection is closed."""
        head = b"%b%bcontent-type: text/plain; charset=utf-8\r\ncontent-length: %d\r\nconnection: close\r\n\r\n%b"
        self.write(head % (STATUS_LINES[status], self.site.header_lines(), len(message), message))
        self.transport.close()

    # -- upgrades

    def _wants_websocket(self, x: WireExchange) -> bool:
        headers = dict(x.headers)
        tokens = [token.strip().lower() for token in headers.get(b"connection", b"").split(b",")]
        return (
            self.config.ws_protocol_class is not None
            and b"upgrade" in tokens
            and headers.get(b"upgrade", b"").lower() == b"websocket"
        )

    def _upgrade(self) -> None:
        """Hand the connection over to uvicorn's WebSocket protocol, with the request as it came."""
        x = self._parsing
        if x is None or not self._wants_websocket(x):
            logger.warning("Unsupported upgrade request.")
            return
        assert self.config.ws_protocol_class is not None
        self.server_state.connections.discard(self)  # type: ignore[arg-type]
        if self._idle_timer is not None:
            self._idle_timer.cancel()
        lines = [b"%b: %b\r\n" % pair for pair in x.headers]
        request = b"%b %b HTTP/1.1\r\n%b\r\n" % (x.method.encode(), self._url, b"".join(lines))
        protocol: Any = self.config.ws_protocol_class(
            config=self.config, server_state=self.server_state, app_state=self.app_state
        )
        protocol.connection_made(self.transport)
        protocol.data_received(request)
        self.transport.set_protocol(protocol)


async def _discard(_: Message) -> None:
    """Where an answer goes whose place is taken by one that has begun."""
