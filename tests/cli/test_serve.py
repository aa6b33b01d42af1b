"""`vivace run` and `vivace dev` as their users start them: processes, signals, what is told."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from tests.cli.command import Start, text
from tests.cli.conftest import HELLO, Project
from tests.servers import free_port

pytestmark = [pytest.mark.socket, pytest.mark.timeout(120)]

COUNTED = "import os, pathlib\nwith pathlib.Path('imports').open('a') as f: f.write(f'{os.getpid()}\\n')\n" + HELLO
SLOW = """
import asyncio
@app.get('/slow')
async def slow():
    print('at it', flush=True)
    await asyncio.sleep(60)
"""


@pytest.mark.parametrize("mode", [["run", "--host", "127.0.0.1"], ["dev"]])
def test_it_tells_where_the_application_and_its_documentation_are(
    project: Project, start: Start, mode: list[str]
) -> None:
    project({"main.py": HELLO})
    port = free_port()
    command = start(*mode, "--port", str(port))
    url = f"http://127.0.0.1:{port}"
    line = command.until("^Serving").string
    assert line == f"Serving main:app at {url} - documentation at {url}/docs - Ctrl-C stops it\n"
    assert text(url) == '"hello"'
    command.signal(signal.SIGINT)
    assert command.ends() == 0


def test_run_serves_all_addresses_and_dev_this_machine(project: Project, start: Start) -> None:
    project({"main.py": HELLO})
    assert start("run", "--port", "0").serves().startswith("http://0.0.0.0:")
    assert start("dev", "--port", "0").serves().startswith("http://127.0.0.1:")


def test_documentation_that_is_not_there_is_not_promised(project: Project, start: Start) -> None:
    project({"main.py": HELLO.replace("FastAPI()", "FastAPI(docs_url=None)")})
    assert "documentation" not in start("run", "--port", "0").until("^Serving").string


def test_the_answers_come_by_the_wire_protocol(project: Project, start: Start) -> None:
    project(
        {"main.py": HELLO + "@app.get('/door')\ndef door():\n    import sys\n    return 'vivace.wire' in sys.modules\n"}
    )
    with httpx2.Client(trust_env=False) as client:
        answer = client.get(start("run", "--port", "0", "--host", "127.0.0.1").serves() + "/door")
    assert answer.json() is True
    assert [name.decode() for name, _ in answer.headers.raw][:2] == ["date", "server"]


def test_the_application_is_imported_once(project: Project, start: Start) -> None:
    folder = project({"main.py": COUNTED})
    for arguments in (["run"], ["dev"]):
        command = start(*arguments, "--port", "0")
        command.serves()
        command.signal(signal.SIGINT)
        command.ends()
        assert len((folder / "imports").read_text().splitlines()) == 1
        (folder / "imports").unlink()


def test_each_worker_imports_it_once_and_one_tells(project: Project, start: Start) -> None:
    folder = project({"main.py": COUNTED})
    command = start("run", "--workers", "2", "--port", "0")
    for _ in range(3):  # a line of each worker, and whichever tells
        command.until("Application startup complete|^Serving main:app at")
    command.signal(signal.SIGINT)
    assert command.ends() == 0
    assert command.output.count("Serving main:app at") == 1
    workers = (folder / "imports").read_text().splitlines()
    assert len(workers) == len(set(workers)) == 2


def test_ctrl_c_while_workers_are_starting(project: Project, start: Start) -> None:
    project({"main.py": HELLO})
    command = start("run", "--workers", "3", "--port", "0")
    command.until("Started parent process")
    command.signal(signal.SIGINT)
    assert command.ends() == 0


def test_a_change_starts_it_again(project: Project, start: Start) -> None:
    folder = project({"main.py": HELLO})
    command = start("dev", "--port", "0")
    url = command.serves()
    (folder / "main.py").write_text(HELLO.replace("'hello'", "'changed'"))
    command.until("Application startup complete")
    assert text(url) == '"changed"'


def test_a_change_that_can_not_be_imported_is_told_and_mended(project: Project, start: Start) -> None:
    folder = project({"main.py": HELLO})
    command = start("dev", "--port", "0")
    url = command.serves()
    (folder / "main.py").write_text(HELLO + "oops\n")
    command.until(r"^Error: main.py can't be imported: NameError: name 'oops' is not defined")
    (folder / "main.py").write_text(HELLO)
    command.until("Application startup complete")
    assert text(url) == '"hello"'
    command.signal(signal.SIGINT)
    assert command.ends() == 0


def test_a_folder_outside_is_watched_where_the_application_is_there(project: Project, start: Start) -> None:
    folder = project({"elsewhere/here/x.txt": "", "src/web.py": HELLO})
    command = start("dev", "../../src/web.py", "--port", "0", cwd=folder / "elsewhere/here")
    command.serves()
    (folder / "src/web.py").write_text(HELLO + "# changed\n")
    command.until("detected changes")


def test_a_second_ctrl_c_does_not_wait_for_requests(project: Project, start: Start) -> None:
    project({"main.py": HELLO + SLOW})
    command = start("run", "--host", "127.0.0.1", "--port", "0")
    port = int(command.serves().rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n")
        command.until("at it")
        command.signal(signal.SIGINT)
        command.until("Waiting for connections to close")
        command.signal(signal.SIGINT)
        assert command.ends() == 0


def test_sigterm_ends_it_after_the_application_has_shut_down(project: Project, start: Start) -> None:
    project({"main.py": HELLO})
    command = start("run", "--port", "0")
    command.serves()
    command.signal(signal.SIGTERM, group=False)
    assert command.ends() in (0, -signal.SIGTERM)
    assert "Application shutdown complete" in command.output


@pytest.mark.parametrize("mode", [["run"], ["run", "--workers", "2"], ["dev"]])
def test_as_fastapi_in_every_process(project: Project, start: Start, mode: list[str]) -> None:
    told = "@app.get('/whose')\ndef whose():\n    import fastapi, vivace\n    return fastapi is vivace\n"
    project({"main.py": HELLO.replace("vivace", "fastapi") + told})
    url = start(*mode, "--host", "127.0.0.1", "--as-fastapi", "--port", "0").serves()
    assert text(url + "/whose") == "true"


def test_python_m_vivace_is_vivace(project: Project) -> None:
    project({"main.py": HELLO})
    done = subprocess.run(
        [sys.executable, "-m", "vivace", "routes"], capture_output=True, text=True, timeout=60, check=True
    )
    assert "main.home" in done.stdout


# -- what goes wrong


@pytest.mark.parametrize("mode", ["run", "dev"])
def test_a_port_in_use_is_one_message(project: Project, start: Start, mode: str) -> None:
    project({"main.py": COUNTED})
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = start(mode, "--host", "127.0.0.1", "--port", str(port))
        assert command.ends() == 1
    assert command.output.startswith(f"Error: Port {port} of 127.0.0.1 is in use\n")
    assert not Path("imports").exists()


@pytest.mark.parametrize("mode", [["run"], ["run", "--workers", "2"]])
def test_an_import_that_fails_is_one_message(project: Project, start: Start, mode: list[str]) -> None:
    project({"main.py": HELLO + "oops\n"})
    command = start(*mode, "--port", "0")
    assert command.ends() == 1
    assert command.output.count("Error: main.py can't be imported: NameError: name 'oops' is not defined\n") == 1
    assert command.output.count("  main.py:6, in <module>: oops\n") == 1


def test_an_application_that_does_not_start_ends_it(project: Project, start: Start) -> None:
    failing = (
        "from vivace import FastAPI\ndef fail(): raise SystemError('no database')\napp = FastAPI(on_startup=[fail])\n"
    )
    project({"main.py": failing})
    command = start("run", "--port", "0")
    command.output, _ = command.process.communicate(timeout=60)
    assert command.process.returncode == 1
    assert "no database" in command.output
    assert "Serving" not in command.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--reload", "--workers", "2"], "--reload is for one process"),
        (["--uds", "s", "--fd", "3"], "--uds and --fd each say where to listen"),
        (["--ssl-keyfile", "main.py"], "--ssl-keyfile needs --ssl-certfile"),
        (["--ssl-keyfile", "main.py", "--ssl-certfile", "main.py"], "TLS with main.py: [SSL"),
    ],
)
def test_what_can_not_be_had_is_refused(project: Project, start: Start, arguments: list[str], message: str) -> None:
    project({"main.py": HELLO})
    command = start("run", "--port", "0", *arguments)
    assert command.ends() == 1
    assert command.output.startswith(f"Error: {message}")
