"""Response heads as bytes: status lines, header fields, and the part of a head that many answers share.

Nothing here knows what a body is, or how it is delimited.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from http import HTTPStatus

RawHeaders = list[tuple[bytes, bytes]]
Fields = list[bytes]  # further header fields of an answer, as `field_lines` writes them

# RFC 9110 section 5.1: a field name is a token. Section 5.5: a field value holds no control characters but tab.
_NOT_NAME = re.compile(b'[\x00-\x1f\x7f()<>@,;:\\[\\]={} \t\\\\"]')
_NOT_VALUE = re.compile(b"[\x00-\x08\x0a-\x1f\x7f]")

# Names that are known to be tokens: to look one up costs a quarter of a search.
_KNOWN = frozenset(
    b"content-type content-length etag cache-control vary age ratelimit ratelimit-policy location"
    b" access-control-allow-origin access-control-allow-credentials".split()
)


def status_line(status: int) -> bytes:
    """RFC 9112 section 4: `HTTP/1.1 200 OK`, with its line end."""
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = ""
    return f"HTTP/1.1 {status} {phrase}\r\n".encode()


STATUS_LINES = {status: status_line(status) for status in range(100, 600)}


def field_line(name: bytes, value: bytes) -> bytes:
    """A header field as HTTP/1.1 has it, with its line end.

    Raises:
        RuntimeError: a name or value that would break the message, or smuggle a second one.
    """
    if name not in _KNOWN and _NOT_NAME.search(name):
        raise RuntimeError("Invalid HTTP header name.")
    if _NOT_VALUE.search(value):
        raise RuntimeError("Invalid HTTP header value.")
    return b"%b: %b\r\n" % (name, value)


def field_lines(fields: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Several of them.

    Raises:
        RuntimeError: as above.
    """
    return b"".join([field_line(name, value) for name, value in fields])


def pairs(fields: Sequence[bytes]) -> RawHeaders:
    """The names and values that lines were written of."""
    parted = [line.partition(b": ") for line in b"".join(fields).split(b"\r\n")[:-1]]
    return [(name, value) for name, _, value in parted]


class Head:
    """The constant part of a response: made once for each plan, or once for many answers.

    Args:
        status: the status code.
        fields: header fields, names in lower case, without content-length.

    Attributes:
        wire: the HTTP/1.1 status line.
        lines: what follows the value of content-length: its line end, and the fields.

    Raises:
        RuntimeError: a field that would break the message.
    """

    __slots__ = ("fields", "has_body", "lines", "status", "wire")

    def __init__(self, status: int, fields: RawHeaders) -> None:
        self.status, self.fields = status, fields
        self.has_body = not (status < 200 or status in (204, 304))
        self.wire = STATUS_LINES.get(status) or status_line(status)
        self.lines = b"\r\n" + field_lines(fields)

    def headers(self, size: int, more: Sequence[bytes] = ()) -> RawHeaders:
        """All header fields of an answer with a body of so many bytes."""
        length = [(b"content-length", b"%d" % size)] if self.has_body else []
        return [*length, *self.fields, *pairs(more)]


def json_head(status: int) -> Head:
    """The head of a JSON answer."""
    return Head(status, [(b"content-type", b"application/json")])
