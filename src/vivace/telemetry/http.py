"""One HTTP request as it is recorded: its status, its duration, and when its response is complete.

The server span ends with the response: for background tasks and the teardown of dependencies no client waits.
"""

from __future__ import annotations

import sys
from time import perf_counter, time_ns

from starlette.types import Message, Receive, Scope, Send

from vivace.telemetry.attributes import (
    Attributes,
    error_type,
    metric_attributes,
    protocol_attributes,
    request_attributes,
)
from vivace.telemetry.providers import Providers
from vivace.telemetry.recording import Recording


class HTTPRecording(Recording):
    __slots__ = ("_attributes", "_complete", "_ended", "_start", "_trailers", "instruments", "left", "method", "status")

    kind = "http"

    def __init__(self, providers: Providers, scope: Scope) -> None:
        self._attributes = metric_attributes(scope)
        self.method = str(self._attributes["http.request.method"])
        super().__init__(providers, scope)
        self.status: int | None = None
        self.left = False  # the client has closed the connection
        self._trailers = False  # trailers are to follow the body
        self._complete: tuple[int, float] | None = None  # when: on the clock, and on the stopwatch
        self._ended = False
        self.instruments = providers.instruments
        if self.instruments is not None:
            self.instruments.active.add(1, self._attributes, self.context)
        self._attributes |= protocol_attributes(scope)
        self._start = perf_counter()

    def first_attributes(self, scope: Scope) -> Attributes:
        return request_attributes(scope)

    # -- the messages

    def receiving(self, receive: Receive) -> Receive:
        async def receive_and_note() -> Message:
            message = await receive()
            self.left = self.left or message["type"] == "http.disconnect"
            return message

        return receive_and_note

    def sending(self, send: Send) -> Send:
        async def note_and_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.status, self._trailers = message["status"], message.get("trailers", False)
            await send(message)
            if self._completes(message):
                self.completed()

        return note_and_send

    def _completes(self, message: Message) -> bool:
        kind = message["type"]
        if kind == "http.response.trailers":
            return not message.get("more_trailers", False)
        body = kind == "http.response.body" and not message.get("more_body", False)
        return (body or kind == "http.response.pathsend") and not self._trailers

    # -- the end

    def completed(self) -> None:
        """The client has its answer.

        What answers for an unhandled exception with a 500 raises it again afterwards; that exception is waited for.
        """
        self._complete = time_ns(), perf_counter()
        if self.status is None or self.status < 500 or sys.exc_info()[0] is None:
            self._finish(None)

    def returned(self) -> None:
        if self._complete is None:  # no answer, or half of one
            self._finish("ConnectionError" if self.left else "RuntimeError")
        else:
            self._finish(None)

    def failed(self, error: BaseException) -> None:
        self.log(error)
        self._finish(error_type(error))

    def _finish(self, error: str | None) -> None:
        if self._ended:
            return
        self._ended = True
        attributes: Attributes = {}
        if self.status is not None:
            attributes["http.response.status_code"] = self.status
            if error is None and self.status >= 500:
                error = str(self.status)
        if error is not None:
            attributes["error.type"] = error
        at, stopped = self._complete or (time_ns(), perf_counter())
        self._measure(attributes, stopped - self._start)
        self.end(attributes, at)

    def _measure(self, attributes: Attributes, seconds: float) -> None:
        if self.instruments is None:
            return
        active = {name: self._attributes[name] for name in ("url.scheme", "http.request.method")}
        self.instruments.active.add(-1, active, self.context)
        route = self.template.whole
        where: Attributes = {"http.route": route} if route is not None else {}
        self.instruments.duration.record(seconds, self._attributes | where | attributes, self.context)
