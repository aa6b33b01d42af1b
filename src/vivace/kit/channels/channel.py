"""`Channel`: a pattern, a type and rules; what a program publishes on and subscribes to."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter
from starlette.requests import HTTPConnection

from vivace import HTTPException, Request, WebSocket
from vivace.kit.channels.errors import MessageTooLarge, NotAllowed
from vivace.kit.channels.events import encode
from vivace.kit.channels.feed import Feed
from vivace.kit.channels.hub import Hub
from vivace.kit.channels.live import OnMessage, serve
from vivace.kit.channels.pattern import Pattern
from vivace.kit.channels.record import Topic
from vivace.kit.channels.sse import ChannelEvents, documented
from vivace.kit.channels.subscription import Subscription, WhenFull

T = TypeVar("T")
Authorize = Callable[..., bool | Awaitable[bool]]

PING = 15.0  # seconds


@dataclass(frozen=True)
class Rules:
    """How a channel keeps and hands on; `Channels.channel` says what each means."""

    history: int
    keep: float
    queue: int
    when_full: WhenFull
    presence: bool
    authorize: Authorize | None
    max_message_bytes: int


class Channel(Generic[T]):
    """Made by `Channels.channel`. Its methods take the parameters of its pattern by name."""

    def __init__(self, hub: Callable[[], Hub], pattern: Pattern, adapter: TypeAdapter[T], rules: Rules) -> None:
        self._hub, self.pattern, self._adapter, self._rules = hub, pattern, adapter, rules
        self._family = ":".join("*" if segment.startswith("{") else segment for segment in pattern.segments)
        self.responses = documented(adapter)
        """For the route that gives `events`: `@app.get(..., response_class=EventSourceResponse, responses=...)`."""

    async def publish(self, data: T, /, **parameters: Any) -> str:
        """Send a message to everybody who subscribes; its id.

        Raises:
            ValidationError: the data does not fit the channel's type.
            MessageTooLarge: it is larger than `max_message_bytes`, as JSON.
            ChannelsUnavailable: the broker does not answer. Whether it has the message is unknown.
        """
        topic, payload = self._topic(parameters), encode(self._adapter, data)
        if len(payload) > self._rules.max_message_bytes:
            raise MessageTooLarge(
                f"{self.pattern.text}: a message of {len(payload)} bytes, more than"
                f" max_message_bytes={self._rules.max_message_bytes}. Send where it can be had."
            )
        return await self._hub().publish(topic, payload)

    def subscribe(self, *, after: str | None = None, **parameters: Any) -> Subscription[T]:
        """Everything from now on, and before that what came after the message with the id `after`.

        ```python
        async with orders.subscribe(order_id=7) as events:
            async for event in events:
                ...
        ```

        Entering raises `ChannelsUnavailable` where the broker does not answer, iterating `SlowSubscriber`.
        """
        topic, hub = self._topic(parameters), self._hub

        async def attach(subscription: Subscription[T]) -> Feed:
            feed = await hub().use(topic, self._adapter, presence=self._rules.presence)
            try:
                if after is not None:
                    await feed.reach(after)
            except BaseException:
                feed.release()
                raise
            feed.attach(subscription, after)
            return feed

        return Subscription(attach, size=self._rules.queue, when_full=self._rules.when_full, name=topic.name)

    def events(
        self,
        request: Request,
        *,
        after: str | None = None,
        member: str | None = None,
        ping: float = PING,
        **parameters: Any,
    ) -> ChannelEvents:
        """The response that sends a subscription as server-sent events.

        It goes on after `Last-Event-ID`, or `?last_event_id=`, unless `after` is given. It is answered 403 where the
        channel's `authorize` refuses, 503 where there is no broker.

        Args:
            request: the request.
            after: the id to go on from.
            member: who is here as long as the client stays connected.
            ping: seconds of silence after which a comment is sent.
            parameters: of the pattern.
        """
        last = after or request.headers.get("last-event-id") or request.query_params.get("last_event_id")
        return ChannelEvents(self._opening(request, last or None, member, parameters), ping)

    async def connect(
        self,
        websocket: WebSocket,
        *,
        after: str | None = None,
        member: str | None = None,
        on_message: OnMessage | None = None,
        **parameters: Any,
    ) -> None:
        """Send a subscription as texts of a WebSocket, until one side leaves.

        It is accepted, unless the program has done so; it goes on after `?last_event_id=`, unless `after` is given. It
        is closed with 1008 where `authorize` refuses, 1013 where there is no broker or the client is too slow.

        Args:
            websocket: the connection.
            after: the id to go on from.
            member: who is here as long as the connection stays.
            on_message: gets each text that the client sends; the others are passed over.
            parameters: of the pattern.
        """
        last = after or websocket.query_params.get("last_event_id") or None
        await serve(websocket, self._opening(websocket, last, member, parameters), on_message)

    def join(self, member: str, /, **parameters: Any) -> AbstractAsyncContextManager[None]:
        """Be here for the time of a block: `async with orders.join("ann", order_id=7): ...`."""
        self._needs_presence()
        return self._joined(self._topic(parameters), member)

    async def present(self, **parameters: Any) -> list[str]:
        """Who is here, in all processes.

        Raises:
            ChannelsUnavailable: the broker does not answer.
        """
        self._needs_presence()
        hub = self._hub()
        await hub.ready()
        return await hub.members.present(self._topic(parameters))

    @asynccontextmanager
    async def _joined(self, topic: Topic, member: str) -> AsyncIterator[None]:
        async with self._hub().members.hold(topic, member):
            yield

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.pattern.text}>"

    def _topic(self, parameters: dict[str, Any]) -> Topic:
        return Topic(self.pattern.topic(parameters), self._family, self._rules.history, self._rules.keep)

    def _needs_presence(self) -> None:
        if not self._rules.presence:
            raise ValueError(f"Nobody is told who is here: channel({self.pattern.text!r}, ..., presence=True)")

    def _opening(
        self, connection: HTTPConnection, after: str | None, member: str | None, parameters: dict[str, Any]
    ) -> Callable[[], AbstractAsyncContextManager[Subscription[T]]]:
        subscription = self.subscribe(after=after, **parameters)
        joining = None if member is None else self.join(member, **parameters)

        @asynccontextmanager
        async def opening() -> AsyncIterator[Subscription[T]]:
            await self._authorize(connection, parameters)
            async with AsyncExitStack() as stack:
                await stack.enter_async_context(subscription)
                if joining is not None:
                    await stack.enter_async_context(joining)
                yield subscription

        return opening

    async def _authorize(self, connection: HTTPConnection, parameters: dict[str, Any]) -> None:
        if self._rules.authorize is None:
            return
        try:
            allowed = self._rules.authorize(connection, **parameters)
            if inspect.isawaitable(allowed):
                allowed = await allowed
        except HTTPException as error:
            if connection.scope["type"] == "websocket":  # which has no status to answer with
                raise NotAllowed from error
            raise
        if allowed is not True:
            raise NotAllowed
