"""Access tokens: signed by us, read by us, good for minutes (JWT, RFC 7519). No database is asked for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import jwt
from pydantic import SecretStr

from examples.food_delivery.database import now
from examples.food_delivery.identity.models import Role, User

_ALGORITHM, _AUDIENCE = "HS256", "food-delivery"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who makes a request, as their token says."""

    id: int
    name: str
    role: Role


class Tokens:
    def __init__(self, key: SecretStr, seconds: int) -> None:
        self.seconds = seconds
        self._key = key

    def issue(self, user: User) -> str:
        claims = {
            "sub": str(user.id),
            "name": user.name,
            "role": user.role.value,
            "aud": _AUDIENCE,
            "exp": now() + timedelta(seconds=self.seconds),
        }
        return jwt.encode(claims, self._key.get_secret_value(), _ALGORITHM)

    def read(self, token: str) -> Caller | None:
        """Who it was issued to; None if it is none of ours, or has ended."""
        try:
            claims = jwt.decode(
                token,
                self._key.get_secret_value(),
                [_ALGORITHM],
                audience=_AUDIENCE,
                options={"require": ["exp", "sub", "name", "role"]},
            )
            return Caller(int(claims["sub"]), claims["name"], Role(claims["role"]))
        except (jwt.InvalidTokenError, ValueError):
            return None
