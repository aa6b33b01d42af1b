"""What can go wrong on a channel, and how it is answered where nobody catches it."""

from __future__ import annotations

from vivace import HTTPException

RETRY_AFTER = 1  # seconds


class ChannelsError(Exception):
    """Anything that a channel raises for a reason of its own. Wrong arguments raise `TypeError` and `ValueError`."""


class ChannelsUnavailable(ChannelsError, HTTPException):
    """The broker can't be reached, or can't answer now: 503 with `Retry-After`, if it leaves an endpoint.

    Whether a message was published is unknown: it may have been, before the connection was lost.
    """

    def __init__(self, why: str) -> None:
        HTTPException.__init__(self, 503, "Channels can't be reached now", headers={"Retry-After": str(RETRY_AFTER)})
        self.why = why

    def __str__(self) -> str:
        return self.why


class MessageTooLarge(ChannelsError, ValueError):
    """A message is larger than `max_message_bytes`, as JSON."""


class SlowSubscriber(ChannelsError):
    """The subscriber was so slow that its queue was full; with `when_full="disconnect"` that ends its subscription.

    What it has not got, history may have: subscribe again with `after`.
    """


class NotAllowed(ChannelsError, HTTPException):
    """The channel's `authorize` refused a connection: 403."""

    def __init__(self) -> None:
        HTTPException.__init__(self, 403, "Not allowed on this channel")
