"""A server tells the answers under way that it stops: `tests/kit/channels/test_stopping.py` has a real one."""

from __future__ import annotations

from typing import Any

from tests.doors import Call
from tests.doors import call as call
from vivace import FastAPI, Request
from vivace.stopping import EXTENSION, Stopping, at_stop


def test_everybody_within_the_block_is_told_once() -> None:
    stopping, told = Stopping(), list[str]()
    scope: dict[str, Any] = {"extensions": {EXTENSION: stopping}}
    with at_stop(scope, lambda: told.append("over")):
        pass
    with at_stop(scope, lambda: told.append("a")), at_stop(scope, lambda: told.append("b")):
        assert told == []
        stopping.tell()
        stopping.tell()
        assert sorted(told) == ["a", "b"]


def test_who_comes_late_is_told_at_once() -> None:
    stopping, told = Stopping(), list[str]()
    stopping.tell()
    with at_stop({"extensions": {EXTENSION: stopping}}, lambda: told.append("late")):
        assert told == ["late"]


def test_a_server_that_tells_nothing_is_no_mistake(call: Call) -> None:
    app = FastAPI()

    @app.get("/")
    async def read(request: Request) -> str:
        with at_stop({}, lambda: None), at_stop(request.scope, lambda: None):
            return "read"

    with call(app) as client:
        assert client.get("/").json() == "read"
