"""The application below an HTTP middleware, running in a Task of its own, and the rendezvous its messages pass through.

A message handed to a reader that waits for one is gone at once; any other waits until it is taken. The last one waits
until the middleware's answer has been sent (`release`), so that what the application does after its response
(background tasks, teardown) comes after it for the client too. From then on whatever the application sends is dropped,
and whatever it waits for is `http.disconnect`.

Nothing here knows what a response is.
"""

from __future__ import annotations

import asyncio

import anyio
from starlette.types import ASGIApp, Message, Receive, Scope

Future = asyncio.Future[None]


class Downstream:
    """One run of an ASGI application, seen from above.

    `error` is the exception that ended it; `raised` says that somebody has been told.
    """

    ended = False
    released = False
    raised = False
    error: BaseException | None = None
    task: asyncio.Task[None]
    _arrival: Future | None = None  # what the reader waits for
    _listening: set[anyio.CancelScope] | None = None  # around those who wait in `receive`

    def __init__(self, app: ASGIApp, scope: Scope, receive: Receive, loop: asyncio.AbstractEventLoop) -> None:
        self._app = app
        self._scope = scope
        self._receive = receive
        self._loop = loop
        self._messages: list[tuple[Message, Future | None]] = []  # sent and not yet taken
        self._held: list[Future] = []  # those who wait for release

    async def run(self) -> None:
        """The body of the Task."""
        try:
            await self._app(self._scope, self.receive, self.send)
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # noqa: BLE001  # raised again by who has called
            self.error = error
        finally:
            self.ended = True
            self._wake_reader()

    # -- for the middleware

    async def read(self) -> Message | None:
        """The next message; None once the application has ended and everything has been taken."""
        while not self._messages:
            if self.ended:
                return None
            self._arrival = self._loop.create_future()
            await self._arrival
        message, taken = self._messages.pop(0)
        if taken is not None and not taken.done():
            taken.set_result(None)
        return message

    def release(self) -> None:
        """The answer has been sent: let the application go on, to its end."""
        self.released = True
        for future in self._held:
            if not future.done():
                future.set_result(None)
        for _, taken in self._messages:
            if taken is not None and not taken.done():
                taken.set_result(None)
        for scope in self._listening or ():
            scope.cancel()

    # -- for the application

    async def send(self, message: Message) -> None:
        if self.released:
            await asyncio.sleep(0)
            return
        arrival, last = self._arrival, _is_last(message)
        handed = arrival is not None and not arrival.done()
        if handed and not last:
            self._messages.append((message, None))
            self._wake_reader()
            return
        future = self._loop.create_future()
        entry = message, (None if last else future)
        self._messages.append(entry)
        if last:
            self._held.append(future)
        self._wake_reader()
        try:
            await future
        except asyncio.CancelledError:
            if entry in self._messages:
                self._messages.remove(entry)
            raise

    def _wake_reader(self) -> None:
        arrival = self._arrival
        if arrival is not None:
            self._arrival = None
            if not arrival.done():
                arrival.set_result(None)

    async def receive(self) -> Message:
        """What the middleware's own `receive` gives, unless release comes first."""
        message: Message = {"type": "http.disconnect"}
        if not self.released:
            if self._listening is None:
                self._listening = set()
            with anyio.CancelScope() as scope:
                self._listening.add(scope)
                try:
                    message = await self._receive()
                finally:
                    self._listening.discard(scope)
        return {"type": "http.disconnect"} if self.released else message


def _is_last(message: Message) -> bool:
    kind = message["type"]
    return (kind == "http.response.body" and not message.get("more_body")) or kind == "http.response.pathsend"
