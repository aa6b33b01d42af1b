"""Requests over sockets to whatever worker takes the connection."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2

_PAUSE = 0.05  # seconds until what was answered 503 is tried again


class Client:
    """`unavailable` counts answers with 503."""

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self._http = http
        self.unavailable = 0
        self.met = asyncio.Event()

    async def post(self, path: str, **request: Any) -> httpx2.Response:
        answer = await self._http.post(path, **request)
        if answer.status_code == 503:
            assert answer.headers["retry-after"], "503 says when to come back"
            self.unavailable += 1
            self.met.set()
        assert answer.status_code < 500 or answer.status_code == 503, answer.text
        return answer

    async def insist(self, path: str, **request: Any) -> httpx2.Response:
        """The first answer that is not 503, nor 409 for something that is still under way."""
        while (answer := await self.post(path, **request)).status_code in (409, 503):
            await asyncio.sleep(_PAUSE)
        return answer

    async def pause(self) -> None:
        await asyncio.sleep(_PAUSE)


async def workers_of(url: str, number: int) -> set[int]:
    """The process ids of as many workers, as soon as all of them answer; each time by another connection."""
    seen: set[int] = set()
    while len(seen) < number:
        async with httpx2.AsyncClient(base_url=url) as http:
            seen.add((await http.get("/worker")).json())
    return seen
