"""A running `vivace`, for tests that start one."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from typing import Any

import httpx2

from tests.servers import BIN


class Command:
    """A running `vivace`, whose lines are read as they come."""

    def __init__(self, *arguments: str, **more: Any) -> None:
        environment = {k: v for k, v in os.environ.items() if k not in ("PORT", "WEB_CONCURRENCY")}
        self.process = subprocess.Popen(
            [BIN / "vivace", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            bufsize=1,
            start_new_session=True,
            env=environment | {"PYTHONUNBUFFERED": "1"} | more.pop("env", {}),
            **more,
        )
        self.output = ""

    def until(self, pattern: str) -> re.Match[str]:
        """Read on to the line that has it."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.output += line
            if match := re.search(pattern, line):
                return match
        raise AssertionError(f"no line {pattern!r} in:\n{self.output}")

    def serves(self) -> str:
        """Read on to where it is served."""
        return self.until(r"^Serving \S+ at (\S+)")[1]

    def signal(self, number: int, group: bool = True) -> None:
        (os.killpg if group else os.kill)(self.process.pid, number)

    def ends(self) -> int:
        """Wait for its end, and answer its status."""
        self.output += self.process.communicate(timeout=60)[0]
        assert "Traceback" not in self.output, self.output
        return self.process.returncode


Start = Callable[..., Command]


def text(url: str) -> str:
    with httpx2.Client(trust_env=False) as client:
        return client.get(url).text
