"""gunicorn with our configuration: checked by itself, and really serving, by Vivace's protocol."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.examples.food_delivery.deploy.files import DEPLOY, tool
from tests.servers import BIN, ROOT, free_port

CONFIG = DEPLOY / "gunicorn.conf.py"


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return os.environ | {
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        "PORT": str(free_port()),
        "FOOD_LOG_FORMAT": "json",
        "FOOD_DATABASE_URL": f"sqlite:///{tmp_path}/city.db",
        "FOOD_SECRET_KEY": "a key for tests, of 32 bytes or more",
        "FOOD_SEED": "false",
        "FOOD_SIMULATION": "false",
    }


def test_gunicorn_takes_the_configuration(env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    status, said = tool("gunicorn", "--check-config", "--print-config", "--config", CONFIG)
    assert status == 0, said
    told = dict(line.split("=", 1) for line in said.replace(" ", "").splitlines() if "=" in line)
    assert int(told["graceful_timeout"]) == 30
    assert int(told["timeout"]) > int(told["graceful_timeout"])
    assert told["forwarded_allow_ips"] != "*"
    assert (told["max_requests"], told["max_requests_jitter"]) == ("50000", "5000")


@contextmanager
def serving(env: dict[str, str], *options: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    command = [BIN / "gunicorn", "--config", CONFIG, "--bind", f"127.0.0.1:{env['PORT']}", "--workers", "1", *options]
    process = subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    try:
        yield f"http://127.0.0.1:{env['PORT']}", process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.mark.socket
def test_it_serves_by_our_protocol_and_ends_when_told(env: dict[str, str]) -> None:
    with serving(env) as (url, process):
        assert process.stdout is not None
        read: list[str] = []
        for line in process.stdout:
            read.append(line)
            if "Application startup complete" in line:
                break
        answers = [httpx2.get(f"{url}/cuisines", headers={"X-Request-ID": "mine"}) for _ in range(2)]
        assert [(answer.status_code, answer.json()) for answer in answers] == [(200, [])] * 2
        with socket.create_connection(("127.0.0.1", int(env["PORT"]))) as raw:
            raw.sendall(b"no HTTP\r\n\r\n")
            refused = raw.recv(4096)
        os.kill(process.pid, signal.SIGTERM)
        output, _ = process.communicate(timeout=20)
    assert refused.startswith(b"HTTP/1.1 400 ")
    assert process.returncode == 0, output
    lines = [json.loads(line) for line in "".join([*read, output]).splitlines() if line.startswith("{")]
    assert {"gunicorn.error", "uvicorn.error", "food_delivery.requests"} <= {line["logger"] for line in lines}
    assert [line["route"] for line in lines if line["request_id"] == "mine"] == ["/cuisines"] * 2
