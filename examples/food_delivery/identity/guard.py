"""Who makes this request, and whether their role may: the dependencies of all routes.

A token comes in the `Authorization` header (programs), or in a cookie (the pages; `kit.secure` sees to it that no other
site can use it).
"""

from typing import Annotated, Any

from examples.food_delivery.errors import NotYours, WrongCredentials
from examples.food_delivery.identity.models import Role
from examples.food_delivery.identity.tokens import Caller, Tokens
from vivace import Depends, WebSocketException
from vivace.requests import HTTPConnection
from vivace.security import APIKeyCookie, OAuth2PasswordBearer

COOKIE = "food_access"

# They only tell the OpenAPI document how to log in; `Guard` reads header and cookie itself, for WebSockets too.
_bearer = OAuth2PasswordBearer("/login", refreshUrl="/refresh", auto_error=False)
_cookie = APIKeyCookie(name=COOKIE, auto_error=False, description="How the pages do it")


class Guard:
    """
    ```python
    @router.post("/order")
    async def order(caller: Annotated[Caller, guard.allows(Role.CUSTOMER)]): ...
    ```
    """

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def caller(self, connection: HTTPConnection) -> Caller | None:
        scheme, _, token = connection.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            token = connection.cookies.get(COOKIE, "")
        return self.reads(token)

    def reads(self, token: str) -> Caller | None:
        return self._tokens.read(token) if token else None

    def allows(self, *roles: Role) -> Any:
        """The dependency: the caller, who has one of the roles; any, where none is given."""

        async def allowed(
            connection: HTTPConnection,
            _header: Annotated[str | None, Depends(_bearer)],
            _cookie: Annotated[str | None, Depends(_cookie)],
        ) -> Caller:
            caller = self.caller(connection)
            if caller is None:
                raise WrongCredentials("Log in first: POST /login, then send `Authorization: Bearer <access_token>`")
            if roles and caller.role not in roles:
                raise NotYours(f"This is for the role {' or '.join(roles)}; you are {caller.role}")
            return caller

        return Depends(allowed)

    def allows_socket(self) -> Any:
        """The same of a WebSocket, for every role."""

        async def allowed(connection: HTTPConnection) -> Caller:
            caller = self.caller(connection)
            if caller is None:
                raise WebSocketException(code=1008, reason="Log in first")
            return caller

        return Depends(allowed)
