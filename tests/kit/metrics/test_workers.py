"""Whichever worker is scraped, it tells of all."""

from __future__ import annotations

import logging
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.kit.metrics.test_metrics import TOTAL, samples
from tests.kit.programs import python
from tests.servers import BIN, serving

APP = Path(__file__).parent / "app.py"
ENOUGH = 300  # requests, after which both of two workers will have been asked

GAUGE = """
from prometheus_client import REGISTRY
from vivace.kit.metrics.middleware import instruments_of
instruments = instruments_of(REGISTRY)
instruments.under_way.inc()
instruments.count("GET", "/", 200, 0.1)
"""
SCRAPE = "from prometheus_client import REGISTRY; from vivace.kit.metrics import exposition; "


@pytest.mark.socket
def test_all_workers_are_added_up(tmp_path: Path) -> None:
    folder = tmp_path / "metrics"  # made by the program
    command = ["env", f"PROMETHEUS_MULTIPROC_DIR={folder}", BIN / "vivace", "run", APP, "--workers", "2"]
    with serving(command) as server:

        def get(path: str) -> str:
            with urllib.request.urlopen(server.url + path, timeout=10) as response:
                return str(response.read().decode())

        asked, pids = 0, set()
        with ThreadPoolExecutor(4) as clients:
            while len(pids) < 2 and asked < ENOUGH:
                pids |= set(clients.map(get, [f"/pids/{n}" for n in range(4)]))
                asked += 4
        assert len(pids) == 2, "only one worker has answered"
        for _ in range(4):  # by whichever worker
            assert samples(get("/metrics"), TOTAL) == {("GET", "/pids/{name}", "200"): asked}


def test_a_worker_that_was_killed_is_not_under_way_forever_and_stays_counted(tmp_path: Path) -> None:
    folder = {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    assert python(GAUGE, **folder).returncode == 0
    assert list(tmp_path.glob("gauge_livesum_*.db"))
    text = python(SCRAPE + "print(exposition(REGISTRY)[0].decode())", **folder).stdout
    assert samples(text, TOTAL) == {("GET", "/", "200"): 1}
    assert samples(text, "http_requests_in_progress") == {}


def test_a_worker_without_the_folder_warns(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    from prometheus_client import CollectorRegistry

    from vivace import FastAPI
    from vivace.kit.metrics import use_metrics

    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
    monkeypatch.setattr("multiprocessing.parent_process", object)
    with caplog.at_level(logging.WARNING, "vivace.metrics"):
        use_metrics(FastAPI(), registry=CollectorRegistry())
    assert "set PROMETHEUS_MULTIPROC_DIR to a folder before the server starts" in caplog.text
