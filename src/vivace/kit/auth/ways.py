"""The kinds of credentials: where each comes from, and what it grants to whom. Users are not known here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from vivace.kit.auth.api_keys import ApiKeys
from vivace.kit.auth.csrf import Csrf
from vivace.kit.auth.jwks import JWKSUnavailable, RemoteKeys
from vivace.kit.auth.refresh import Families
from vivace.kit.auth.refusal import InvalidToken, invalid_credential
from vivace.kit.auth.sessions import Session, Sessions
from vivace.kit.auth.stored import UNCHECKED, logger, unavailable
from vivace.kit.auth.tokens import Claims, UnknownKey, Verifier
from vivace.requests import HTTPConnection
from vivace.security import APIKeyCookie, APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer, OAuth2PasswordBearer


@dataclass(frozen=True)
class Grant:
    """What a credential grants.

    Attributes:
        subject: to whom.
        scopes: what.
        claims: what it says for itself.
        session: the session, if it is one's cookie.
        ours: whether we granted it: then it is never more than the user has by now.
    """

    subject: str
    scopes: frozenset[str]
    claims: dict[str, Any] = field(default_factory=dict)
    session: Session | None = None
    ours: bool = True


class Way:
    """One kind of credential."""

    kind: ClassVar[Literal["token", "api_key", "session"]]
    scheme: Any

    async def check(self, credential: Any) -> Grant | None:
        """What it grants. None is as if nothing had come.

        Raises:
            HTTPException: 401 if it is none, 503 if that can't be told now.
        """
        raise NotImplementedError


async def nothing() -> None:
    """In the place of a scheme, for a kind of credential that isn't taken."""


class TokenWay(Way):
    """An access token of ours: by its signature, and by its login, which must not have ended."""

    kind = "token"

    def __init__(self, scheme: OAuth2PasswordBearer, verifier: Verifier, families: Families | None) -> None:
        self.scheme, self._verifier, self._families = scheme, verifier, families

    async def check(self, credential: str) -> Grant:
        try:
            claims = self._verifier.verify(credential)
        except InvalidToken as error:
            raise refused(error) from None
        if self._families is not None:
            sid = claims.get("sid")
            if not isinstance(sid, str) or await self._families.is_revoked(sid, claims["sub"]):
                raise invalid_credential()
        return Grant(claims["sub"], scopes_in(claims), claims)


class RemoteTokenWay(Way):
    """An access token of another issuer."""

    kind = "token"
    scheme: HTTPBearer

    def __init__(self, scheme: HTTPBearer, verifier: Verifier, keys: RemoteKeys) -> None:
        self.scheme, self._verifier, self._keys = scheme, verifier, keys

    async def check(self, credential: HTTPAuthorizationCredentials) -> Grant:
        claims = await self.verify(credential.credentials)
        return Grant(claims["sub"], scopes_in(claims), claims, ours=False)

    async def verify(self, token: str) -> Claims:
        """The claims of a token.

        Raises:
            HTTPException: 401 if it is no good one, 503 if the issuer's keys can't be had.
        """
        try:
            await self._keys.fresh()
            try:
                return self._verifier.verify(token)
            except UnknownKey:
                if not await self._keys.look_again():
                    raise
                return self._verifier.verify(token)
        except JWKSUnavailable as error:
            raise unavailable(UNCHECKED, 1) from error
        except InvalidToken as error:
            raise refused(error) from None


class ApiKeyWay(Way):
    kind = "api_key"

    def __init__(self, scheme: APIKeyHeader, keys: ApiKeys) -> None:
        self.scheme, self.keys = scheme, keys

    async def check(self, credential: str) -> Grant:
        key = await self.keys.find(credential)
        if key is None:
            raise invalid_credential()
        return Grant(key.owner, key.scopes, {"key_id": key.id, "key_name": key.name})


class SessionWay(Way):
    """A session's cookie, with what CSRF protection asks for.

    One that has ended is as good as none: browsers go on sending it, to pages for everybody, too.
    """

    kind = "session"

    def __init__(self, scheme: APIKeyCookie, sessions: Sessions, csrf: Csrf) -> None:
        self.scheme, self.sessions, self.csrf = scheme, sessions, csrf

    async def check(self, credential: str) -> Grant | None:
        session = await self.sessions.find(credential)
        if session is None:
            return None
        return Grant(session.subject, session.scopes, session=session)

    def admit(self, session: Session, connection: HTTPConnection) -> None:
        """Look at how the cookie is used.

        Raises:
            HTTPException: 403 if it may have been sent by another site's page.
        """
        self.csrf.check(connection, session)


def refused(error: InvalidToken) -> Exception:
    """The answer to a token, and a line in the log that holds nothing of it."""
    logger.debug("An access token was refused: %s", error)
    return invalid_credential()


def scopes_in(claims: Claims) -> frozenset[str]:
    """RFC 8693 section 4.2: `scope`, words with spaces between. Some issuers have a list, in `scope`, or in `scp`."""
    said = claims.get("scope", claims.get("scp", ""))
    if isinstance(said, str):
        return frozenset(said.split())
    return frozenset(word for word in said if isinstance(word, str)) if isinstance(said, list) else frozenset()
