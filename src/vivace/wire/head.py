"""Response heads as bytes: status line, header lines, and what they say about the body (RFC 9112)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vivace.head import field_line


@dataclass(slots=True)
class Framing:
    """How a body is delimited: by a length (`remaining` bytes to come), in chunks, or not there at all."""

    lines: bytes
    remaining: int = 0
    chunked: bool = False
    close: bool = False


def frame(headers: Iterable[tuple[bytes, bytes]], status: int, is_head: bool) -> Framing:
    """Write the headers and decide how the body is delimited.

    Raises:
        RuntimeError: a name or value that would break the message, or smuggle a second one.
    """
    lines: list[bytes] = []
    length: int | None = None
    chunked = close = False
    for name, value in headers:
        field = name.lower()
        lines.append(field_line(field, value))
        if field == b"content-length" and not chunked:
            length = int(value)
        elif field == b"transfer-encoding" and value.lower() == b"chunked":
            length, chunked = None, True
        elif field == b"connection":
            close = close or b"close" in [token.strip().lower() for token in value.split(b",")]
    if length is None and not chunked and not is_head and status not in (204, 304):
        chunked = True
        lines.append(b"transfer-encoding: chunked\r\n")
    return Framing(b"".join(lines), length or 0, chunked, close)
