"""Several processes that do the same thing at the same time: `hammer(url, namespace, "tests.kit.x:function")`.

Each process imports the function, connects, says that it is ready, and begins when all are.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import subprocess
import sys
from contextlib import ExitStack
from typing import Any

from tests.servers import ROOT
from vivace.kit.store import Store


def hammer(url: str, namespace: str, function: str, *, processes: int = 2) -> list[Any]:
    """What `await function(store)` gives in each process."""
    command = [sys.executable, "-m", "tests.kit.hammer", url, namespace, function]
    environ = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    with ExitStack() as stack:
        running = [
            stack.enter_context(
                subprocess.Popen(
                    command,
                    cwd=ROOT,
                    env=environ,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=None,
                    text=True,
                )
            )
            for _ in range(processes)
        ]
        for process in running:
            stack.callback(process.kill)
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in running:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        return [json.loads(process.communicate(timeout=45)[0]) for process in running]


async def _main(url: str, namespace: str, function: str) -> Any:
    module, _, name = function.partition(":")
    work = getattr(importlib.import_module(module), name)
    async with Store.from_url(url, namespace=namespace) as store:
        await store.ping()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        return await work(store)


if __name__ == "__main__":
    result = asyncio.run(_main(*sys.argv[1:]))
    sys.stdout.write(json.dumps(result))
