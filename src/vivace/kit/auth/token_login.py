"""Logins by token: begun, renewed, ended."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Generic

from vivace.kit.auth.login import TokenPair
from vivace.kit.auth.refresh import Families, Family
from vivace.kit.auth.refusal import InvalidToken, invalid_credential
from vivace.kit.auth.tokens import Claims, Issuer, TokenPolicy
from vivace.kit.auth.users import User, Users, words


class TokenLogin(Generic[User]):
    """Puts access tokens and families together."""

    def __init__(self, users: Users[User], issuer: Issuer, families: Families, policy: TokenPolicy) -> None:
        self._users, self._issuer, self._families, self._policy = users, issuer, families, policy

    async def begin(
        self, user: User, scopes: Collection[str] | None, claims: Mapping[str, Any] | None = None
    ) -> TokenPair:
        """A login, with those of the scopes that the user has (None: all)."""
        granted = words(user, "scopes")
        if scopes is not None:
            granted &= frozenset(scopes)
        return self._pair(await self._families.begin(user.username, granted), granted, claims)

    async def renew(self, token: str, scopes: Collection[str] | None) -> TokenPair:
        """The next pair. Everything that may fail comes before the token is used up.

        Raises:
            HTTPException: 401 if the token is not the good one, or its user may not come in any more.
        """
        try:
            family = await self._families.peek(token)
            user = await self._users.find(family.subject)
            if user is None:
                await self._families.revoke(family.sid)
                raise InvalidToken("its user is gone")
            granted = family.scopes & words(user, "scopes")
            if scopes is not None:
                granted &= frozenset(scopes)
            return self._pair(await self._families.rotate(family), granted)
        except InvalidToken:
            raise invalid_credential("The refresh token is not good, or no longer") from None

    async def end(self, token: str) -> None:
        """End the login of a refresh token; one that is not good ends nothing (RFC 7009 section 2.2)."""
        try:
            family = await self._families.peek(token)
        except InvalidToken:
            return
        await self._families.revoke(family.sid)

    async def end_login(self, claims: Claims) -> None:
        """End the login of an access token."""
        if isinstance(sid := claims.get("sid"), str):
            await self._families.revoke(sid)

    def _pair(self, family: Family, scopes: frozenset[str], claims: Mapping[str, Any] | None = None) -> TokenPair:
        return TokenPair(
            access_token=self._issuer.issue(family.subject, scopes, sid=family.sid, claims=claims),
            expires_in=int(self._policy.access_ttl),
            refresh_token=family.token,
            scope=" ".join(sorted(scopes)),
        )
