"""One request and its answer, as a plan sees them: the contract between plans and doors.

A door (`vivace.wire`, or the ASGI door below) makes an `Exchange` for each request. A plan takes from it only what its
route asks for, and answers through it. What costs something to make (`scope`, `request`, `receive`) is made when
somebody asks for it.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeVar

from anyio import CancelScope
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vivace.concurrency import shielded
from vivace.dependencies.teardown import ENDED, entered
from vivace.head import Fields, Head, RawHeaders

T = TypeVar("T")

# What a plan returns: a body for its constant head, a body and further fields for that head, a response that has a head
# of its own, or None: the answer is given.
Answer = bytes | tuple[bytes, Fields] | Response | None


class Exchange:
    """What every door offers. `args` are the path parameters in the order of the path template."""

    __slots__ = ()

    method: str
    path: str  # decoded
    client: tuple[str, int] | None
    args: tuple[Any, ...]
    query: bytes  # as it came, without the question mark
    headers: RawHeaders  # names in lower case
    body: bytes  # complete, where the plan says that it reads one
    scope: Scope
    receive: Receive
    send: Send
    request: Request
    started: bool  # whether the response has begun

    async def deliver(self, head: Head, answer: Answer) -> None:
        """Send what a plan has returned; `head` is the plan's."""
        if isinstance(answer, bytes):
            await self.respond(head, answer)
        elif isinstance(answer, tuple):
            await self.respond(head, *answer)
        elif answer is not None:
            await self.respond_with(answer)

    async def respond(self, head: Head, body: bytes, fields: Sequence[bytes] = ()) -> None:
        """Send a whole response, with further fields in its head; returns when the peer may be given more."""
        raise NotImplementedError

    async def respond_with(self, response: Response) -> None:
        """Send a response object, then run its background tasks."""
        await response(self.scope, self.receive, self.send)

    def flush(self) -> None:
        """What follows may take its time: nothing of the answer is to wait for it."""

    async def run(self, app: ASGIApp) -> None:
        """Hand the request over to an ASGI application: the general path of a route."""
        await app(self.scope, self.receive, self.send)

    def finish(self, dependency: AsyncGenerator[Any, None]) -> Awaitable[Any]:
        """Run an asynchronous dependency from its `yield` to its end, which gives ENDED.

        It is not to be interrupted, whatever is cancelled around the request. Where a door makes the request's task,
        there is nothing around it, and nothing to do.
        """
        return anext(dependency, ENDED)

    async def throw(self, dependency: AsyncGenerator[Any, None], error: BaseException) -> bool:
        """Raise the exception where the dependency yields, not to be interrupted either.

        Returns:
            Whether the dependency let it go no further.
        """
        return bool(await self.shielded(entered(dependency)).__aexit__(type(error), error, error.__traceback__))

    def shielded(self, dependency: AbstractAsyncContextManager[T]) -> AbstractAsyncContextManager[T, bool | None]:
        """The dependency with an exit that is not to be interrupted."""
        return dependency


class ASGIExchange(Exchange):
    """The ASGI door: a scope and two callables are there already, the rest is read from them."""

    __slots__ = ("_body", "_request", "args", "cleanup_scope", "receive", "scope", "send", "started")

    def __init__(self, scope: Scope, receive: Receive, send: Send, args: tuple[Any, ...]) -> None:
        self.scope = scope
        self.receive = receive
        self.send = send
        self.args = args
        self._request: Request | None = None
        self._body = b""
        self.started = False
        self.cleanup_scope: CancelScope | None = None  # around the run of a plan; None: no need of one

    @classmethod
    def of(cls, request: Request) -> ASGIExchange:
        """The light view of a request that is there already."""
        x = cls(request.scope, request.receive, request._send, tuple(request.path_params.values()))
        x._request = request
        return x

    def finish(self, dependency: AsyncGenerator[Any, None]) -> Awaitable[Any]:
        return super().finish(dependency) if self.cleanup_scope is None else self._finish_sheltered(dependency)

    async def _finish_sheltered(self, dependency: AsyncGenerator[Any, None]) -> Any:
        await self.shielded(entered(dependency)).__aexit__(None, None, None)
        return ENDED

    def shielded(self, dependency: AbstractAsyncContextManager[T]) -> AbstractAsyncContextManager[T, bool | None]:
        return shielded(dependency, self.cleanup_scope)

    @property
    def method(self) -> str:  # type: ignore[override]
        method: str = self.scope["method"]
        return method

    @property
    def path(self) -> str:  # type: ignore[override]
        path: str = self.scope["path"]
        return path

    @property
    def client(self) -> tuple[str, int] | None:  # type: ignore[override]
        client: tuple[str, int] | None = self.scope.get("client")
        return client

    @property
    def query(self) -> bytes:  # type: ignore[override]
        query: bytes = self.scope["query_string"]
        return query

    @property
    def headers(self) -> RawHeaders:  # type: ignore[override]
        headers: RawHeaders = self.scope["headers"]
        return headers

    @property
    def body(self) -> bytes:  # type: ignore[override]
        return self._body

    @property
    def request(self) -> Request:  # type: ignore[override]
        if self._request is None:
            self._request = Request(self.scope, self.receive, self.send)
        return self._request

    async def read_body(self) -> None:
        """Take the whole body, and leave a `receive` behind that gives it again.

        Raises:
            ClientDisconnect: the peer left before it was complete.
        """
        message = await self.receive()
        pieces = [message.get("body", b"")]
        while message.get("more_body"):
            message = await self.receive()
            pieces.append(message.get("body", b""))
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        self._body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        self.receive = replay(self._body, self.receive)

    async def respond_with(self, response: Response) -> None:
        await response(self.scope, self.receive, self._noting)

    async def run(self, app: ASGIApp) -> None:
        await app(self.scope, self.receive, self._noting)

    async def _noting(self, message: Message) -> None:
        """`send` for those who may fail before they have sent anything."""
        self.started = self.started or message["type"] == "http.response.start"
        await self.send(message)

    async def respond(self, head: Head, body: bytes, fields: Sequence[bytes] = ()) -> None:
        self.started = True
        headers = head.headers(len(body), fields)
        await self.send({"type": "http.response.start", "status": head.status, "headers": headers})
        await self.send({"type": "http.response.body", "body": body if head.has_body else b""})


def replay(body: bytes, after: Receive) -> Callable[[], Any]:
    """A `receive` that gives a body already read, and then what the door has to say."""
    given = False

    async def receive() -> Message:
        nonlocal given
        if given:
            return await after()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
