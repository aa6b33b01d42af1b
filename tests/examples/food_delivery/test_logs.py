"""What is logged as JSON, and by whom: requests with their ids, routes and times; nothing that a client could forge."""

from __future__ import annotations

import contextlib
import io
import json
import logging
from collections.abc import Iterator
from logging.config import dictConfig
from typing import Any

import pytest

from examples.food_delivery.app import create_app
from examples.food_delivery.logs import JsonLines, RequestLog, json_config, log_json, requests
from examples.food_delivery.settings import LogFormat, Settings
from tests.doors import Call, call
from tests.examples.food_delivery.city import CUSTOMER, City
from vivace import FastAPI, WebSocket
from vivace.kit.secure import secure
from vivace.websockets import WebSocketDisconnect

__all__ = ["call"]


class Lines(logging.StreamHandler[io.StringIO]):
    def __init__(self) -> None:
        super().__init__(io.StringIO())
        self.setFormatter(JsonLines())

    def read(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]


@pytest.fixture
def lines() -> Iterator[Lines]:
    handler, root = Lines(), logging.getLogger()
    root.addHandler(handler)
    before = requests.level
    requests.setLevel(logging.DEBUG)
    yield handler
    root.removeHandler(handler)
    requests.setLevel(before)


@pytest.fixture
def program() -> FastAPI:
    app = FastAPI()
    secure(app)
    app.add_middleware(RequestLog)

    @app.get("/items/{item_id}")
    async def item(item_id: int) -> int:
        logging.getLogger("shop").warning("item\n%s", item_id)
        return item_id

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("what went wrong")

    @app.websocket("/socket/{room}")
    async def socket(socket: WebSocket, room: str) -> None:
        if room == "closed":
            await socket.close()
            return
        await socket.accept()
        await socket.send_text(room)
        await socket.close()

    return app


def test_a_request_is_a_line_with_its_id_route_status_and_time(call: Call, program: FastAPI, lines: Lines) -> None:
    with call(program) as client:
        client.get("/items/7?token=secret", headers={"X-Request-ID": "abc-1"})
    own, line = lines.read()
    assert (own["logger"], own["level"], own["message"], own["request_id"]) == ("shop", "warning", "item\n7", "abc-1")
    assert line.pop("time").endswith("+00:00")
    assert 0 < line.pop("seconds") < 60
    assert line == {
        "level": "info",
        "logger": "food_delivery.requests",
        "message": "GET /items/{item_id} 200",
        "request_id": "abc-1",
        "method": "GET",
        "route": "/items/{item_id}",
        "status": 200,
    }


def test_a_path_that_no_route_answers_is_not_told(call: Call, program: FastAPI, lines: Lines) -> None:
    with call(program) as client:
        client.get("/wp-admin/secret")
    [line] = lines.read()
    assert (line["route"], line["status"]) == ("(none)", 404)
    assert "wp-admin" not in json.dumps(line)


def test_an_unhandled_exception_is_told_with_the_id_of_its_request(call: Call, program: FastAPI, lines: Lines) -> None:
    with call(program, raises=False) as client:
        answer = client.get("/broken")
    line = next(line for line in lines.read() if line["logger"] == "food_delivery.requests")
    assert (line["level"], line["status"]) == ("error", 500)
    assert line["request_id"] == answer.headers["x-request-id"]
    assert line["exception"].endswith("RuntimeError: what went wrong")


@pytest.mark.parametrize(("room", "status"), [("open", 101), ("closed", 403)])
def test_a_websocket_is_a_line_when_it_has_ended(
    call: Call, program: FastAPI, lines: Lines, room: str, status: int
) -> None:
    with (
        call(program) as client,
        contextlib.suppress(WebSocketDisconnect),
        client.websocket_connect(f"/socket/{room}") as socket,
    ):
        assert socket.receive_text() == "open"
    [line] = lines.read()
    assert (line["method"], line["route"], line["status"]) == ("WEBSOCKET", "/socket/{room}", status)


def test_probes_are_told_to_those_who_debug_only(city: City, lines: Lines) -> None:
    """The example's own application, switched by its settings."""
    before = [json.dumps(line) for line in lines.read()]
    city.client.get("/health/ready")
    city.client.get("/me", headers=city.login(CUSTOMER))
    assert before == [json.dumps(line) for line in lines.read()], "text is what the server logs by itself"


def test_settings_switch_it(settings: Settings, call: Call, monkeypatch: pytest.MonkeyPatch, lines: Lines) -> None:
    told: list[str] = []
    monkeypatch.setattr("examples.food_delivery.app.log_json", told.append)
    app = create_app(settings.model_copy(update={"log_format": LogFormat.JSON, "log_level": "WARNING"}))
    with call(app) as client:
        client.get("/health/live")
        client.get("/cuisines")
    assert told == ["WARNING"]
    levels = {line["route"]: line["level"] for line in lines.read() if line["logger"] == "food_delivery.requests"}
    assert levels == {"/health/live": "debug", "/cuisines": "info"}


@pytest.fixture
def logging_as_it_was() -> Iterator[None]:
    root, kept = logging.getLogger(), {}
    for name in (None, *json_config()["loggers"]):
        logger = logging.getLogger(name)
        kept[name] = logger.handlers[:], logger.level, logger.propagate
    yield
    for name, (handlers, level, propagate) in kept.items():
        logger = logging.getLogger(name) if name else root
        logger.handlers[:], logger.propagate = handlers, propagate
        logger.setLevel(level)


def test_the_servers_records_are_lines_too(logging_as_it_was: None, capsys: pytest.CaptureFixture[str]) -> None:
    log_json()
    logging.getLogger("uvicorn.error").info("Started")
    logging.getLogger("gunicorn.error").info("Booting")
    logging.getLogger("uvicorn.access").info("ours says more")
    logging.getLogger("shop").debug("below the level")
    written = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["message"] for line in written] == ["Started", "Booting"]
    dictConfig({"version": 1, "disable_existing_loggers": False})
