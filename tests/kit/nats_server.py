"""A real nats-server for tests: with JetStream, on a free port, ended with the block."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tests.servers import BIN, free_port

_START_SECONDS = 20.0


def nats_server() -> Path | None:
    """The server's program: from the wheel of the `test` extra, or the machine's own."""
    installed = shutil.which("nats-server", path=str(BIN)) or shutil.which("nats-server")
    return Path(installed) if installed else None


@contextlib.contextmanager
def serving_nats(program: Path, folder: Path | None, port: int | None = None) -> Iterator[int]:
    """Serve until the block ends, keeping streams in the folder (None: without JetStream); the port."""
    port = port or free_port()
    command = [program, "--addr", "127.0.0.1", "--port", str(port)]
    if folder is not None:
        command += ["--jetstream", "--store_dir", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await_answer(process, port)
        yield port
    finally:
        process.kill()
        process.wait()


def _await_answer(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            if connection.recv(5) == b"INFO ":
                return
        time.sleep(0.02)
    raise AssertionError(f"nats-server did not answer on port {port}")
