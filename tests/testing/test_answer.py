"""The client's end: bytes of a server, whole or in pieces, proper or not."""

from __future__ import annotations

import asyncio

import h11
import pytest

from vivace.testing.answer import Answer, as_sent_by_the_application

CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n"


async def read(answer: Answer) -> tuple[int | None, bytes]:
    head = await answer.head()
    pieces = []
    while (piece := await answer.piece()) is not None:
        pieces.append(piece)
    return head and head.status_code, b"".join(pieces)


def answer_to(method: str, data: bytes, size: int = 1_000) -> Answer:
    answer = Answer(method)
    for start in range(0, len(data), size):
        answer.feed(data[start : start + size])
    return answer


@pytest.mark.parametrize("size", [1, 7, 1000])
@pytest.mark.parametrize(
    ("method", "data", "expected"),
    [
        ("GET", CHUNKED, (200, b"onetwo")),
        ("GET", b"HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\nok", (201, b"ok")),
        ("HEAD", b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n", (200, b"")),
        ("GET", b"HTTP/1.1 204 No Content\r\n\r\n", (204, b"")),
        ("POST", b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", (200, b"")),
    ],
)
def test_a_response_is_read_in_whatever_pieces_it_comes(method: str, data: bytes, expected: object, size: int) -> None:
    answer = answer_to(method, data, size)
    assert answer.ended
    assert asyncio.run(read(answer)) == expected


def test_a_body_without_a_length_ends_with_the_connection() -> None:
    answer = answer_to("GET", b"HTTP/1.1 200 OK\r\n\r\nall")
    assert not answer.ended
    answer.feed(b"")
    assert asyncio.run(read(answer)) == (200, b"all")
    assert answer.error is None


@pytest.mark.parametrize("data", [b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort", CHUNKED[:-5], b"HTTP/1.1 200"])
def test_a_connection_that_breaks_off_is_an_error(data: bytes) -> None:
    answer = answer_to("GET", data)
    answer.feed(b"")
    assert answer.ended
    assert isinstance(answer.error, h11.RemoteProtocolError)


def test_what_is_no_http_is_an_error() -> None:
    assert isinstance(answer_to("GET", b"SSH-2.0-OpenSSH\r\n\r\n").error, h11.RemoteProtocolError)


def test_the_writer_is_told_when_all_has_been_taken() -> None:
    told: list[bool] = []

    async def scenario() -> None:
        answer = Answer("GET")
        answer.taken = lambda: told.append(answer.waiting)
        answer.feed(CHUNKED)
        assert answer.waiting
        assert await answer.piece() == b"one"
        assert told == []
        assert await answer.piece() == b"two"
        assert told == [False]
        assert await answer.piece() is None

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([("X-A", "1"), ("connection", "close")], [(b"X-A", b"1")]),
        ([("a", "1"), ("transfer-encoding", "chunked"), ("connection", "close")], [(b"a", b"1")]),
        ([("transfer-encoding", "chunked"), ("a", "1")], [(b"transfer-encoding", b"chunked"), (b"a", b"1")]),
        ([("connection", "close, x")], [(b"connection", b"close, x")]),
        ([], []),
    ],
)
def test_what_the_server_has_added_for_the_connection_is_taken_off(
    headers: list[tuple[str, str]], expected: list[tuple[bytes, bytes]]
) -> None:
    assert as_sent_by_the_application(h11.Response(status_code=200, headers=headers)) == expected
