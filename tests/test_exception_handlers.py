"""The default answers to exceptions: FastAPI's, byte for byte."""

from __future__ import annotations

from decimal import Decimal
from types import ModuleType
from typing import Any

import fastapi.exception_handlers
import fastapi.exceptions
import pytest
from starlette.exceptions import HTTPException

import vivace.exception_handlers
import vivace.exceptions

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


HTTP_ERRORS = [
    HTTPException(404),
    HTTPException(404, "gone", {"x-why": "b"}),
    HTTPException(400, {"a": [1]}),  # type: ignore[arg-type]
    HTTPException(400, ""),
    HTTPException(101),
    HTTPException(204),
    HTTPException(205),
    HTTPException(304, headers={"etag": "1"}),
]


@pytest.mark.parametrize("error", HTTP_ERRORS, ids=repr)
async def test_http_exceptions(error: HTTPException) -> None:
    async def answer(module: ModuleType) -> tuple[Any, ...]:
        response = await module.http_exception_handler(None, error)
        return type(response), response.status_code, response.body, response.headers.items()

    assert await answer(vivace.exception_handlers) == await answer(fastapi.exception_handlers)


ERRORS = [{"loc": ("body", 1), "ctx": {"error": ValueError("x"), "limit": Decimal("1.5")}, "input": b"x"}]


async def test_request_validation_errors() -> None:
    ours = await vivace.exception_handlers.request_validation_exception_handler(
        None,  # type: ignore[arg-type]
        vivace.exceptions.RequestValidationError(ERRORS),
    )
    theirs = await fastapi.exception_handlers.request_validation_exception_handler(
        None,  # type: ignore[arg-type]
        fastapi.exceptions.RequestValidationError(ERRORS),
    )
    assert ours.status_code == 422
    assert ours.body == theirs.body


async def test_websocket_validation_errors_close_with_policy_violation() -> None:
    class Recorder:
        closed: dict[str, Any]

        async def close(self, **how: Any) -> None:
            self.closed = how

    ours, theirs = Recorder(), Recorder()
    await vivace.exception_handlers.websocket_request_validation_exception_handler(
        ours,  # type: ignore[arg-type]
        vivace.exceptions.WebSocketRequestValidationError(ERRORS),
    )
    await fastapi.exception_handlers.websocket_request_validation_exception_handler(
        theirs,  # type: ignore[arg-type]
        fastapi.exceptions.WebSocketRequestValidationError(ERRORS),
    )
    assert ours.closed["code"] == 1008
    assert ours.closed == theirs.closed
