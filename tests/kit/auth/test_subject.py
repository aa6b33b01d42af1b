"""Whose a request is, told by its credential: what limits go by."""

from __future__ import annotations

import pytest

from tests.kit.auth.program import everything, program
from vivace import Request
from vivace.kit.store import Store


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def request(**headers: str) -> Request:
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": raw})


@pytest.mark.anyio
async def test_of_two_tokens_of_a_user_it_is_the_same(memory: Store) -> None:
    made = program(memory)
    ann, bob = made.people["ann"], made.people["bob"]
    tokens = [(await made.auth.log_in(who)).access_token for who in (ann, ann, bob)]
    first, second, other = (made.auth.subject(request(Authorization=f"Bearer {token}")) for token in tokens)
    assert tokens[0] != tokens[1]
    assert first == second != other


@pytest.mark.anyio
async def test_nobody_is_somebody_else_by_what_they_write(memory: Store) -> None:
    made = everything(memory)
    token = (await made.auth.log_in(made.people["ann"])).access_token
    told = [
        made.auth.subject(request(**headers))
        for headers in (
            {},
            {"Authorization": f"Bearer {token}"},
            {"Authorization": f"Bearer {token}x"},
            {"Authorization": "user ann"},
            {"X-API-Key": "ann"},
            {"Cookie": "session=ann"},
        )
    ]
    assert len(set(told)) == len(told)
    assert told[0] == ""
