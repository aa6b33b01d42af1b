"""Accounts and logins. Requests, headers and cookies are not known here."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from datetime import datetime, timedelta

from pwdlib import PasswordHash
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from examples.food_delivery.database import now
from examples.food_delivery.errors import Conflict, NotFound, WrongCredentials
from examples.food_delivery.identity.models import Login, Role, User
from examples.food_delivery.identity.schemas import Registration, TokenPair
from examples.food_delivery.identity.tokens import Tokens
from vivace.kit.sql import Database

_hasher = PasswordHash.recommended()
# Checked for addresses that nobody has, so that they take as long as others, and can't be told from them.
_NOBODY = _hasher.hash(secrets.token_hex())


def hash_password(password: str) -> str:
    return _hasher.hash(password)


class Identity:
    def __init__(self, db: Database, tokens: Tokens, refresh_seconds: int) -> None:
        self._db = db
        self._tokens = tokens
        self._refresh_seconds = refresh_seconds

    async def register(self, data: Registration) -> User:
        """A new customer.

        Raises:
            Conflict: somebody has the address already.
        """
        user = User(
            email=data.email.lower(),
            name=data.name,
            role=Role.CUSTOMER,
            password_hash=await asyncio.to_thread(hash_password, data.password),  # 50 ms of work
            x=data.x,
            y=data.y,
        )
        try:
            async with self._db.transaction() as session:
                session.add(user)
        except IntegrityError:
            raise Conflict("There is an account with this address: log in, or take another one") from None
        return user

    async def login(self, email: str, password: str) -> TokenPair:
        """
        Raises:
            WrongCredentials: for a wrong password as for an unknown address.
        """
        async with self._db.transaction() as session:
            user = await session.scalar(select(User).where(User.email == email.strip().lower()))
        known = user.password_hash if user else _NOBODY
        right = await asyncio.to_thread(_hasher.verify, password, known)
        if user is None or not right:
            raise WrongCredentials("The address or the password is wrong")
        login_id, secret = secrets.token_hex(16), secrets.token_urlsafe(32)
        async with self._db.transaction() as session:
            session.add(Login(id=login_id, user_id=user.id, secret_hash=_digest(secret), ends=self._end()))
        return self._pair(user, login_id, secret)

    async def refresh(self, token: str) -> TokenPair:
        """New tokens for a refresh token, which is thereby used.

        Raises:
            WrongCredentials: it is not good any more. One that was used before ends its login: somebody has copied it.
        """
        login_id, _, secret = token.partition(".")
        renewed = secrets.token_urlsafe(32)
        current = (Login.id == login_id, Login.secret_hash == _digest(secret), Login.ends > now())
        async with self._db.transaction() as session:
            statement = update(Login).where(*current).values(secret_hash=_digest(renewed), ends=self._end())
            user_id = await session.scalar(statement.returning(Login.user_id))
            if user_id is None:
                await session.execute(delete(Login).where(Login.id == login_id))
            user = user_id and await session.get(User, user_id)
        if not user:
            raise WrongCredentials("This login has ended: log in again")
        return self._pair(user, login_id, renewed)

    async def logout(self, token: str) -> None:
        """End a login. Its access token is good for a few minutes more."""
        login_id, _, secret = token.partition(".")
        async with self._db.transaction() as session:
            await session.execute(delete(Login).where(Login.id == login_id, Login.secret_hash == _digest(secret)))

    async def account(self, user_id: int) -> User:
        """
        Raises:
            NotFound: it was deleted.
        """
        async with self._db.transaction() as session:
            user = await session.get(User, user_id)
        if user is None:
            raise NotFound("There is no such account")
        return user

    def _pair(self, user: User, login_id: str, secret: str) -> TokenPair:
        return TokenPair(
            access_token=self._tokens.issue(user),
            refresh_token=f"{login_id}.{secret}",
            expires_in=self._tokens.seconds,
        )

    def _end(self) -> datetime:
        return now() + timedelta(seconds=self._refresh_seconds)


def _digest(secret: str) -> str:
    """Random and long, so that a fast digest is enough. Whoever reads the table can't log in with it."""
    return hashlib.sha256(secret.encode()).hexdigest()
