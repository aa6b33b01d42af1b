"""What subscribers get, and how it is written to them. Each is written once, however many get it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from vivace.sse import format_sse_event

T = TypeVar("T")


class Event:
    """Anything that a subscriber gets: `Message`, `Gap`, `Here`, `Joined`, `Left`."""

    kind: str

    @property
    def position(self) -> str | None:
        """The id to go on from after this event; None if it leaves that as it was."""
        return None

    def json(self) -> str:
        """The data."""
        raise NotImplementedError

    @cached_property
    def sse(self) -> bytes:
        """As a server-sent event. Messages are events without a name, which `onmessage` gets."""
        event = None if self.kind == "message" else self.kind
        return format_sse_event(data_str=self.json(), event=event, id=self.position)

    @cached_property
    def frame(self) -> str:
        """As a WebSocket's text: `{"event": "message", "id": "...", "data": ...}`."""
        return f'{{"event":"{self.kind}","id":{json.dumps(self.position)},"data":{self.json()}}}'


@dataclass(frozen=True, eq=False)
class Message(Event, Generic[T]):
    """A message.

    Attributes:
        id: to go on from: `Last-Event-ID`, `?last_event_id=`, `subscribe(after=...)`.
        payload: its data as JSON.
    """

    id: str
    payload: bytes
    adapter: TypeAdapter[T] = field(repr=False)
    kind = "message"

    @property
    def position(self) -> str:
        return self.id

    @cached_property
    def data(self) -> T:
        """The data, validated.

        Raises:
            ValidationError: it does not fit the channel's type: another version of the program published it.
        """
        return self.adapter.validate_json(self.payload)

    def json(self) -> str:
        return self.payload.decode()


@dataclass(frozen=True, eq=False)
class Gap(Event):
    """Messages are missing here, and can't be had any more: read again whatever state they were about.

    Attributes:
        id: to go on from, without meeting this gap again.
    """

    id: str
    kind = "gap"

    @property
    def position(self) -> str:
        return self.id

    def json(self) -> str:
        return "{}"


@dataclass(frozen=True, eq=False)
class Here(Event):
    """Who is here: told first on channels with `presence=True`, and again after a gap."""

    members: tuple[str, ...]
    kind = "here"

    def json(self) -> str:
        return json.dumps({"members": self.members})


@dataclass(frozen=True, eq=False)
class _OfMember(Event):
    member: str

    def json(self) -> str:
        return json.dumps({"member": self.member})


class Joined(_OfMember):
    """A member's first connection has come."""

    kind = "join"


class Left(_OfMember):
    """A member's last connection has gone."""

    kind = "leave"


AnyEvent = Message[T] | Gap | Here | Joined | Left


def position(id: str) -> bytes:
    """An event without data, which no listener gets: it sets what a browser sends as `Last-Event-ID`."""
    return format_sse_event(id=id)


def hello(id: str) -> str:
    """The same as a WebSocket's first text."""
    return json.dumps({"event": "hello", "id": id, "data": {}}, separators=(",", ":"))


def encode(adapter: TypeAdapter[Any], data: Any) -> bytes:
    """A message's data as JSON, validated."""
    return adapter.dump_json(adapter.validate_python(data))
