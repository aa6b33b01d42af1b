"""Accounts. Logins, tokens and cookies are not known here."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from examples.food_delivery.errors import Conflict
from examples.food_delivery.identity.models import Role, User
from examples.food_delivery.identity.schemas import Registration
from vivace.kit.auth import Passwords
from vivace.kit.sql import Database


class Identity:
    def __init__(self, db: Database, passwords: Passwords) -> None:
        self._db = db
        self._passwords = passwords

    async def find(self, email: str) -> User | None:
        async with self._db.transaction() as session:
            return await session.scalar(select(User).where(User.email == email.strip().lower()))

    async def register(self, data: Registration) -> User:
        """A new customer.

        Raises:
            Conflict: somebody has the address already.
        """
        user = User(
            email=data.email.lower(),
            name=data.name,
            role=Role.CUSTOMER,
            password_hash=await self._passwords.hash(data.password),
            x=data.x,
            y=data.y,
        )
        try:
            async with self._db.transaction() as session:
                session.add(user)
        except IntegrityError:
            raise Conflict("There is an account with this address: log in, or take another one") from None
        return user

    async def keep_hash(self, user: User, password_hash: str) -> None:
        """The password is the same; its hash is made with stronger parameters."""
        async with self._db.transaction() as session:
            session.add(user)
            user.password_hash = password_hash
