"""What is said of one thing to be cached."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

OnStoreDown = Literal["open", "closed"]
Tags = Sequence[str] | Callable[..., Sequence[str]]

_LONGEST = 365 * 86400.0  # seconds


@dataclass(frozen=True)
class Options:
    """As given to `Cache.__call__`, which says what each means."""

    ttl: float
    stale: float = 0.0
    key: Callable[..., str] | None = None
    tags: Tags = ()
    vary: Sequence[str] = ()
    user: Callable[[Any], str | None] | None = None
    public: bool = False
    max_age: int | None = None
    run_dependencies: bool = True

    def __post_init__(self) -> None:
        if not 0 < self.ttl <= _LONGEST or not 0 <= self.stale <= _LONGEST:
            raise ValueError(f"ttl={self.ttl}, stale={self.stale}: seconds, more than 0 (stale: or 0), at most a year")
        if self.max_age is not None and self.max_age < 0:
            raise ValueError(f"max_age={self.max_age}: seconds, 0 or more; None has clients ask each time")
        if isinstance(self.tags, str) or isinstance(self.vary, str):
            raise TypeError("tags and vary are lists of strings: write tags=['items'], not tags='items'")
        object.__setattr__(self, "vary", tuple(name.lower() for name in self.vary))
        if self.public and self.is_personal:
            raise ValueError(
                "public=True says that everybody gets the same; with user= or vary on a credential they don't"
            )

    @property
    def is_personal(self) -> bool:
        """Whether an answer is for one user only."""
        return self.user is not None or not {"authorization", "cookie"}.isdisjoint(self.vary)

    def tag_names(self, arguments: dict[str, Any], *called: Any, **named: Any) -> list[str]:
        """The tags of one call: templates filled with its arguments, or what the function gives."""
        if callable(self.tags):
            return list(self.tags(*called, **named))
        return [tag.format_map(arguments) for tag in self.tags]

    @property
    def tags_ask(self) -> bool:
        """Whether the tags of a route are told by a function, from its request."""
        return callable(self.tags)
