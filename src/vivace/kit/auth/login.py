"""The OAuth2 password flow as a router (RFC 6749 sections 4.3 and 6): login, refresh, logout, and the public keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, Field

from vivace import APIRouter, Depends, Form, Request, Response
from vivace.kit.auth.keys import KeyRing
from vivace.kit.auth.password_login import WRONG
from vivace.kit.auth.refusal import unauthorized
from vivace.kit.auth.stored import UNCHECKED
from vivace.kit.auth.throttle import TOO_MANY
from vivace.kit.auth.users import User
from vivace.security import OAuth2PasswordRequestForm

if TYPE_CHECKING:
    from vivace.kit.auth.password_login import PasswordLogin
    from vivace.kit.auth.token_login import TokenLogin
    from vivace.kit.auth.ways import TokenWay

MAX_BODY = 64 * 1024  # bytes: a form with two short texts

UNAVAILABLE: dict[str, Any] = {
    "description": UNCHECKED,
    "headers": {"Retry-After": {"description": "Seconds until another try", "schema": {"type": "integer"}}},
}
_NO_STORE = {"Cache-Control": "no-store"}  # RFC 6749 section 5.1


class TokenPair(BaseModel):
    """RFC 6749 section 5.1."""

    access_token: str = Field(repr=False)
    token_type: Literal["bearer"] = "bearer"  # noqa: S105  # no password
    expires_in: int = Field(description="Seconds for which the access token is good")
    refresh_token: str = Field(repr=False, description="Good once: each refresh gives another")
    scope: str = Field(description="What was granted, which may be less than was asked for")


RefreshToken = Annotated[str, Form(max_length=512, json_schema_extra={"format": "password"})]


def login_router(login: PasswordLogin[User], tokens: TokenLogin[User], way: TokenWay) -> APIRouter:
    """`POST /login`, `POST /refresh`, `POST /logout`."""
    router = APIRouter(tags=["auth"], max_body_size=MAX_BODY)
    refused: dict[int | str, dict[str, Any]] = {503: UNAVAILABLE}

    @router.post("/login", responses={401: {"description": WRONG}, 429: dict(TOO_MANY), **refused})
    async def log_in(
        request: Request, response: Response, form: Annotated[OAuth2PasswordRequestForm, Depends()]
    ) -> TokenPair:
        """Log in with a password. Without `scope` all of the user's scopes are granted."""
        response.headers.update(_NO_STORE)
        user = await login.check(request, form.username, form.password)
        return await tokens.begin(user, form.scopes or None)

    @router.post("/refresh", responses={401: {"description": "The refresh token is not good, or no longer"}, **refused})
    async def refresh(
        response: Response,
        refresh_token: RefreshToken,
        grant_type: Annotated[str | None, Form(pattern="^refresh_token$")] = None,  # noqa: ARG001  # RFC 6749's
        scope: Annotated[str, Form()] = "",
    ) -> TokenPair:
        """A new pair of tokens for the refresh token, which is good only once."""
        response.headers.update(_NO_STORE)
        return await tokens.renew(refresh_token, scope.split() or None)

    @router.post("/logout", status_code=204, responses={401: {"description": "No token was sent"}, **refused})
    async def log_out(
        token: str | None = Depends(way.scheme),
        refresh_token: Annotated[str | None, Form(max_length=512, json_schema_extra={"format": "password"})] = None,
    ) -> None:
        """End the login that a refresh token, or the access token in the header, belongs to."""
        if refresh_token is not None:
            await tokens.end(refresh_token)
        elif token:
            await tokens.end_login((await way.check(token)).claims)
        else:
            raise unauthorized()

    return router


def jwks_router(keys: KeyRing) -> APIRouter:
    """`GET /.well-known/jwks.json`: the keys by which others verify our tokens."""
    router = APIRouter(tags=["auth"])

    @router.get("/.well-known/jwks.json")
    async def public_keys(response: Response) -> dict[str, list[dict[str, str]]]:
        """The public keys, as a JWK Set (RFC 7517)."""
        response.headers["Cache-Control"] = "public, max-age=300"
        return keys.jwks()

    return router
