"""Where a validation error says that the endpoint is."""

from functools import partial
from typing import Any

import pytest

from tests.doors import Call
from vivace import APIRouter, FastAPI, WebSocket, WebSocketDisconnect
from vivace.exceptions import (
    RequestValidationError,
    ResponseValidationError,
    ValidationException,
    WebSocketRequestValidationError,
)
from vivace.responses import PlainTextResponse


def declare(router: Any) -> None:
    @router.get("/items/{item:path}")
    async def read_item(item: int) -> None: ...

    @router.api_route("/wrong", methods=["PUT", "POST"])
    async def wrong() -> int:
        return "no number"  # type: ignore[return-value]

    @router.post("/wrong-in-thread")
    def wrong_in_thread() -> int:
        return "no number"  # type: ignore[return-value]

    @router.post("/body")
    async def body(value: dict[str, int]) -> None: ...

    @router.websocket("/events/{number}")
    async def events(websocket: WebSocket, number: int) -> None: ...


def build() -> tuple[FastAPI, list[ValidationException]]:
    app, mounted, router = FastAPI(), FastAPI(), APIRouter(prefix="/router")
    seen: list[ValidationException] = []

    async def note(connection: Any, error: Exception) -> Any:
        assert isinstance(error, ValidationException)
        seen.append(error)
        if isinstance(error, WebSocketRequestValidationError):
            await connection.close()
            return None
        return PlainTextResponse("noted")

    for one in (app, mounted, router):
        declare(one)
    for one in (app, mounted):
        for kind in (RequestValidationError, ResponseValidationError, WebSocketRequestValidationError):
            one.add_exception_handler(kind, note)
    app.include_router(router, prefix="/api")
    app.mount("/mounted", mounted)
    return app, seen


@pytest.mark.parametrize("prefix", ["", "/api/router", "/mounted"])
@pytest.mark.parametrize("root_path", ["", "/proxy"])
@pytest.mark.parametrize(
    ("method", "path", "content", "function", "template"),
    [
        ("GET", "/items/a/b", None, "read_item", "/items/{item}"),
        ("PUT", "/wrong", None, "wrong", "/wrong"),
        ("POST", "/wrong-in-thread", None, "wrong_in_thread", "/wrong-in-thread"),
        ("POST", "/body", b"{", "body", "/body"),
        ("POST", "/body", b'{"a": "b"}', "body", "/body"),
    ],
)
def test_it_names_function_and_path_as_it_was_asked_for(
    call: Call, prefix: str, root_path: str, method: str, path: str, content: Any, function: str, template: str
) -> None:
    app, seen = build()
    headers = {"content-type": "application/json"} if content else {}
    client = call(app, root_path=root_path)
    assert client.request(method, root_path + prefix + path, content=content, headers=headers).text == "noted"
    (error,) = seen
    assert error.endpoint_function == function
    assert error.endpoint_path == f"{method} {root_path}{prefix}{template}"
    assert error.endpoint_file == __file__


def test_a_slash_at_the_end_of_the_root_path_is_not_doubled(call: Call) -> None:
    app, seen = build()
    call(app, root_path="/proxy/").put("/wrong")
    assert [error.endpoint_path for error in seen] == ["PUT /proxy/wrong"]


@pytest.mark.parametrize("prefix", ["", "/api/router", "/mounted"])
def test_a_websocket_has_no_method(call: Call, prefix: str) -> None:
    app, seen = build()
    with pytest.raises(WebSocketDisconnect), call(app).websocket_connect(f"{prefix}/events/x"):
        pytest.fail("must not be accepted")
    (error,) = seen
    assert (error.endpoint_function, error.endpoint_path) == ("events", f"WS {prefix}/events/{{number}}")


def test_what_is_bound_to_an_endpoint_is_not_told(call: Call) -> None:
    """It may be a secret, and errors go into logs."""
    app, seen = FastAPI(), []

    async def read(password: str, item: int) -> None: ...

    @app.exception_handler(RequestValidationError)
    async def note(_: Any, error: RequestValidationError) -> Any:
        seen.append(error)
        return PlainTextResponse("noted")

    app.get("/{item}")(partial(read, "hunter2"))
    assert call(app).get("/x").text == "noted"
    assert seen[0].endpoint_function == "read"
    assert "hunter2" not in str(seen[0])
