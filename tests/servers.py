"""Server processes for tests: started on a free port, spoken to over loopback, always ended."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent  # not resolved: the scripts of this virtual environment stand here

_START_SECONDS = 30.0
_STOP_SECONDS = 15.0


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen[bytes]
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> tuple[int, str]:
        """What Ctrl-C does: SIGINT to the whole group. The exit status, and everything the server printed."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGINT)
        output, _ = self.process.communicate(timeout=_STOP_SECONDS)
        return self.process.returncode, output.decode(errors="replace")


def _address(port: int) -> list[str]:
    return ["--host", "127.0.0.1", "--port", str(port)]


@contextlib.contextmanager
def serving(
    command: Sequence[str | Path],
    *,
    cwd: Path = ROOT,
    env: Mapping[str, str] | None = None,
    start_seconds: float = _START_SECONDS,
    at: Callable[[int], list[str]] = _address,
) -> Iterator[Server]:
    """Run `command --host 127.0.0.1 --port <free>` until the block ends, with `env` added to the environment.

    `at` gives the last arguments for a port, where they are others.
    """
    port = free_port()
    process = subprocess.Popen(
        [*map(str, command), *at(port)],
        cwd=cwd,
        env=os.environ | (env or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,  # a group of its own: reloaders and workers end with it
    )
    try:
        _await_listening(process, port, start_seconds)
        yield Server(process, port)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdout:
            process.stdout.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_listening(process: subprocess.Popen[bytes], port: int, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    output = process.communicate()[0].decode(errors="replace")
    raise AssertionError(f"the server did not listen on port {port}:\n{output}")
