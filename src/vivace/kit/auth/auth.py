"""`Auth`: where all of it is put together for a program."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Any, Generic, TypeVar

from pydantic import SecretBytes, SecretStr

from vivace import APIRouter
from vivace.kit.auth.api_keys import ApiKeys
from vivace.kit.auth.csrf import Csrf
from vivace.kit.auth.epochs import Epochs
from vivace.kit.auth.guard import Dependency, Guard, Identity
from vivace.kit.auth.jwks import RemoteKeys
from vivace.kit.auth.keys import KeyRing, Secret, SigningKey
from vivace.kit.auth.login import TokenPair, jwks_router, login_router
from vivace.kit.auth.password_login import PasswordLogin, SaveHash
from vivace.kit.auth.passwords import Passwords
from vivace.kit.auth.refresh import Families
from vivace.kit.auth.session_login import session_router
from vivace.kit.auth.sessions import Session, SessionPolicy, Sessions
from vivace.kit.auth.stored import OnStoreDown, Stored
from vivace.kit.auth.subject import Subject
from vivace.kit.auth.throttle import LoginRates, LoginThrottle
from vivace.kit.auth.token_login import TokenLogin
from vivace.kit.auth.tokens import Issuer, TokenPolicy, Verifier
from vivace.kit.auth.users import Load, User, Users
from vivace.kit.auth.ways import ApiKeyWay, RemoteTokenWay, SessionWay, TokenWay
from vivace.kit.store import Store
from vivace.requests import HTTPConnection
from vivace.security import APIKeyCookie, APIKeyHeader, HTTPBearer, OAuth2PasswordBearer

Secrets = Secret | Sequence[Secret]


class Auth(Generic[User]):
    """Who asks, and what they may.

    ```python
    auth = Auth(load_user, secret=settings.secret, store=Store.from_url("memory://"))
    app.include_router(auth.router)


    @app.get("/me")
    async def me(user: Annotated[User, Depends(auth.user)]): ...
    ```

    Args:
        users: `async (username) -> User | None`, asked at login, and for every request.
        secret: of 32 bytes or more; signs access tokens (HS256) and cookies. Several: the first signs, all are known.
        keys: signs access tokens in place of the secret: a `SigningKey`, or a `KeyRing` of several. `RemoteKeys` for
            tokens that another issuer makes: then there is no login here.
        store: what is kept is kept there, in the namespace `auth`.
        tokens: how tokens are made and judged.
        scopes: the scopes that there are, with descriptions, for the document.
        sessions: logins by cookie, too. Needs `secret`.
        api_keys: API keys, too: the header that they come in, "X-API-Key" for True.
        api_key_prefix: what they begin with.
        passwords: how passwords are hashed.
        save_hash: `async (user, hash)`, called at a login whose password hash is of an older kind.
        active: whether a user may come in; by default unless it is `disabled`.
        login_rates: how often somebody may try to log in; None: as often as they like.
        check_revocation: whether the store is asked, for every access token, if its login has ended. Without it a
            token is good until it expires, and a request needs no store.
        on_store_down: "closed" answers 503 when the store is down; "open" takes access tokens by their signature alone.
            Who logs in, or comes with a session or an API key, is answered 503 in any case.
        prefix: of the router's paths, such as "/auth". Give it here, not to `include_router`, so that the document
            knows where to log in.

    Raises:
        ValueError: neither `secret` nor `keys` is given, or what is given doesn't go together.
    """

    def __init__(
        self,
        users: Load[User],
        *,
        store: Store,
        secret: Secrets | None = None,
        keys: SigningKey | KeyRing | RemoteKeys | None = None,
        tokens: TokenPolicy | None = None,
        scopes: Mapping[str, str] | None = None,
        sessions: SessionPolicy | None = None,
        api_keys: bool | str = False,
        api_key_prefix: str = "key",
        passwords: Passwords | None = None,
        save_hash: SaveHash[User] | None = None,
        active: Callable[[User], bool] | None = None,
        login_rates: LoginRates | None = LoginRates(),
        check_revocation: bool = True,
        on_store_down: OnStoreDown = "closed",
        prefix: str = "",
    ) -> None:
        signing = _secrets(secret)
        self.policy, self.keys = tokens or TokenPolicy(), _keys(keys, signing)
        self.passwords = passwords or Passwords()
        self._stored = Stored(store.namespace("auth"), on_store_down)
        self._epochs = Epochs(self._stored.store, max(self.policy.lifetime, sessions.lifetime if sessions else 0))
        self._users = Users(users, active)
        self._families = Families(self._stored, self._epochs, self.policy)
        self._verifier = Verifier(self.keys, self.policy)
        self._token_way = self._make_token_way(prefix, scopes or {}, check_revocation)
        self._session_way = None if sessions is None else self._make_session_way(sessions, signing)
        self._api_key_way = self._make_api_key_way(api_keys, api_key_prefix) if api_keys else None
        self._guard = Guard(self._users, self._token_way, self._api_key_way, self._session_way)
        self._subject = self._make_subject()
        throttle = None if login_rates is None else LoginThrottle(self._stored.store, login_rates)
        self._login = PasswordLogin(self._users, self.passwords, throttle, save_hash)
        self._tokens = self._make_tokens()
        self.router = self._make_router(prefix)

    # -- dependencies

    @property
    def user(self) -> Dependency[User]:
        """The user who asks; 401 if there is none. `Security(auth.user, scopes=[...])` asks for scopes, too."""
        return self._guard.user

    @property
    def optional_user(self) -> Callable[..., Awaitable[User | None]]:
        """The same, None where no credential came. One that came and doesn't hold is 401."""
        return self._guard.optional_user

    @property
    def identity(self) -> Callable[..., Awaitable[Identity[User]]]:
        """The user, and by what: scopes, claims, the session."""
        return self._guard.identity

    @property
    def session(self) -> Callable[..., Awaitable[Session]]:
        """The session of who asks; 401 for who comes with another credential."""
        return self._guard.session

    def requires(self, *, scopes: Collection[str] = (), roles: Collection[str] = ()) -> Dependency[User]:
        """A dependency for routes that not everybody may use; it gives the user. 403 for who lacks something.

        Args:
            scopes: all of them have to be granted by the credential, and (still) be the user's.
            roles: one of them has to be the user's, as it was loaded just now.
        """
        return self._guard.requires(scopes, roles)

    # -- for limits

    @property
    def subject(self) -> Callable[[HTTPConnection], str]:
        """Whose a request is, for `by=` of limits: `@limits.idempotent(by=auth.subject)`.

        By an access token its user's name, whichever of their tokens it is: a key that was sent before a refresh is the
        same after it. By a session, an API key, or a token that does not verify, the credential itself. "" without any.
        No user is loaded, and no store asked: let nobody in by it.
        """
        return self._subject

    # -- for a program's own code

    async def log_in(
        self, user: User, *, scopes: Collection[str] | None = None, claims: Mapping[str, Any] | None = None
    ) -> TokenPair:
        """Tokens for somebody who was recognized in another way, such as by a link in a mail.

        Args:
            user: who.
            scopes: those of the user's that are granted; None: all.
            claims: further claims for this access token. Those after a refresh don't have them.
        """
        return await _there(self._tokens, "log_in", "a `secret` or `keys` of its own").begin(user, scopes, claims)

    async def log_out_everywhere(self, username: str) -> None:
        """End all logins and sessions of a user, as after a change of password. API keys stay."""
        await self._stored.ask(lambda: self._epochs.end(username))

    @property
    def api_keys(self) -> ApiKeys:
        """Where API keys are made, listed and revoked."""
        return _there(self._api_key_way, "api_keys", "`api_keys=True`").keys

    @property
    def sessions(self) -> Sessions:
        """Where sessions are begun, saved and ended."""
        return _there(self._session_way, "sessions", "`sessions=SessionPolicy()`").sessions

    def __repr__(self) -> str:
        return f"<Auth {self.keys!r} {self._stored.store!r}>"

    # -- putting together

    def _make_token_way(
        self, prefix: str, scopes: Mapping[str, str], check_revocation: bool
    ) -> TokenWay | RemoteTokenWay:
        if isinstance(self.keys, RemoteKeys):
            if self.policy.issuer is None or self.policy.audience is None:
                raise ValueError(
                    "RemoteKeys: say whose tokens are taken, and for whom: tokens=TokenPolicy(issuer=..., audience=...)"
                )
            bearer = HTTPBearer(bearerFormat="JWT", scheme_name="Token", auto_error=False)
            return RemoteTokenWay(bearer, self._verifier, self.keys)
        base = prefix.lstrip("/") + "/" if prefix else ""
        oauth2 = OAuth2PasswordBearer(
            f"{base}login", refreshUrl=f"{base}refresh", scopes=dict(scopes), scheme_name="Token", auto_error=False
        )
        return TokenWay(oauth2, self._verifier, self._families if check_revocation else None)

    def _make_session_way(self, policy: SessionPolicy, signing: Sequence[Secret]) -> SessionWay:
        if not signing:
            raise ValueError("sessions need a `secret` that signs their cookies: Auth(secret=...), beside `keys`")
        cookie = APIKeyCookie(name=policy.cookie_name, scheme_name="Session", auto_error=False)
        return SessionWay(cookie, Sessions(self._stored, self._epochs, policy, signing), Csrf(policy))

    def _make_api_key_way(self, header: str | bool, prefix: str) -> ApiKeyWay:
        name = header if isinstance(header, str) else "X-API-Key"
        return ApiKeyWay(APIKeyHeader(name=name, scheme_name="APIKey", auto_error=False), ApiKeys(self._stored, prefix))

    def _make_subject(self) -> Subject:
        header = None if self._api_key_way is None else self._api_key_way.scheme.model.name
        cookie = None if self._session_way is None else self._session_way.sessions.policy.cookie_name
        return Subject(self._verifier, header, cookie)

    def _make_tokens(self) -> TokenLogin[User] | None:
        if isinstance(self.keys, RemoteKeys):
            return None
        return TokenLogin(self._users, Issuer(self.keys, self.policy), self._families, self.policy)

    def _make_router(self, prefix: str) -> APIRouter:
        router = APIRouter(prefix=prefix)
        if self._tokens is not None and isinstance(self._token_way, TokenWay):
            router.include_router(login_router(self._login, self._tokens, self._token_way))
        if isinstance(self.keys, KeyRing) and self.keys.is_public:
            router.include_router(jwks_router(self.keys))
        if (way := self._session_way) is not None:
            router.include_router(session_router(self._login, way.sessions, way.csrf, self.session))
        return router


T = TypeVar("T")


def _there(part: T | None, name: str, what: str) -> T:
    if part is None:
        raise RuntimeError(f"auth.{name} needs {what}: Auth(...) was made without")
    return part


def _secrets(given: Secrets | None) -> list[Secret]:
    if given is None:
        return []
    return [given] if isinstance(given, str | bytes | SecretStr | SecretBytes) else list(given)


def _keys(given: SigningKey | KeyRing | RemoteKeys | None, signing: Sequence[Secret]) -> KeyRing | RemoteKeys:
    if isinstance(given, KeyRing | RemoteKeys):
        return given
    if isinstance(given, SigningKey):
        return KeyRing(given)
    if not signing:
        raise ValueError("Give Auth a secret of 32 bytes or more (secrets.token_hex(32), kept outside), or keys")
    first, *others = (SigningKey.from_secret(one) for one in signing)
    return KeyRing(first, *others)
