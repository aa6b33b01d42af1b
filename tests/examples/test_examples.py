"""The programs of examples/, over a real socket, under every way to start them."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest

from tests.servers import BIN, ROOT, serving

pytestmark = pytest.mark.socket

EXAMPLES = ROOT / "examples"
STUBS = ROOT / "tests" / "examples" / "stubs"
Command = Callable[[str], list[str | Path]]

WAYS: dict[str, Command] = {
    "vivace run": lambda name: [BIN / "vivace", "run", EXAMPLES / name / "app.py"],
    "vivace run --as-fastapi": lambda name: [BIN / "vivace", "run", "--as-fastapi", EXAMPLES / name / "fastapi_app.py"],
    "vivace dev": lambda name: [BIN / "vivace", "dev", EXAMPLES / name / "app.py"],
    "uvicorn": lambda name: [BIN / "uvicorn", "--app-dir", EXAMPLES / name, "app:app"],
}


@pytest.fixture(params=WAYS.values(), ids=WAYS.keys())
def command(request: pytest.FixtureRequest) -> Command:
    return request.param


def test_hello_answers_and_is_documented(command: Command) -> None:
    with serving(command("hello")) as server, httpx2.Client(base_url=server.url) as client:
        home, docs = client.get("/"), client.get("/docs")
        assert home.json() == {"message": "Hello from FastAPI!"}
        assert docs.status_code == 200
        assert "/openapi.json" in docs.text
        assert "https://" not in docs.text, "the documentation page needs no other host"


def test_a_bad_mark_is_refused_as_fastapi_refuses_it(command: Command) -> None:
    student = {"name": "Ann", "age": 20, "marks": 81.5}
    with serving(command("student")) as server, httpx2.Client(base_url=server.url) as client:
        good, bad = client.post("/student", json=student), client.post("/student", json=student | {"marks": "abc"})
        assert good.json() == {"status": "received", "data": student}
        assert bad.status_code == 422
        assert bad.json() == {
            "detail": [
                {
                    "type": "float_parsing",
                    "loc": ["body", "marks"],
                    "msg": "Input should be a valid number, unable to parse string as a number",
                    "input": "abc",
                }
            ]
        }


def test_200_slow_requests_are_under_way_together(command: Command) -> None:
    """Their sleep of 5 seconds is one that ends when all 200 are in it: what waits for another one's end never ends."""
    path = os.pathsep.join([str(STUBS), os.environ.get("PYTHONPATH", "")])
    with serving(command("slow"), env={"PYTHONPATH": path, "SLEEPERS": "200"}) as server:
        _all_done(asyncio.run(_ask_together(server.port, 200)))
        _, output = server.stop()
    assert output.count("200 are asleep for 5 s") == 1


def test_200_slow_requests_take_as_long_as_one() -> None:
    """In real seconds. One after the other they would take 1,000."""
    with serving(WAYS["vivace run"]("slow")) as server:
        start = time.monotonic()
        _all_done(asyncio.run(_ask_together(server.port, 200)))
        assert time.monotonic() - start >= 5


def _all_done(answers: list[bytes]) -> None:
    assert all(answer.startswith(b"HTTP/1.1 200 ") for answer in answers)
    assert all(answer.endswith(b'{"msg":"Done after 5 sec"}') for answer in answers)


async def _ask_together(port: int, number: int) -> list[bytes]:
    async def ask() -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /slow HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
        return answer

    return await asyncio.gather(*(ask() for _ in range(number)))


def test_ctrl_c_ends_the_server_without_a_traceback(command: Command) -> None:
    with serving(command("hello")) as server:
        httpx2.get(server.url)
        status, output = server.stop()
    assert "Traceback" not in output
    assert status in (0, 130, -2)


@pytest.mark.parametrize("name", [path.name for path in EXAMPLES.iterdir() if (path / "fastapi_app.py").exists()])
def test_both_spellings_are_the_same_program(name: str) -> None:
    ours, theirs = ((EXAMPLES / name / file).read_text().splitlines() for file in ("app.py", "fastapi_app.py"))
    assert sorted(line.replace("from vivace", "from fastapi") for line in ours if line) == sorted(filter(None, theirs))
