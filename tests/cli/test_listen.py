"""The socket, or why there is none."""

from __future__ import annotations

import os
import socket
import tempfile
from pathlib import Path

import pytest

from vivace.cli.failure import Failure
from vivace.cli.listen import listen

pytestmark = pytest.mark.socket


def test_a_port_of_its_own_or_any_that_is_free() -> None:
    with listen("127.0.0.1", 0, None, None) as found:
        host, port = found.getsockname()
        assert (host, port > 0, found.get_inheritable()) == ("127.0.0.1", True, True)


def test_a_name_is_looked_up() -> None:
    with listen("localhost", 0, None, None) as found:
        assert found.getsockname()[0] in ("127.0.0.1", "::1")


def test_a_port_in_use_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Failure) as failure:
            listen("127.0.0.1", port, None, None)
    assert failure.value.message == f"Port {port} of 127.0.0.1 is in use"
    assert failure.value.mend == "stop what is served there, or choose another --port"


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_an_address_of_another_machine_is_told(host: str) -> None:
    with pytest.raises(Failure, match=f"{host} is no address of this machine"):
        listen(host, 0, None, None)


def test_a_unix_socket_takes_the_place_of_one_left_behind() -> None:
    with tempfile.TemporaryDirectory() as folder:  # a Unix socket's path is short
        path = Path(folder, "s")
        with listen("", 0, path, None) as first:
            assert first.getsockname() == str(path)
        with listen("", 0, path, None) as second:
            assert second.family is socket.AF_UNIX
        path.unlink()
        path.write_text("a file")
        with pytest.raises(Failure, match="can't be listened on: Address already in use"):
            listen("", 0, path, None)
        assert path.read_text() == "a file"


def test_a_descriptor_is_taken_over() -> None:
    with socket.create_server(("127.0.0.1", 0)) as given, listen("", 0, None, given.fileno()) as found:
        assert found.getsockname() == given.getsockname()


def test_a_descriptor_that_is_no_socket_is_told() -> None:
    reader, writer = os.pipe()
    try:
        with pytest.raises(Failure, match=f"File descriptor {reader} is no socket"):
            listen("", 0, None, reader)
    finally:
        os.close(reader)
        os.close(writer)
