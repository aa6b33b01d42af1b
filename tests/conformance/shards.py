"""pytest processes over parts of the suite, started again after what ends or hangs one of them.

pytest-xdist is not used: with the suite's shared working folder a run in which a test ends its worker hangs. Each shard
has a working folder of its own instead.
"""

from __future__ import annotations

import collections
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from tests.conformance.outcomes import Row


def command(python: str, test_timeout: float) -> list[str]:
    options = ["-p", "no:cacheprovider", "-p", "conformance_recorder", "-q", "-ra", "--tb=short"]
    options += ["--continue-on-collection-errors", "--inline-snapshot=disable"]
    return [python, "-m", "pytest", *options, f"--timeout={test_timeout:g}", f"--hard-limit={test_timeout + 15:g}"]


class Shard:
    """One part of the suite and the process that is at it."""

    def __init__(self, folder: Path, files: list[str], command: list[str], env: dict[str, str]) -> None:
        self.folder, self.files, self.command, self.env = folder, files, command, env
        self.rows: list[Row] = []
        self.crashes = 0
        self.finished = not files
        self._process: subprocess.Popen[bytes] | None = None
        self._taken = 0  # bytes of results.jsonl that were read

    def poll(self, log: IO[bytes]) -> None:
        """Start the process, take in what it recorded, go on behind what ended it."""
        if self.finished:
            return
        if self._process is None:
            self._start(log)
            return
        code = self._process.poll()
        self._read()
        if code is None:
            return
        self.stop()
        last = next((row for row in reversed(self.rows) if "at" in row or "end" in row), None)
        if last is None or "end" in last:
            self.finished = True
        else:
            self._crashed(last, code)

    def stop(self) -> None:
        """End the process and what a test left running in its group."""
        if self._process is None:
            return
        for sig in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._process.pid, sig)
                self._process.wait(timeout=5)
            except (ProcessLookupError, PermissionError):
                break
            except subprocess.TimeoutExpired:
                continue
        self._process = None
        self._read()

    def _start(self, log: IO[bytes]) -> None:
        out = self.folder / "_out"
        out.mkdir(exist_ok=True)
        done = sorted({row["id"] for row in self.rows if row.get("when", "collect") != "collect"})
        (out / "done.json").write_text(json.dumps(done))
        self._process = subprocess.Popen(
            self.command + self.files,
            cwd=self.folder,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # so that its own group can be ended
        )

    def _read(self) -> None:
        path = self.folder / "_out" / "results.jsonl"
        if not path.exists():
            return
        with path.open("rb") as file:
            file.seek(self._taken)
            data = file.read()
        data = data[: data.rfind(b"\n") + 1]
        self._taken += len(data)
        now = time.monotonic()
        self.rows += [json.loads(row) | {"time": now} for row in data.splitlines()]

    def _crashed(self, last: Row, code: int) -> None:
        """The process ended in the middle of a test, or of importing a test file: note it and leave that out."""
        name, self.crashes = last["at"], self.crashes + 1
        hung = code == 1 and time.monotonic() - last["time"] > last["limit"] - 5
        why = f"hung: stopped after {last['limit']:g} s" if hung else f"ended the interpreter (status {code})"
        is_test = "::" in name
        when = "call" if is_test else "collect"
        self.rows.append({"id": name, "when": when, "outcome": "failed", "xfail": False, "why": why, "crash": True})
        self.rows.append({"end": False})
        at = self.files.index(name.partition("::")[0])  # files run in order: those before it are done
        self.files = self.files[at if is_test else at + 1 :]
        self.finished = not self.files


def run(shards: list[Shard], log: Path, limit: float) -> bool:
    """Run all; whether they came to their end within `limit` seconds."""
    start = told = time.monotonic()
    with log.open("ab") as out:
        try:
            while not all(shard.finished for shard in shards) and time.monotonic() - start < limit:
                for shard in shards:
                    shard.poll(out)
                time.sleep(0.2)
                if time.monotonic() - told >= 30:
                    told = time.monotonic()
                    done = sum("id" in row for shard in shards for row in shard.rows)
                    print(f"  {told - start:.0f} s, {done} results", file=sys.stderr, flush=True)
        finally:
            for shard in shards:
                shard.stop()
    return all(shard.finished for shard in shards)


def split(paths: list[str], tests: Iterable[str], number: int) -> list[list[str]]:
    """The files in `number` lists of about the same time."""
    sizes = collections.Counter(test.partition("::")[0] for test in tests)
    # A telemetry test sets up exporters and threads: about six times the others.
    cost = {p: 1 + sizes[p] * (6 if p.startswith("tests/test_telemetry/") else 1) for p in paths}
    lists: list[list[str]] = [[] for _ in range(number)]
    loads = [0] * number
    for path in sorted(paths, key=lambda p: (-cost[p], p)):
        least = loads.index(min(loads))
        lists[least].append(path)
        loads[least] += cost[path]
    return [sorted(part) for part in lists]
