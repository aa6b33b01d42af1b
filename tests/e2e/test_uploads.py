"""Large bodies over real sockets: they go to disk, or through, and the server's memory does not grow with them.

UPLOAD_MIB says how large: 256 MiB by default.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers import BIN, ROOT, Server, serving

pytestmark = [pytest.mark.socket, pytest.mark.timeout(300)]

MIB = 1 << 20
SIZE = int(os.environ.get("UPLOAD_MIB", "256")) * MIB
ROOM = 16 * MIB  # by which memory may grow: buffers of the sockets, of the parser, of the spool before it goes to disk
PROGRAM = ROOT / "tests" / "e2e" / "programs" / "bodies.py"
COMMANDS = {
    "wire": [BIN / "vivace", "run", PROGRAM, "--no-access-log"],
    "asgi": [BIN / "uvicorn", "tests.e2e.programs.bodies:app", "--no-access-log"],
}
BOUNDARY = "upload-boundary"
PIECE = bytes(range(256)) * (MIB // 256)


@pytest.fixture(params=COMMANDS)
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with serving(COMMANDS[request.param]) as started:
        yield started


def peak(server: Server) -> int:
    """Bytes of memory that the server has held at most."""
    status = Path(f"/proc/{server.process.pid}/status")
    if not status.exists():
        pytest.skip("the memory of another process is read from /proc, which only Linux has")
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text())
    assert found
    return int(found[1]) * 1024


def pieces(size: int) -> Iterator[bytes]:
    for _ in range(size // MIB):
        yield PIECE


def digest(size: int) -> str:
    found = hashlib.sha256()
    for piece in pieces(size):
        found.update(piece)
    return found.hexdigest()


def as_file(size: int) -> Iterator[bytes]:
    head = f'--{BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="large.bin"\r\n\r\n'
    yield head.encode()
    yield from pieces(size)
    yield f"\r\n--{BOUNDARY}--\r\n".encode()


def post(server: Server, path: str, body: Iterator[bytes], headers: dict[str, str], chunked: bool = False) -> Any:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=240)
    connection.request("POST", path, body, headers, encode_chunked=chunked)
    response = connection.getresponse()
    answer = json.loads(response.read())
    connection.close()
    assert response.status == 200, answer
    return answer


def upload(server: Server, size: int) -> Any:
    length = sum(map(len, as_file(0))) + size
    headers = {"content-type": f"multipart/form-data; boundary={BOUNDARY}", "content-length": str(length)}
    return post(server, "/upload", as_file(size), headers)


def stream(server: Server, size: int) -> Any:
    return post(server, "/stream", pieces(size), {"transfer-encoding": "chunked"}, chunked=True)


def test_an_upload_goes_to_disk_and_memory_stays(server: Server) -> None:
    small = upload(server, 4 * MIB)
    assert small == {"name": "large.bin", "size": 4 * MIB, "sha256": digest(4 * MIB), "on_disk": True}
    before = peak(server)
    large = upload(server, SIZE)
    assert large == {"name": "large.bin", "size": SIZE, "sha256": digest(SIZE), "on_disk": True}
    assert peak(server) - before < ROOM


def test_a_body_that_is_streamed_leaves_memory_as_it_was(server: Server) -> None:
    stream(server, 4 * MIB)
    before = peak(server)
    assert stream(server, SIZE) == {"size": SIZE, "sha256": digest(SIZE)}
    assert peak(server) - before < ROOM


def test_a_body_above_the_limit_is_answered_while_it_is_being_sent(server: Server) -> None:
    """Announced, or counted: the answer reaches a client that goes on sending."""
    for framing in (b"content-length: %d" % SIZE, b"transfer-encoding: chunked"):
        with socket.create_connection(("127.0.0.1", server.port), timeout=30) as client:
            client.sendall(b"POST /limited HTTP/1.1\r\nhost: a\r\n%b\r\n\r\n" % framing)
            for _ in range(2):
                client.sendall(PIECE if b"length" in framing else b"%x\r\n%b\r\n" % (len(PIECE), PIECE))
            assert client.recv(12) == b"HTTP/1.1 413"
