"""Requests over sockets, each by a connection of its own: so they come to all workers, as many at once as there are.

No client library stands between: their pools look at every connection for every request.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

_PATIENCE = 20.0  # seconds for an outage to be noticed
_PAUSE = 0.05  # seconds until what was answered 503 is tried again


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    """`at_once` requests are under way at most. `unavailable` counts answers with 503."""

    def __init__(self, port: int, at_once: int) -> None:
        self._port, self._at_once = port, asyncio.Semaphore(at_once)
        self.unavailable, self.met = 0, asyncio.Event()

    async def post(
        self, path: str, *, headers: Mapping[str, str] = {}, form: Mapping[str, str] | None = None, body: Any = None
    ) -> Answer:
        """What is answered: as wanted, refused (4xx), or 503 with the time to come back."""
        if form is not None:
            kind, content = "application/x-www-form-urlencoded", urlencode(form).encode()
        else:
            kind, content = "application/json", b"" if body is None else json.dumps(body).encode()
        async with self._at_once:
            answer = await ask(self._port, "POST", path, {**headers, "content-type": kind}, content)
        if answer.status == 503:
            assert answer.headers["retry-after"], "503 says when to come back"
            self.unavailable += 1
            self.met.set()
        assert answer.status < 500 or answer.status == 503, answer
        return answer

    async def insist(self, path: str, **request: Any) -> Answer:
        """The first answer that is not 503, nor 409 for something that is still under way."""
        while (answer := await self.post(path, **request)).status in (409, 503):
            await self.pause()
        return answer

    async def meets_the_outage(self) -> None:
        """Until something was answered 503."""
        try:
            async with asyncio.timeout(_PATIENCE):
                await self.met.wait()
        except TimeoutError:
            raise AssertionError(f"nothing was answered 503 within {_PATIENCE:g} s of the kill") from None

    async def pause(self) -> None:
        await asyncio.sleep(_PAUSE)


async def ask(port: int, method: str, path: str, headers: Mapping[str, str] = {}, content: bytes = b"") -> Answer:
    """One request (RFC 9112) with `Connection: close`: the answer ends where the connection does."""
    fields = {"host": "127.0.0.1", "connection": "close", "content-length": str(len(content)), **headers}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items()), "", ""]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write("\r\n".join(lines).encode() + content)
        head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    finally:
        writer.close()
    status, *said = head.decode().split("\r\n")
    answered = {name.lower(): value for name, _, value in (line.partition(": ") for line in said)}
    assert int(answered["content-length"]) == len(body), "the whole answer"
    return Answer(int(status.split()[1]), answered, body)


async def workers_of(port: int, number: int) -> set[int]:
    """The process ids of as many workers, as soon as all of them answer."""
    seen: set[int] = set()
    while len(seen) < number:
        seen.add((await ask(port, "GET", "/worker")).json())
    return seen
