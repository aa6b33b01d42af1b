"""`make run` and `make run-full`, as somebody types them: what they start answers, ends well, and tells what is wrong.

That the city of `make run-full` moves and leaves nothing is in test_full.py.
"""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path

import httpx2
import pytest

from examples.food_delivery.seed import DEMO
from tests.examples.food_delivery.starting import (
    INTERRUPTED,
    NO_MODEL,
    make,
    needs_make,
    needs_servers,
    port,
    processes_in,
)
from tests.servers import ROOT, serving

pytestmark = [pytest.mark.socket, pytest.mark.timeout(120), needs_make]


def test_the_page_answers_and_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    with serving(make("run"), env=NO_MODEL | {"TMPDIR": str(tmp_path)}, at=port) as server:
        answer = httpx2.get(server.url)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert "Go in as" in answer.text
        assert httpx2.get(f"{server.url}/docs").status_code == 200
        status, output = server.stop()
    assert status in INTERRUPTED, output
    assert "Traceback" not in output
    assert all(demo.email in output for demo in DEMO)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ProcessLookupError):
        os.killpg(server.process.pid, 0)


def test_a_small_example_runs_too() -> None:
    with serving([*make("run"), "EXAMPLE=hello"], at=port) as server:
        assert httpx2.get(server.url).json() == {"message": "Hello from FastAPI!"}
        status, output = server.stop()
    assert status in INTERRUPTED, output
    assert "Traceback" not in output


@pytest.mark.parametrize("target", ["run", pytest.param("run-full", marks=needs_servers)])
def test_a_port_in_use_is_one_message(target: str, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)  # PostgreSQL never runs as root, and has to come through
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        ran = subprocess.run(
            [*make(target), *port(number)],
            cwd=ROOT,
            env=os.environ | NO_MODEL | {"TMPDIR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert ran.returncode == 2
    told = ran.stdout + ran.stderr
    assert told.count(f"Error: Port {number} of 127.0.0.1 is in use\n") == 1
    assert "Traceback" not in told
    assert processes_in(tmp_path) == {}
    assert list(tmp_path.glob("food-delivery-*")) == []
