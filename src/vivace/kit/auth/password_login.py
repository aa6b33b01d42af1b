"""From a name and a password to a user: throttled, at the same cost for every name, rehashed where that is due."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Generic

from vivace import Request
from vivace.kit.auth.passwords import Passwords
from vivace.kit.auth.refusal import unauthorized
from vivace.kit.auth.throttle import LoginThrottle
from vivace.kit.auth.users import User, Users

WRONG = "Incorrect username or password"
SaveHash = Callable[[User, str], Awaitable[None]]


class PasswordLogin(Generic[User]):
    """Logs in by password."""

    def __init__(
        self, users: Users[User], passwords: Passwords, throttle: LoginThrottle | None, save_hash: SaveHash[User] | None
    ) -> None:
        self._users, self._passwords, self._throttle, self._save_hash = users, passwords, throttle, save_hash

    async def check(self, request: Request, username: str, password: str) -> User:
        """The user.

        Raises:
            HTTPException: 401, in the same words for each reason; 429 after too many tries.
        """
        if self._throttle is not None:
            await self._throttle.check(request, username)
        user = await self._users.find(username)
        right, better = await self._passwords.verify(password, None if user is None else user.password_hash)
        if user is None or not right:
            raise unauthorized(WRONG, error="invalid_grant")
        if better is not None and self._save_hash is not None:
            await self._save_hash(user, better)
        return user
