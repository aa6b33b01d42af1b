"""Server-sent events: what an endpoint yields, and how it is written (WHATWG HTML, section 9.2 "Server-sent events").

Reading the endpoint's generator, encoding the data as JSON and keeping the connection alive are not done here.
"""

from __future__ import annotations

from typing import Annotated, Any, Self

from annotated_doc import Doc
from pydantic import AfterValidator, BaseModel, Field, model_validator
from starlette.responses import StreamingResponse

# A comment, so that proxies and clients don't take silence for a dead connection.
KEEPALIVE_COMMENT = b": ping\n\n"
_PING_INTERVAL: float = 15.0  # seconds

# One event, as the OpenAPI document has it.
_SSE_EVENT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        **{field: {"type": "string"} for field in ("data", "event", "id")},
        "retry": {"type": "integer", "minimum": 0},
    },
}


class EventSourceResponse(StreamingResponse):
    """`response_class=EventSourceResponse`: each value that the path operation yields becomes an event.

    ```python
    @app.get("/prices", response_class=EventSourceResponse)
    async def prices() -> AsyncIterator[Price]:
        async for price in feed:
            yield price
    ```
    """

    media_type = "text/event-stream"


def _one_line(field: str) -> AfterValidator:
    """A line break would end the field, and what follows it would be read as fields of its own."""

    def check(value: str | None) -> str | None:
        if value is not None and not {"\r", "\n"}.isdisjoint(value):
            raise ValueError(f"SSE '{field}' must be a single line")
        return value

    return AfterValidator(check)


def _no_null(value: str | None) -> str | None:
    """Clients ignore an id that contains U+0000."""
    if value is not None and "\0" in value:
        raise ValueError("SSE 'id' must not contain null characters")
    return value


class ServerSentEvent(BaseModel):
    """An event with more than data. Plain values may be yielded as they are.

    Raises:
        ValidationError: both `data` and `raw_data` are given, or a field can't be written.
    """

    data: Annotated[Any, Doc("The payload, sent as JSON: a string with quotes, too.")] = None
    raw_data: Annotated[str | None, Doc("The payload as it is, in place of `data`.")] = None
    event: Annotated[
        str | None,
        _one_line("event"),
        Doc('The type, to which clients listen by `addEventListener`; without it, "message".'),
    ] = None
    id: Annotated[
        str | None,
        AfterValidator(_no_null),
        _one_line("id"),
        Doc("Sent back as `Last-Event-ID` when the client reconnects."),
    ] = None
    retry: Annotated[int | None, Field(ge=0), Doc("How long to wait before reconnecting, in milliseconds.")] = None
    comment: Annotated[str | None, Doc("Lines that clients ignore.")] = None

    @model_validator(mode="after")
    def _one_payload(self) -> Self:
        if self.data is not None and self.raw_data is not None:
            raise ValueError(
                "Cannot set both 'data' and 'raw_data' on the same ServerSentEvent. "
                "Use 'data' for JSON-serialized payloads or 'raw_data' for pre-formatted strings."
            )
        return self


def format_sse_event(
    *,
    data_str: Annotated[str | None, Doc("The payload, ready to be sent. Each line gets a `data:` of its own.")] = None,
    event: Annotated[str | None, Doc("The type: one line.")] = None,
    id: Annotated[str | None, Doc("The id: one line, without U+0000.")] = None,
    retry: Annotated[int | None, Doc("Milliseconds.")] = None,
    comment: Annotated[str | None, Doc("Comment lines, which come first.")] = None,
) -> bytes:
    """One event as bytes, with the blank line that ends it. What is None is left out, what is "" is not."""
    fields = (
        *(("", line) for line in _lines(comment)),
        ("event", event),
        *(("data", line) for line in _lines(data_str)),
        ("id", id),
        ("retry", retry),
    )
    written = [f"{name}: {value}\n" for name, value in fields if value is not None]
    return ("".join(written) + "\n").encode()


def _lines(text: str | None) -> list[str]:
    """Only CRLF, LF and CR end a line of an event stream; `str.splitlines` knows more, and drops an empty last one."""
    return [] if text is None else text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
