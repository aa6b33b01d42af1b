"""A pytest plugin: writes every outcome to results.jsonl as it happens, and ends what hangs in native code.

pytest-timeout needs the interpreter to come back to Python code. faulthandler's watchdog does not: it is a thread in C
that ends the process, and the runner goes on after the test that was being run.
"""

from __future__ import annotations

import faulthandler
import gc
import json
import os
import sys

import pytest

OUT = os.environ["CONFORMANCE_OUT"]
REDIRECTED = os.environ["CONFORMANCE_PACKAGE"] != "fastapi"
FILE = open(os.path.join(OUT, "results.jsonl"), "a", encoding="utf-8")  # noqa: SIM115 - open as long as the run

gc.set_threshold(10_000, 20, 20)  # the suite lies in memory: looking at it every 700 objects takes a tenth of the time


def write(**row):
    FILE.write(json.dumps(row) + "\n")
    FILE.flush()


def reason(report):
    crash = getattr(getattr(report, "longrepr", None), "reprcrash", None)
    if crash is not None:
        return str(crash.message)[:600]
    text = getattr(report, "longreprtext", "") or str(report.longrepr or "")
    lines = [line for line in text.splitlines() if line.startswith("E  ")]
    return lines[-1][1:].strip()[:600] if lines else text.strip()[-600:]


def record(report, when):
    why = "" if report.outcome == "passed" else reason(report)
    write(id=report.nodeid, when=when, outcome=report.outcome, xfail=hasattr(report, "wasxfail"), why=why)


def pytest_runtest_logreport(report):
    if report.when == "call" or report.outcome != "passed":
        record(report, report.when)


def pytest_collectreport(report):
    if report.outcome != "passed":
        record(report, "collect")


def pytest_collection_modifyitems(config, items):
    """Leave out what an earlier process of the same shard has done."""
    with open(os.path.join(OUT, "done.json"), encoding="utf-8") as file:
        done = set(json.load(file))
    gone = [item for item in items if item.nodeid in done]
    if gone:
        config.hook.pytest_deselected(items=gone)
        items[:] = [item for item in items if item.nodeid not in done]


def pytest_addoption(parser):
    parser.addoption("--hard-limit", type=float, default=45, help="seconds after which a test's process is ended")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report(collector):
    if not isinstance(collector, pytest.File):
        return (yield)
    return (yield from watched(collector.nodeid, collector.config.getoption("--hard-limit")))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    marker = item.get_closest_marker("timeout")
    limit = item.config.getoption("--hard-limit")
    if marker is not None and marker.args:
        limit = max(limit, float(marker.args[0]) + 15)
    return (yield from watched(item.nodeid, limit))


def watched(name, limit):
    write(at=name, limit=limit)
    faulthandler.dump_traceback_later(limit, exit=True)
    try:
        return (yield)
    finally:
        faulthandler.cancel_dump_traceback_later()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    """Say that the run came to its end, and whether modules of a genuine fastapi got into it."""
    roots = tuple(os.path.join(os.path.abspath(p), "fastapi") + os.sep for p in sys.path)
    files = {name: str(getattr(module, "__file__", None) or "") for name, module in list(sys.modules.items())}
    leaks = sorted(name for name, file in files.items() if REDIRECTED and file.startswith(roots))
    write(end=True, leaks=leaks)


def pytest_unconfigure():
    FILE.close()
