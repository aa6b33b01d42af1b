"""One peer's server process: started on its core, waited for, ended. Ends only what it has started."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO

from benchmarks.errors import BenchmarkError

HOST = "127.0.0.1"
START_LIMIT = 30.0
STOP_LIMIT = 10.0


class ServerError(BenchmarkError):
    """A peer's server did not start, or ended by itself; the message holds what it wrote."""


@dataclass
class Server:
    """A running server: its process id (root of its tree) and where it listens."""

    process: subprocess.Popen[bytes]
    port: int
    log: IO[bytes]

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def written(self) -> str:
        self.log.seek(0)
        return self.log.read().decode(errors="replace")[-4000:]


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind((HOST, 0))
        port: int = sock.getsockname()[1]
        return port


def pinned(command: list[str], core: int) -> list[str]:
    return ["taskset", "-c", str(core), *command]


@contextmanager
def running(command: list[str], port: int, environment: Mapping[str, str]) -> Iterator[Server]:
    """The server that `command` starts, from when it accepts connections until the block ends."""
    with TemporaryFile() as log:
        process = subprocess.Popen(command, env=dict(environment), stdout=log, stderr=log, start_new_session=True)
        server = Server(process, port, log)
        try:
            wait_until_listening(server)
            yield server
        except BenchmarkError as error:
            if process.poll() is None:
                raise
            raise ServerError(f"the server ended by itself with {process.returncode}:\n{server.written()}") from error
        finally:
            stop(process)


def wait_until_listening(server: Server) -> None:
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            raise ServerError("it did not come to listen")
        try:
            socket.create_connection((HOST, server.port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise ServerError(f"the server did not listen within {START_LIMIT:.0f} s:\n{server.written()}")


def stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
