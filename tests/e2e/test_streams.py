"""Endless streams over real sockets: they end when the client leaves, and when the server stops."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

import pytest

from tests.servers import BIN, ROOT, Server, serving

pytestmark = [pytest.mark.socket, pytest.mark.timeout(120)]

GRACEFUL = ["--no-access-log", "--timeout-graceful-shutdown", "1"]
COMMANDS = {
    "wire": [BIN / "vivace", "run", ROOT / "tests" / "e2e" / "programs" / "streams.py", *GRACEFUL],
    "asgi": [BIN / "uvicorn", "tests.e2e.programs.streams:app", *GRACEFUL],
}
KINDS = ["lines", "events", "pieces"]
ENDPOINTS = ["busy", "silent", "plain"]


@pytest.fixture(scope="module", params=COMMANDS)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with serving(COMMANDS[request.param]) as started:
        yield started


@pytest.fixture(params=COMMANDS)
def own_server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with serving(COMMANDS[request.param]) as started:
        yield started


@contextmanager
def opened(server: Server, path: str) -> Iterator[socket.socket]:
    """A connection on which the stream has begun; at the end of the block the client hangs up."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as client:
        client.sendall(f"GET {path} HTTP/1.1\r\nhost: a\r\n\r\n".encode())
        heard = b""
        while b"x" * 100 not in heard:
            piece = client.recv(4096)
            assert piece, heard
            heard += piece
        assert heard.startswith(b"HTTP/1.1 200 ")
        yield client


def told(server: Server) -> list[str]:
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)) as connection:
        connection.request("GET", "/ended")
        response = connection.getresponse()
        assert response.status == 200
        found: list[str] = json.loads(response.read())
    return found


@pytest.mark.parametrize("endpoint", [*ENDPOINTS, "careful"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_client_that_leaves_ends_the_generator_and_then_its_dependencies(
    server: Server, kind: str, endpoint: str
) -> None:
    with opened(server, f"/{kind}/{endpoint}"):
        pass
    assert told(server) == ["generator", "dependency"]


def test_a_response_of_the_program_s_own_can_be_left_though_its_generator_never_waits() -> None:
    """On the wire. Other servers go on for ever: nothing tells the response, which lets nothing else run."""
    with serving(COMMANDS["wire"]) as server:
        with opened(server, "/response"):
            pass
        assert "dependency" in told(server)


def test_streams_end_with_the_server(own_server: Server) -> None:
    """Those that go on are cancelled after the graceful timeout, and clean up."""
    paths = [f"/{kind}/{endpoint}" for kind in KINDS for endpoint in ENDPOINTS]
    with ExitStack() as open_ones:
        for path in paths:
            open_ones.enter_context(opened(own_server, path))
        status, output = own_server.stop()
    assert status in (0, -2, 130), output
    assert output.count("generator\n") == len(paths), output
    assert output.count("dependency\n") == len(paths), output
