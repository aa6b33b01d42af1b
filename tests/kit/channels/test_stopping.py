"""A server that is told to stop: streams without an end don't keep it, and clients are told to come back."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import httpx2
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.servers import BIN, ROOT, Server, serving

pytestmark = [pytest.mark.socket, pytest.mark.timeout(60)]

PATIENCE = 10.0  # seconds; the server's own timeout is far longer


@pytest.fixture
def server() -> Iterator[Server]:
    environ = ["env", "CHANNELS_URL=memory://", f"PYTHONPATH={ROOT / 'src'}:{ROOT}"]
    run = [BIN / "vivace", "run", ROOT / "tests/kit/channels/worker.py", "--timeout-graceful-shutdown", "100"]
    with serving([*environ, *run]) as server:
        yield server


def stop(server: Server) -> str:
    """SIGTERM; what the server printed, as soon as it has ended."""
    server.process.send_signal(signal.SIGTERM)
    output, _ = server.process.communicate(timeout=PATIENCE)
    return output.decode()


def drain(websocket: ClientConnection) -> None:
    while True:
        websocket.recv(timeout=PATIENCE)


def test_an_event_stream_ends_with_the_server_and_gives_what_it_has(server: Server) -> None:
    with (
        httpx2.Client(base_url=server.url, timeout=PATIENCE) as client,
        client.stream("GET", "/orders/1/events") as answer,
    ):
        pieces = answer.iter_text()
        heard = next(pieces)  # the position to begin from
        client.post("/orders/1", json={"number": 7})
        output = stop(server)
        heard += "".join(pieces)  # raises, were the stream cut off
    assert heard.count('data: {"number":7') == 1
    assert "timeout graceful shutdown exceeded" not in output
    assert "Traceback" not in output


def test_a_websocket_is_closed_with_the_word_to_come_back(server: Server) -> None:
    with connect(f"ws{server.url.removeprefix('http')}/orders/1/live") as websocket:
        websocket.recv(timeout=PATIENCE)
        output = stop(server)
        with pytest.raises(ConnectionClosed) as closed:
            drain(websocket)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1012
    assert "timeout graceful shutdown exceeded" not in output
