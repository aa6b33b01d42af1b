"""A request as bytes; a server that breaks the protocol."""

from __future__ import annotations

import httpx2
import pytest
from starlette.types import Receive, Scope, Send

from vivace.testclient import TestClient
from vivace.testing.door import as_bytes


def test_a_request_is_written_as_http() -> None:
    request = httpx2.Request("POST", "http://x:81/a%20b?c=d", headers={"X-A": "é".encode()}, content=b"body")
    first, *headers = as_bytes(request).split(b"\r\n\r\n")[0].split(b"\r\n")
    assert first == b"POST /a%20b?c=d HTTP/1.1"
    assert headers == [b"host: x:81", "x-a: é".encode(), b"content-length: 4"]
    assert as_bytes(request).endswith(b"\r\n\r\nbody")


@pytest.mark.parametrize(("pieces", "sent"), [([b"ab", b"c"], b"3\r\nabc\r\n0\r\n\r\n"), ([], b"0\r\n\r\n")])
def test_a_body_of_unknown_length_is_chunked(pieces: list[bytes], sent: bytes) -> None:
    request = httpx2.Request("POST", "http://x/", content=iter(pieces))
    assert b"\r\ntransfer-encoding: chunked\r\n" in as_bytes(request)
    assert as_bytes(request).endswith(b"\r\n\r\n" + sent)


def test_a_body_whose_length_nobody_states_gets_one() -> None:
    request = httpx2.Request("POST", "http://x/", content=b"abc")
    del request.headers["content-length"]
    del request.headers["host"]
    assert as_bytes(request) == b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\nabc"


def test_an_application_that_ends_without_an_answer(caplog: pytest.LogCaptureFixture) -> None:
    async def silent(scope: Scope, receive: Receive, send: Send) -> None: ...

    assert TestClient(silent, door="wire").get("/").status_code == 500
    assert "without starting response" in caplog.text


def test_an_application_that_breaks_off_without_an_exception() -> None:
    async def half(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})

    with pytest.raises(httpx2.RemoteProtocolError):
        TestClient(half, door="wire").get("/")


def test_a_request_that_the_parser_refuses(caplog: pytest.LogCaptureFixture) -> None:
    async def never(scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError

    response = TestClient(never, door="wire").get("/", headers={"content-length": "x"})
    assert response.status_code == 400
