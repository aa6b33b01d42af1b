"""A broker that can be killed and started again, with what it had, with what it had before, or with nothing."""

from __future__ import annotations

import shutil
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from pathlib import Path
from typing import Literal

from tests.kit.nats_server import serving_nats
from tests.kit.redis_server import serving_redis
from tests.servers import free_port

Fsync = Literal["always", "everysec"]


class Broker:
    """`kind` is "redis" or "nats"; what it keeps is in the folder, as soon as it has answered.

    `fsync` says when Redis has it written to the disk: before it answers, or each second.
    """

    def __init__(self, kind: str, program: Path, folder: Path, fsync: Fsync = "everysec") -> None:
        self._kind, self._fsync, self._program = kind, fsync, program
        self._data, self._saved = folder / "data", folder / "saved"
        self._port = free_port()
        self._running = ExitStack()
        self.url = f"{kind}://127.0.0.1:{self._port}"

    def start(self) -> None:
        self._data.mkdir(exist_ok=True)
        serving = partial(lasting_redis, fsync=self._fsync) if self._kind == "redis" else serving_nats
        self._running.enter_context(serving(self._program, self._data, self._port))

    def kill(self) -> None:
        self._running.close()

    def lose(self) -> None:
        """Everything, while it is not running."""
        shutil.rmtree(self._data)

    def save(self) -> None:
        """What it has now, while it is not running."""
        shutil.copytree(self._data, self._saved)

    def restore(self) -> None:
        """What was saved, while it is not running."""
        self.lose()
        shutil.copytree(self._saved, self._data)


def lasting_redis(program: Path, folder: Path, port: int, fsync: Fsync = "everysec") -> AbstractContextManager[int]:
    """One that writes down what it is given before it answers, and reads it when it starts."""
    keeping = ("--appendonly", "yes", "--appendfsync", fsync, "--dir", str(folder))
    return serving_redis(program, port, keeping)
