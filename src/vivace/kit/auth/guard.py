"""The dependencies: who asks, by whichever credential came, and whether they may.

`identity` is where it is decided. The others ask it: they are what routes depend on.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Coroutine
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Generic, Literal

from vivace import Depends, HTTPException, Security
from vivace.fronts import Exchange, light
from vivace.kit.auth.document import refuses
from vivace.kit.auth.refusal import NOT_AUTHENTICATED, invalid_credential, lacks_scopes, unauthorized
from vivace.kit.auth.sessions import Session
from vivace.kit.auth.stored import UNCHECKED
from vivace.kit.auth.users import User, Users, words
from vivace.kit.auth.ways import SessionWay, Way, nothing
from vivace.requests import HTTPConnection
from vivace.security import SecurityScopes

Dependency = Callable[..., Coroutine[Any, Any, User]]

_SCOPE_KEY = "vivace.kit.auth"
_REFUSED = {401: NOT_AUTHENTICATED, 503: UNCHECKED}


@dataclass(frozen=True)
class Identity(Generic[User]):
    """Who asks.

    Attributes:
        user: as it was loaded for this request.
        scopes: what the credential was granted and the user (still) has.
        by: the kind of credential.
        claims: of the access token; of another credential what it says for itself.
        session: the session, if a cookie was the credential.
    """

    user: User
    scopes: frozenset[str]
    by: Literal["token", "api_key", "session"]
    claims: dict[str, Any] = field(default_factory=dict, repr=False)
    session: Session | None = None


class Guard(Generic[User]):
    """Makes the dependencies."""

    def __init__(self, users: Users[User], token: Way, api_key: Way | None, session: Way | None) -> None:
        self._users = users
        # Of which request it was decided: requests that one task sends to an application of its own have one context.
        self._decided: ContextVar[tuple[Exchange, Identity[User] | None] | None] = ContextVar("decided", default=None)
        self._ways = {"token": token, "api_key": api_key, "session": session}
        schemes = [nothing if way is None else way.scheme for way in (token, api_key, session)]
        self.optional = self._optional(*schemes)
        self.identity = self._identity(self.optional)
        self.user = self._user(self.identity)
        self.optional_user = self._optional_user(self.optional)
        self.session = self._session(self.identity)

    def requires(self, scopes: Collection[str], roles: Collection[str]) -> Dependency[User]:
        """The user, if it has all of the scopes and one of the roles."""
        wanted = _words(scopes, "scopes"), _words(roles, "roles")
        text = "; ".join(
            f"needs {name} {', '.join(sorted(set(words)))}"
            for name, words in zip(("the scopes", "one of the roles"), wanted, strict=True)
            if words
        )

        async def allowed(identity: Identity[User] = Security(self.identity, scopes=wanted[0])) -> User:
            if wanted[1] and not words(identity.user, "roles").intersection(wanted[1]):
                raise HTTPException(403, f"Not enough permissions: needs one of the roles {', '.join(wanted[1])}")
            return identity.user

        return refuses(allowed, {403: f"Not enough permissions: {text}"} if text else {})

    def _optional(self, token: Any, api_key: Any, session: Any) -> Callable[..., Awaitable[Identity[User] | None]]:
        async def identify(
            connection: HTTPConnection,
            required: SecurityScopes,
            token: Any = Depends(token),
            api_key: Any = Depends(api_key),
            session: Any = Depends(session),
        ) -> Identity[User] | None:
            given = {"token": token, "api_key": api_key, "session": session}
            return _with_scopes(required, await self._once(connection, given))

        async def identify_light(
            connection: Exchange, required: SecurityScopes, token: Any, api_key: Any, session: Any
        ) -> Identity[User] | None:
            given = {"token": token, "api_key": api_key, "session": session}
            return _with_scopes(required, await self._once_light(connection, given))

        return refuses(light(identify, identify_light), _REFUSED)

    def _identity(self, optional: Any) -> Callable[..., Awaitable[Identity[User]]]:
        async def identity(found: Identity[User] | None = Depends(optional)) -> Identity[User]:
            if found is None:
                raise unauthorized()
            return found

        return identity

    def _user(self, identity: Any) -> Dependency[User]:
        async def user(identity: Identity[User] = Depends(identity)) -> User:
            return identity.user

        return user

    def _optional_user(self, optional: Any) -> Callable[..., Awaitable[User | None]]:
        async def optional_user(found: Identity[User] | None = Depends(optional)) -> User | None:
            return None if found is None else found.user

        return optional_user

    def _session(self, identity: Any) -> Callable[..., Awaitable[Session]]:
        async def session(identity: Identity[User] = Depends(identity)) -> Session:
            if identity.session is None:
                raise unauthorized()
            return identity.session

        return session

    async def _once(self, connection: HTTPConnection, given: dict[str, Any]) -> Identity[User] | None:
        """Decided once for a request, however many dependencies ask, under whatever scopes."""
        decided: dict[int, Identity[User] | None] = connection.scope.setdefault(_SCOPE_KEY, {})
        if id(self) not in decided:
            decided[id(self)] = await self._decide(lambda: connection, given)
        return decided[id(self)]

    async def _once_light(self, x: Exchange, given: dict[str, Any]) -> Identity[User] | None:
        """The same on the straight line, without the scope, which costs more to make than the rest of it."""
        before = self._decided.get()
        if before is not None and before[0] is x:
            return before[1]
        identity = await self._decide(lambda: x.request, given)
        self._decided.set((x, identity))
        return identity

    async def _decide(self, connection: Callable[[], HTTPConnection], given: dict[str, Any]) -> Identity[User] | None:
        """By the first credential that came. One that doesn't hold is refused, another one is not tried."""
        for by, credential in given.items():
            way = self._ways[by]
            if way is None or not credential:
                continue
            grant = await way.check(credential)
            if grant is None:
                continue
            if isinstance(way, SessionWay) and grant.session is not None:
                way.admit(grant.session, connection())
            user = await self._users.find(grant.subject)
            if user is None:
                raise invalid_credential()
            scopes = grant.scopes & words(user, "scopes") if grant.ours else grant.scopes
            return Identity(user, scopes, way.kind, grant.claims, grant.session)
        return None


def _with_scopes(required: SecurityScopes, identity: Identity[User] | None) -> Identity[User] | None:
    if identity is not None and (missing := set(required.scopes) - identity.scopes):
        raise lacks_scopes(name for name in required.scopes if name in missing)
    return identity


def _words(given: Collection[str], parameter: str) -> list[str]:
    if isinstance(given, str):
        raise TypeError(f"{parameter}={given!r}: give a list, [{given!r}]")
    return list(given)
