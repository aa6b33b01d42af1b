r"""From a pattern and its parameters to the name of a topic. Two different ones never meet.

```
pattern "orders:{order_id}", order_id=7               orders:7
the same, order_id="7:*\n"                            orders:7%3A%2A%0A
the same, a value that is long                        orders:%-<digest>
```

What has a meaning to a broker (wildcards, separators, line ends) is escaped, so that it has none in a value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import blake2b
from urllib.parse import unquote
from uuid import UUID

MAX_VALUE = 128  # bytes of an escaped value before its digest takes its place
_SPECIAL = re.compile(rb"[^A-Za-z0-9_-]")
_SEGMENT = re.compile(r"[A-Za-z0-9_-]{1,64}|\{[A-Za-z_][A-Za-z0-9_]*\}")
RESERVED = frozenset({"after", "connection", "data", "member", "on_message", "ping", "request", "self", "websocket"})


def escape(value: str) -> str:
    """Letters, digits, `_`, `-`, and `%XX` for every other byte."""
    raw = value.encode("utf-8", "surrogatepass")
    return _SPECIAL.sub(lambda found: b"%%%02X" % ord(found[0]), raw).decode()


def unescape(text: str) -> str:
    return unquote(text, errors="surrogatepass")


class Pattern:
    """`orders:{order_id}`: segments between colons, each either a word or a parameter.

    Raises:
        ValueError: it is not like that.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.segments = text.split(":")
        self.parameters = [segment[1:-1] for segment in self.segments if segment.startswith("{")]
        if not all(_SEGMENT.fullmatch(segment) for segment in self.segments):
            raise ValueError(
                f"channel({text!r}): words of letters, digits, _ and -, or {{parameters}}, with colons between them,"
                " such as 'orders:{order_id}'"
            )
        if len(set(self.parameters)) != len(self.parameters):
            raise ValueError(f"channel({text!r}): a parameter stands there twice")
        if taken := RESERVED.intersection(self.parameters):
            raise ValueError(f"channel({text!r}): {min(taken)!r} is an argument of the channel's methods; rename it")

    def overlaps(self, other: Pattern) -> bool:
        """Whether one topic could belong to both."""
        if len(self.segments) != len(other.segments):
            return False
        pairs = zip(self.segments, other.segments, strict=True)
        return all(a == b or a.startswith("{") or b.startswith("{") for a, b in pairs)

    def topic(self, values: Mapping[str, object]) -> str:
        """The name for these parameters.

        Raises:
            TypeError: one is missing, unknown, or neither a string, an integer nor a UUID.
        """
        if values.keys() != set(self.parameters):
            wanted = ", ".join(f"{name}=" for name in self.parameters) or "no parameters"
            raise TypeError(f"The channel {self.text!r} takes {wanted}; given: {', '.join(values) or 'none'}")
        return ":".join(
            _value(segment[1:-1], values[segment[1:-1]]) if segment.startswith("{") else segment
            for segment in self.segments
        )


def _value(name: str, value: object) -> str:
    if not isinstance(value, str | int | UUID) or isinstance(value, bool):
        raise TypeError(f"{name}={value!r:.60}: a channel's parameter is a str, an int or a UUID")
    escaped = escape(str.__str__(value) if isinstance(value, str) else str(value))
    if len(escaped) <= MAX_VALUE:
        return escaped or "%"  # brokers know no empty words
    return "%-" + blake2b(escaped.encode(), digest_size=32).hexdigest()
