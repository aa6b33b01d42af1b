"""What exceptions hold and how they read: as in FastAPI."""

from __future__ import annotations

import itertools
from typing import Any

import fastapi.exceptions
import pytest
from starlette.exceptions import HTTPException as StarletteHTTPException

import vivace.exceptions
from tests.oracle import outcome

MISSING = {"type": "missing", "loc": ("body", "name"), "msg": "Field required", "input": None}
PARTS: dict[str, Any] = {"function": "read", "path": "GET /items", "file": "/app/main.py", "line": 7}
CONTEXTS = [
    None,
    *({name: PARTS[name] for name in names} for n in range(5) for names in itertools.combinations(PARTS, n)),
    {**PARTS, "line": 0},
    {**PARTS, "path": ""},
]


def told(error: Any) -> tuple[Any, ...]:
    return repr(error), str(error), error.args, vars(error)


@pytest.mark.parametrize("context", CONTEXTS)
@pytest.mark.parametrize("count", [0, 1, 2])
def test_validation_errors_say_what_is_wrong_and_where(context: dict[str, Any] | None, count: int) -> None:
    for name in ("ValidationException", "RequestValidationError", "ResponseValidationError"):
        theirs = getattr(fastapi.exceptions, name)([MISSING] * count, endpoint_ctx=context)
        ours = getattr(vivace.exceptions, name)([MISSING] * count, endpoint_ctx=context)
        assert told(ours) == told(theirs)
        assert ours.errors() == theirs.errors()


def test_the_message_points_to_the_endpoint() -> None:
    error = vivace.exceptions.RequestValidationError(["wrong"], endpoint_ctx=PARTS)  # type: ignore[arg-type]
    assert str(error) == '1 validation error:\n  wrong\n\n  File "/app/main.py", line 7, in read\n    GET /items'


@pytest.mark.parametrize("name", ["RequestValidationError", "ResponseValidationError"])
def test_what_was_validated_is_kept(name: str) -> None:
    assert getattr(vivace.exceptions, name)([], body={"a": 1}).body == {"a": 1}
    assert getattr(vivace.exceptions, name)([]).body is None


def test_websocket_errors_keep_no_body() -> None:
    error = vivace.exceptions.WebSocketRequestValidationError([MISSING])
    assert told(error) == told(fastapi.exceptions.WebSocketRequestValidationError([MISSING]))
    assert not hasattr(error, "body")


CALLS = [
    ("HTTPException", (404,), {}),
    ("HTTPException", (404, {"a": 1}, {"X": "y"}), {}),
    ("HTTPException", (), {"status_code": 400, "detail": "d", "headers": None}),
    ("HTTPException", (), {}),
    ("HTTPException", (999,), {}),
    ("WebSocketException", (1008,), {}),
    ("WebSocketException", (), {"code": 1008, "reason": "r"}),
    ("FastAPIError", ("text",), {}),
    ("DependencyScopeError", ("text",), {}),
]


@pytest.mark.parametrize(("name", "args", "options"), CALLS)
def test_exceptions_of_the_program(name: str, args: Any, options: Any) -> None:
    def make(module: Any) -> Any:
        return outcome(lambda: told(getattr(module, name)(*args, **options)))

    assert make(vivace.exceptions) == make(fastapi.exceptions)


def test_http_exceptions_are_starlettes() -> None:
    assert issubclass(vivace.exceptions.HTTPException, StarletteHTTPException)


@pytest.mark.parametrize("name", ["FastAPIError", "DependencyScopeError", "PydanticV1NotSupportedError"])
def test_mistakes_in_the_program_are_runtime_errors(name: str) -> None:
    assert issubclass(getattr(vivace.exceptions, name), vivace.exceptions.FastAPIError)
    assert issubclass(getattr(vivace.exceptions, name), RuntimeError)


def test_deprecations_are_shown_by_default() -> None:
    assert issubclass(vivace.exceptions.FastAPIDeprecationWarning, UserWarning)
    assert not issubclass(vivace.exceptions.FastAPIDeprecationWarning, DeprecationWarning)


@pytest.mark.parametrize("name", ["RequestErrorModel", "WebSocketErrorModel"])
def test_the_error_models_are_empty(name: str) -> None:
    ours, theirs = getattr(vivace.exceptions, name), getattr(fastapi.exceptions, name)
    assert ours.model_json_schema() == theirs.model_json_schema()
