"""What is asked of a user model, and how users are found."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Generic, Protocol, TypeVar


class Account(Protocol):
    """A user model has these two. The rest is used where it is there:

    - `scopes`, `roles`: strings. A user without `scopes` has none, one without `roles` has none.
    - `disabled`: a user for whom it is true is no user. (Or give `Auth(active=...)`.)
    """

    @property
    def username(self) -> str:
        """Its name, unique, as it stands in tokens."""
        ...

    @property
    def password_hash(self) -> str | None:
        """As `Passwords.hash` made it; None for somebody who has none."""
        ...


User = TypeVar("User", bound=Account)
Load = Callable[[str], Awaitable[User | None]]

_LONGEST_NAME = 1024


class Users(Generic[User]):
    """Finds users that there are and that may come in."""

    def __init__(self, load: Load[User], active: Callable[[User], bool] | None) -> None:
        self._load = load
        self._active = active or _is_enabled

    async def find(self, username: str) -> User | None:
        """The user of that name, unless it may not come in.

        Raises:
            TypeError: the loader is not asynchronous.
        """
        if len(username) > _LONGEST_NAME:
            return None
        loading: Any = self._load(username)
        if not inspect.isawaitable(loading):
            raise TypeError(
                "`users` of Auth is to be asynchronous: `async def load_user(username: str) -> User | None`"
            )
        user: User | None = await loading
        return user if user is not None and self._active(user) else None


def _is_enabled(user: object) -> bool:
    return not getattr(user, "disabled", False)


def words(user: object, attribute: str) -> frozenset[str]:
    """The user's `scopes` or `roles`.

    Raises:
        TypeError: it is one string: each of its letters would be a role.
    """
    value: Iterable[str] | str | None = getattr(user, attribute, None)
    if isinstance(value, str):
        raise TypeError(f"`{attribute}` of {type(user).__name__} is one string, give it a set of strings")
    return frozenset(value or ())
