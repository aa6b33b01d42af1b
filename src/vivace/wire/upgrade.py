"""WebSockets: whether a request asks for one, and how its connection is handed over to uvicorn's protocol for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vivace.head import RawHeaders
from vivace.wire.exchange import WireExchange

if TYPE_CHECKING:
    from vivace.wire.protocol import WireProtocol


def asks_for_websocket(headers: RawHeaders) -> bool:
    """RFC 6455 section 4.1: `connection: upgrade`, among others perhaps, and `upgrade: websocket`."""
    by_name = dict(headers)
    tokens = [token.strip().lower() for token in by_name.get(b"connection", b"").split(b",")]
    return b"upgrade" in tokens and by_name.get(b"upgrade", b"").lower() == b"websocket"


def hand_over(connection: WireProtocol, x: WireExchange) -> None:
    """Give the transport to the protocol that the server is configured with, and the request as it came."""
    lines = [b"%b: %b\r\n" % pair for pair in x.headers]
    request = b"%b %b HTTP/1.1\r\n%b\r\n" % (x.method.encode(), x.target, b"".join(lines))
    make: Any = connection.config.ws_protocol_class
    protocol = make(config=connection.config, server_state=connection.server_state, app_state=connection.app_state)
    protocol.connection_made(connection.transport)
    protocol.data_received(request)
    connection.transport.set_protocol(protocol)
