"""An answer whose head is bytes already: made once for many requests.

It knows no door: one that writes HTTP/1.1 itself takes `head` and `buffer`, every other takes it for the `Response`
that it is.
"""

from __future__ import annotations

from starlette.responses import Response

from vivace.head import Fields, Head, RawHeaders, pairs


class Ready(Response):
    """A whole response with its head ready. One object may answer any number of requests: don't change it.

    Args:
        head: status and header fields.
        body: all of it. What a `memoryview` shows must not change.
    """

    background = None

    def __init__(self, head: Head, body: bytes | memoryview) -> None:
        self.head, self.buffer, self.status_code = head, body, head.status

    @property
    def body(self) -> bytes:  # type: ignore[override]
        return bytes(self.buffer)

    @property
    def raw_headers(self) -> RawHeaders:  # type: ignore[override]
        if "_raw_headers" not in self.__dict__:  # one list, since a route may add to it
            self._raw_headers = self.head.headers(len(self.buffer))
        return self._raw_headers


def with_fields(response: Response, fields: Fields) -> Response:
    """A response that the route has made, with further fields."""
    response.raw_headers.extend(pairs(fields))
    return response
