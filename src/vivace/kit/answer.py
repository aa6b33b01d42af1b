"""An answer as bytes, and back: for the parts that keep answers in a store."""

from __future__ import annotations

import json
import time

from vivace import Response

_OF_THE_CONNECTION = {"connection", "content-length", "date", "keep-alive", "server", "transfer-encoding"}


def is_whole(response: Response) -> bool:
    """Whether the answer's body is there, not a stream or a file."""
    return isinstance(getattr(response, "body", None), bytes | memoryview)


def pack(response: Response) -> bytes:
    """Status, headers and the time in a line of JSON, then the body."""
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in response.raw_headers]
    kept = [(name, value) for name, value in headers if name.lower() not in _OF_THE_CONNECTION]
    head = {"status": response.status_code, "at": int(time.time()), "headers": kept}
    return json.dumps(head).encode() + b"\n" + bytes(response.body)


def unpack(packed: bytes) -> tuple[Response, int]:
    """The answer, and when it was packed (seconds since 1970, by the clock of the machine that did)."""
    line, _, body = packed.partition(b"\n")
    head = json.loads(line)
    response = Response(body, status_code=head["status"])
    response.raw_headers += [(name.encode("latin-1"), value.encode("latin-1")) for name, value in head["headers"]]
    return response, head["at"]
