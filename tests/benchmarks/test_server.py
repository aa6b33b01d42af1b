"""Starting a server process, waiting for it, ending it."""

import os
import socket
import sys
from contextlib import AbstractContextManager

import pytest

from benchmarks.errors import BenchmarkError
from benchmarks.server import HOST, Server, ServerError, free_port, running

pytestmark = pytest.mark.socket

ECHO = "import socket,sys; s=socket.create_server(('127.0.0.1',int(sys.argv[1])))\nwhile True: s.accept()"


def start(port: int) -> AbstractContextManager[Server]:
    return running([sys.executable, "-c", ECHO, str(port)], port, os.environ)


def is_listening(server: Server) -> bool:
    try:
        socket.create_connection((HOST, server.port), timeout=1).close()
    except OSError:
        return False
    return True


def test_a_server_listens_inside_the_block_and_is_gone_after_it() -> None:
    with start(free_port()) as server:
        assert is_listening(server)
        assert server.url == f"http://127.0.0.1:{server.port}"
    assert server.process.returncode is not None
    assert not is_listening(server)


def test_a_server_that_does_not_start_fails_with_what_it_wrote() -> None:
    command = [sys.executable, "-c", "raise SystemExit('no such door')"]
    with pytest.raises(ServerError, match="no such door"), running(command, free_port(), os.environ):
        pass


def kill_under_load(server: Server) -> None:
    server.process.kill()
    server.process.wait()
    raise BenchmarkError("some requests failed")


def test_a_server_that_ends_under_load_is_what_the_error_is_about() -> None:
    with pytest.raises(ServerError, match="ended by itself") as caught, start(free_port()) as server:
        kill_under_load(server)
    assert "some requests failed" in str(caught.value.__cause__)
