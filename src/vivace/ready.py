"""An answer whose head is bytes already: made once for many requests, or from a constant head and a few fields more.

It knows no door: one that writes HTTP/1.1 itself takes `lines` and `buffer`, every other takes it for the `Response`
that it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from starlette.responses import Response

from vivace.exchange import Answer, Head, RawHeaders, status_line

# RFC 9110 section 5.1: a field name is a token. Section 5.5: a field value holds no control characters but tab.
NOT_NAME = re.compile(b'[\x00-\x1f\x7f()<>@,;:\\[\\]={} \t\\\\"]')
NOT_VALUE = re.compile(b"[\x00-\x08\x0a-\x1f\x7f]")

Fields = dict[bytes, bytes]  # further header fields of an answer, by their names in lower case

# Names that are known to be tokens: to look one up costs a quarter of a search.
_KNOWN = frozenset({b"content-type", b"etag", b"cache-control", b"vary", b"age", b"ratelimit", b"ratelimit-policy"})
_STATUS_LINES = {status: status_line(status) for status in range(200, 600)}


def field_lines(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Header fields as HTTP/1.1 has them, each with its line end.

    Raises:
        RuntimeError: a name or value that would break the message, or smuggle a second one.
    """
    lines = []
    for name, value in headers:
        if name not in _KNOWN and NOT_NAME.search(name):
            raise RuntimeError("Invalid HTTP header name.")
        if NOT_VALUE.search(value):
            raise RuntimeError("Invalid HTTP header value.")
        lines.append(b"%b: %b\r\n" % (name, value))
    return b"".join(lines)


class Ready(Response):
    """A whole response with its head ready. One object may answer any number of requests: don't change it.

    Args:
        status: the status code, 200 to 599.
        body: all of it. What a `memoryview` shows must not change.
        fields: header fields, names in lower case, without content-length.

    Raises:
        RuntimeError: a field that would break the message.
    """

    def __init__(self, status: int, body: bytes | memoryview, fields: RawHeaders) -> None:
        self.status_code, self.buffer, self.background = status, body, None
        self.has_body = status not in (204, 304)
        self.fields = fields
        self.wire = _STATUS_LINES[status]
        self.lines = field_lines(fields)
        self._raw_headers: RawHeaders | None = None

    @property
    def body(self) -> bytes:  # type: ignore[override]
        return bytes(self.buffer)

    @property
    def raw_headers(self) -> RawHeaders:  # type: ignore[override]
        if self._raw_headers is None:
            length = [(b"content-length", b"%d" % len(self.buffer))] if self.has_body else []
            self._raw_headers = [*length, *self.fields]
        return self._raw_headers


def dressed(head: Head, content: bytes, fields: Fields) -> Answer:
    """The content below a constant head with further fields."""
    if not fields or not head.has_body:
        return content
    own = [(b"content-type", head.content_type)] if head.content_type else []
    return Ready(head.status, content, [*own, *fields.items()])


def with_fields(response: Response, fields: Fields) -> Response:
    """A response that the route has made, with further fields."""
    response.raw_headers.extend(fields.items())
    return response
