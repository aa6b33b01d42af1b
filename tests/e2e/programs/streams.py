"""Endless streams of every kind. What happens when they end is printed, and told to whoever waits at `/ended`."""

import asyncio
import sys
import time
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from typing import Any

import anyio

from vivace import Depends, FastAPI
from vivace.responses import EventSourceResponse, StreamingResponse

app = FastAPI()
log: list[str] = []
ended = asyncio.Event()
ITEM = "x" * 1000


def note(what: str) -> None:
    log.append(what)
    sys.stdout.write(what + "\n")
    sys.stdout.flush()


async def resource() -> AsyncIterator[str]:
    log.clear()
    ended.clear()
    try:
        yield "resource"
    finally:
        await asyncio.sleep(0)  # a cleanup may wait
        note("dependency")
        ended.set()


async def busy(used: str = Depends(resource)) -> AsyncIterable[str]:
    try:
        while True:
            yield ITEM
    finally:
        note("generator")


async def silent(used: str = Depends(resource)) -> AsyncIterable[str]:
    try:
        yield ITEM
        await asyncio.Event().wait()
    finally:
        note("generator")


async def careful(used: str = Depends(resource)) -> AsyncIterable[str]:
    """Takes its time to clean up."""
    try:
        yield ITEM
        await asyncio.Event().wait()
    finally:
        with anyio.CancelScope(shield=True):  # the response's own scope is cancelled: it would end this wait as well
            await asyncio.sleep(0)
        note("generator")


def plain(used: str = Depends(resource)) -> Iterable[str]:
    try:
        while True:
            yield ITEM
            time.sleep(0.001)
    finally:
        note("generator")


KINDS: dict[str, dict[str, Any]] = {
    "lines": {},
    "events": {"response_class": EventSourceResponse},
    "pieces": {"response_class": StreamingResponse},
}
for kind, options in KINDS.items():
    for endpoint in (busy, silent, careful, plain):
        app.get(f"/{kind}/{endpoint.__name__}", **options)(endpoint)


@app.get("/response")
async def response(used: str = Depends(resource)) -> StreamingResponse:
    """A generator that the endpoint has made itself, and that never lets anybody else run."""
    return StreamingResponse(busy("mine"))


@app.get("/ended")
async def wait_for_the_end() -> list[str]:
    await asyncio.wait_for(ended.wait(), 10)
    return log
