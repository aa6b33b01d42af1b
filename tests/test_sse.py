"""Server-sent events: written as FastAPI writes them, and readable by the rules of the specification."""

from __future__ import annotations

from typing import Any

import fastapi.sse
import pytest
from hypothesis import given
from hypothesis import strategies as st

import vivace.sse
from tests.oracle import outcome
from vivace.responses import EventSourceResponse
from vivace.sse import ServerSentEvent, format_sse_event

LINES = st.none() | st.text(st.sampled_from(["a", "\n", "\r", "\u2028", "\v", ":", " ", "é"]), max_size=6)


@given(data_str=LINES, event=LINES, id=LINES, comment=LINES, retry=st.none() | st.integers())
def test_the_format_is_fastapis(**fields: Any) -> None:
    assert format_sse_event(**fields) == fastapi.sse.format_sse_event(**fields)


def test_fields_come_in_a_fixed_order() -> None:
    written = format_sse_event(data_str="1\n2", event="e", id="i", retry=3, comment="c")
    assert written == b": c\nevent: e\ndata: 1\ndata: 2\nid: i\nretry: 3\n\n"


FIELDS: list[dict[str, Any]] = [
    *({}, {"data": 1}, {"data": None}, {"raw_data": "x"}, {"data": 1, "raw_data": "x"}, {"data": 1, "raw_data": None}),
    *({"event": value} for value in ("a", "", "a\nb", "a\rb", 1)),
    *({"id": value} for value in ("a", "", "a\nb", "a\0", "a\r")),
    *({"retry": value} for value in (0, -1, "5", 1.5)),
    *({"comment": "a\nb"}, {"unknown": 1}, {"raw_data": b"x"}, {"event": "a\n", "id": "\0\n"}),
]


@pytest.mark.parametrize("fields", FIELDS, ids=str)
def test_events_take_and_refuse_what_fastapis_do(fields: dict[str, Any]) -> None:
    assert outcome(ServerSentEvent, **fields) == outcome(fastapi.sse.ServerSentEvent, **fields)


def test_the_schema_of_an_event() -> None:
    def schema(model: type[Any]) -> dict[str, Any]:
        return {name: f for name, f in model.model_json_schema()["properties"].items() if f.pop("description", 1)}

    assert schema(ServerSentEvent) == schema(fastapi.sse.ServerSentEvent)
    assert vivace.sse._SSE_EVENT_SCHEMA == fastapi.sse._SSE_EVENT_SCHEMA
    assert vivace.sse._PING_INTERVAL == fastapi.sse._PING_INTERVAL
    assert vivace.sse.KEEPALIVE_COMMENT == fastapi.sse.KEEPALIVE_COMMENT


def test_the_response_is_an_event_stream() -> None:
    assert EventSourceResponse(iter([])).headers["content-type"] == "text/event-stream; charset=utf-8"
