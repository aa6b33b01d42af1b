"""What a broker keeps: records, one after another, each with an id that no other has had.

```
1764111600000-42-9f3ac21b
epoch: when the log began (ms)     seq: 1, 2, 3, ... of this log     nonce: of the one who published
```

A log that was lost, or forgotten for want of messages, begins again in another epoch. The nonce tells a message from
another one that got the same number because the broker had lost the first. `seq` 0 marks the beginning of a log: a
record without a message, from which a subscriber can go on that has seen none yet.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple, Self

_ID = re.compile(r"[0-9]{1,16}-[0-9]{1,16}-[0-9a-f]{8}")


@dataclass(frozen=True)
class Topic:
    """One channel with its parameters, as brokers know it.

    Attributes:
        name: `orders:7`, of letters, digits, `_`, `-`, `%` and colons.
        family: the pattern that it comes from, with `*` for parameters: `orders:*`.
        history: how many messages the log keeps.
        keep: seconds for which it keeps them at least, after the last one.
    """

    name: str
    family: str
    history: int
    keep: float


class Record(NamedTuple):
    """One entry of a log. `payload` is JSON; b"" of a beginning."""

    epoch: int
    seq: int
    nonce: str
    payload: bytes = b""

    @property
    def id(self) -> str:
        return f"{self.epoch}-{self.seq}-{self.nonce}"

    @staticmethod
    def is_id(text: str) -> bool:
        """Whether it could be one. Clients may send anything."""
        return _ID.fullmatch(text) is not None

    @classmethod
    def parse(cls, id: str, payload: bytes) -> Self:
        epoch, seq, nonce = id.split("-")
        return cls(int(epoch), int(seq), nonce, payload)

    def follows(self, last: Record) -> bool:
        """Whether nothing came between, for one who has heard everything since `last`."""
        if self.epoch == last.epoch:
            return self.seq == last.seq + 1
        return self.epoch > last.epoch and self.seq == 1

    def had(self, last: Record) -> bool:
        """Whether it is `last` or came before it."""
        return (self.epoch, self.seq) <= (last.epoch, last.seq)
