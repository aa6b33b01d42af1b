"""A real nats-server for tests: with JetStream, on a free port, ended with the block."""

from __future__ import annotations

import shutil
import socket
from contextlib import AbstractContextManager
from pathlib import Path

from tests.kit.server_programs import serving_program
from tests.servers import BIN, free_port


def nats_server() -> Path | None:
    """The server's program: from the wheel of the `test` extra, or the machine's own."""
    installed = shutil.which("nats-server", path=str(BIN)) or shutil.which("nats-server")
    return Path(installed) if installed else None


def serving_nats(program: Path, folder: Path | None, port: int | None = None) -> AbstractContextManager[int]:
    """Serve until the block ends, keeping streams in the folder (None: without JetStream); the port."""
    port = port or free_port()
    command: list[str | Path] = [program, "--addr", "127.0.0.1", "--port", str(port)]
    if folder is not None:
        command += ["--jetstream", "--store_dir", folder]
    return serving_program(command, port, _answers)


def _answers(connection: socket.socket) -> bool:
    return connection.recv(5) == b"INFO "
