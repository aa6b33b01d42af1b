"""Servers of other people's for tests: run on a free port, and ended with the block."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

_START_SECONDS = 20.0


@contextlib.contextmanager
def serving_program(
    command: Sequence[str | Path], port: int, answers: Callable[[socket.socket], bool]
) -> Iterator[int]:
    """Run the command until the block ends; the port, as soon as `answers` says so of a connection to it."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await_answer(process, port, answers)
        yield port
    finally:
        process.kill()
        process.wait()


def _await_answer(process: subprocess.Popen[bytes], port: int, answers: Callable[[socket.socket], bool]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            if answers(connection):
                return
        time.sleep(0.02)
    raise AssertionError(f"{process.args!r} did not answer on port {port}")
