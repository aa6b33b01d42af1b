"""What a scrape gets: the metrics of this process, or of all workers together.

Several workers write into files in the folder that the variable PROMETHEUS_MULTIPROC_DIR names; whichever is scraped
adds them up. prometheus-client reads the variable when it is imported, so it is set before the server starts.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def exposition(registry: CollectorRegistry, accept: str = "") -> tuple[bytes, str]:
    """The metrics in the format that `accept` asks for (Prometheus text, OpenMetrics), and its media type."""
    folder = os.environ.get(FOLDER)
    if folder:
        _forget_dead(folder)
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    encode, media_type = choose_encoder(accept)
    return encode(registry), media_type


def prepare() -> str | None:
    """Make the folder, where there is to be one. A line of warning if only this process would be seen, else None."""
    folder = os.environ.get(FOLDER)
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        return None
    if multiprocessing.parent_process() is None:
        return None
    return f"metrics are those of one worker (pid {os.getpid()}): set {FOLDER} to a folder before the server starts"


def _forget_dead(folder: str) -> None:
    """Gauges of workers that were killed would stand forever; what those have counted stays counted."""
    for pid in {*_pids(folder)}:
        if not _lives(pid):
            mark_process_dead(pid, folder)  # type: ignore[no-untyped-call]


def _pids(folder: str) -> Iterator[int]:
    for file in Path(folder).glob("gauge_live*_*.db"):
        with suppress(ValueError):
            yield int(file.stem.rpartition("_")[2])


def _lives(pid: int) -> bool:
    if sys.platform == "win32":  # there, signal 0 is Ctrl-C
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's
    return True
