"""Path operations that yield: JSON Lines, server-sent events, or the pieces of a `StreamingResponse`.

The generator runs while the response is being sent, inside the request's frame (see `asgi.py`): it is closed before
the dependencies are torn down, whether it came to its end, failed, or the client left.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from threading import Lock
from typing import Any, Self

import anyio
from anyio.lowlevel import checkpoint
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from vivace.dependencies.solve import REQUEST_STACK, Solved
from vivace.operation.items import Encode, event_of, line_of
from vivace.operation.keepalive import kept_alive
from vivace.operation.operation import Operation
from vivace.operation.options import settled
from vivace.operation.serialize import response_arguments


async def stream_response(operation: Operation, request: Request, solved: Solved) -> Response:
    """The response that runs the generator. Nothing of it has run yet."""
    produced = operation.endpoint(**solved.values)
    arguments = response_arguments(operation, solved)
    stack: AsyncExitStack = request.scope[REQUEST_STACK]
    if operation.is_sse_stream:
        events = _encoded(produced, event_of(operation, request.scope))
        response = await _events(operation, events, stack, arguments)
    elif operation.is_json_stream:
        lines = _encoded(produced, line_of(operation, request.scope))
        response = StreamingResponse(lines, media_type="application/jsonl", **arguments)
    else:
        pieces = _encoded(produced, _as_it_is) if operation.streams_bytes else produced
        response = settled(operation.response_class)(pieces, **arguments)
    if isinstance(response, StreamingResponse):
        stack.push_async_callback(_close, response.body_iterator)
    response.headers.raw.extend(solved.response.headers.raw)
    return response


async def _events(
    operation: Operation, events: AsyncGenerator[bytes, None], stack: AsyncExitStack, arguments: dict[str, Any]
) -> Response:
    response: Response = settled(operation.response_class)(await kept_alive(events, stack), **arguments)
    response.headers["Cache-Control"] = "no-cache"
    response.headers["X-Accel-Buffering"] = "no"  # for nginx: what is said now is to be heard now
    return response


def _as_it_is(piece: Any) -> Any:
    return piece


async def _encoded(produced: Any, encode: Encode) -> AsyncGenerator[Any, None]:
    async with _iterated(produced) as items:
        async for item in items:
            yield encode(item)
            await checkpoint()  # a generator that never waits could not be cancelled


@asynccontextmanager
async def _iterated(produced: Any) -> AsyncIterator[Any]:
    """What the endpoint has given, to be iterated; plain generators run in threads. It is closed afterwards."""
    steps = None if hasattr(produced, "__aiter__") else _Steps(produced)
    items = produced if steps is None else iterate_in_threadpool(steps)
    try:
        yield items
    finally:
        await _close(items)
        if steps is not None:
            with anyio.CancelScope(shield=True):
                await run_in_threadpool(steps.close)


class _Steps:
    """A plain generator whose steps run in threads.

    A task that a server cancels does not wait for the step under way, and a generator can't be closed in the midst of
    one: closing waits.
    """

    def __init__(self, produced: Iterable[Any]) -> None:
        self._produced: Any = iter(produced)
        self._stepping = Lock()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Any:
        with self._stepping:
            return next(self._produced)

    def close(self) -> None:
        if hasattr(self._produced, "close"):
            with self._stepping:
                self._produced.close()


async def _close(items: Any) -> None:
    """Let a generator clean up, even for a client that is gone."""
    if hasattr(items, "aclose"):
        with anyio.CancelScope(shield=True):
            await items.aclose()
