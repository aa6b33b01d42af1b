"""Where `vivace run` listens, whom it trusts, what it limits and logs."""

from __future__ import annotations

import signal
import socket
import ssl
import subprocess
import tempfile
from pathlib import Path

import httpx2
import pytest

from tests.cli.command import Start, text
from tests.cli.conftest import HELLO, Project
from tests.servers import free_port

pytestmark = [pytest.mark.socket, pytest.mark.timeout(120)]

TAKES = """
from vivace import Request
@app.post('/take')
async def take(r: Request): return len(await r.body())
"""
WHERE = """
from vivace import Request
@app.get('/where')
def where(r: Request): return [str(r.url), r.client.host]
"""


def test_the_port_may_come_from_the_environment(project: Project, start: Start) -> None:
    project({"main.py": HELLO})
    port = free_port()
    assert start("run", env={"PORT": str(port)}).serves() == f"http://0.0.0.0:{port}"


def test_a_unix_socket(project: Project, start: Start) -> None:
    project({"main.py": HELLO})
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/s"
        command = start("run", "--uds", path)
        assert command.serves() == f"unix:{path}"
        with httpx2.Client(transport=httpx2.HTTPTransport(uds=path)) as client:
            assert client.get("http://x/").text == '"hello"'
        command.signal(signal.SIGINT)
        assert command.ends() == 0
        assert not Path(path).exists()


def test_a_descriptor(project: Project, start: Start) -> None:
    project({"main.py": HELLO})
    with socket.create_server(("127.0.0.1", 0)) as given:
        command = start("run", "--fd", str(given.fileno()), pass_fds=[given.fileno()])
        url = command.serves()
        assert url == f"http://127.0.0.1:{given.getsockname()[1]}"
        assert text(url) == '"hello"'


def test_the_proxy_that_is_trusted_and_the_path_that_it_strips(project: Project, start: Start) -> None:
    project({"main.py": HELLO + WHERE})
    headers = {"x-forwarded-proto": "https", "x-forwarded-for": "10.1.2.3"}
    with httpx2.Client(trust_env=False) as client:
        url = start("run", "--host", "127.0.0.1", "--port", "0", "--root-path", "/api").serves()
        assert client.get(url + "/where", headers=headers).json() == [f"https{url[4:]}/api/where", "10.1.2.3"]
        for less in (["--no-proxy-headers"], ["--forwarded-allow-ips", "10.0.0.1"]):
            url = start("run", "--host", "127.0.0.1", "--port", "0", *less).serves()
            assert client.get(url + "/where", headers=headers).json() == [f"{url}/where", "127.0.0.1"]


def test_a_body_above_the_limit_is_refused(project: Project, start: Start) -> None:
    project({"main.py": HELLO + TAKES})
    url = start("run", "--host", "127.0.0.1", "--port", "0", "--limit-body", "100").serves()
    with httpx2.Client(trust_env=False) as client:
        assert client.post(url + "/take", content=b"x" * 100).json() == 100
        assert client.post(url + "/take", content=b"x" * 101).status_code == 413


def test_logs_may_be_left_out(project: Project, start: Start) -> None:
    project({"main.py": HELLO})
    for arguments, logged in (([], True), (["--no-access-log"], False), (["--log-level", "warning"], False)):
        command = start("run", "--host", "127.0.0.1", "--port", "0", *arguments)
        text(command.serves() + "/asked")
        command.signal(signal.SIGINT)
        command.ends()
        assert ('"GET /asked HTTP/1.1" 404' in command.output) is logged


def test_a_process_ends_after_the_requests_it_may_answer(project: Project, start: Start) -> None:
    project({"main.py": HELLO})
    command = start("run", "--host", "127.0.0.1", "--port", "0", "--limit-max-requests", "1")
    text(command.serves())
    assert command.ends() == 0


def test_tls(project: Project, start: Start) -> None:
    folder = project({"main.py": HELLO})
    new = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"]
    made = subprocess.run(
        [*new, "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    if made.returncode:
        pytest.skip("no openssl to make a certificate with")
    command = start(
        "run", "--host", "127.0.0.1", "--port", "0", "--ssl-keyfile", "key.pem", "--ssl-certfile", "cert.pem"
    )
    url = command.serves()
    assert url.startswith("https://127.0.0.1:")
    with httpx2.Client(verify=ssl.create_default_context(cafile=folder / "cert.pem"), trust_env=False) as client:
        assert client.get(url).text == '"hello"'
