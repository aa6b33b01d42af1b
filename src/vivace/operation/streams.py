"""Path operations that yield: JSON Lines, server-sent events, or raw pieces of a `StreamingResponse`."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from vivace.dependencies.solve import Solved
from vivace.operation.operation import Operation


async def stream_response(operation: Operation, request: Request, solved: Solved) -> Response:
    raise NotImplementedError("streaming path operations are not served yet")
