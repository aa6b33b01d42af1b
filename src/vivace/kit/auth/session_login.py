"""Sessions as a router: `POST /session` logs in by cookie, `GET` tells the CSRF token, `DELETE` logs out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, Field

from vivace import APIRouter, Depends, Form, Request, Response
from vivace.kit.auth.login import MAX_BODY, UNAVAILABLE
from vivace.kit.auth.password_login import WRONG
from vivace.kit.auth.refusal import NOT_AUTHENTICATED
from vivace.kit.auth.sessions import Session, Sessions
from vivace.kit.auth.throttle import TOO_MANY
from vivace.kit.auth.users import User, words

if TYPE_CHECKING:
    from vivace.kit.auth.csrf import Csrf
    from vivace.kit.auth.password_login import PasswordLogin

_FORBIDDEN = {"description": "From another origin, or without the CSRF token"}


class SessionInfo(BaseModel):
    """What the application's own pages may know of a session."""

    username: str
    csrf_token: str = Field(repr=False, description="To be sent in a header with everything that changes something")
    scope: str


CurrentSession = Callable[..., Awaitable[Session]]


def session_router(login: PasswordLogin[User], sessions: Sessions, csrf: Csrf, current: CurrentSession) -> APIRouter:
    """The three of them."""
    router = APIRouter(tags=["auth"], max_body_size=MAX_BODY)
    refused: dict[int | str, dict[str, Any]] = {403: _FORBIDDEN, 503: UNAVAILABLE}

    @router.post("/session", responses={401: {"description": WRONG}, 429: dict(TOO_MANY), **refused})
    async def begin_session(
        request: Request,
        response: Response,
        username: Annotated[str, Form()],
        password: Annotated[str, Form(json_schema_extra={"format": "password"})],
    ) -> SessionInfo:
        """Log in: a new session, and its cookie. A session that the browser had before, ends."""
        csrf.check_origin(request)
        user = await login.check(request, username, password)
        before = request.cookies.get(sessions.policy.cookie_name)
        session = await sessions.begin(user.username, words(user, "scopes"), instead_of=before)
        sessions.set_cookie(response, session)
        return _told(response, session)

    unauthenticated: dict[int | str, dict[str, Any]] = {401: {"description": NOT_AUTHENTICATED}, **refused}

    @router.get("/session", responses=unauthenticated)
    async def tell_session(response: Response, session: Session = Depends(current)) -> SessionInfo:
        """Whose session it is, and its CSRF token."""
        return _told(response, session)

    @router.delete("/session", status_code=204, responses=unauthenticated)
    async def end_session(response: Response, session: Session = Depends(current)) -> None:
        """Log out."""
        await sessions.end(session.cookie)
        sessions.delete_cookie(response)

    return router


def _told(response: Response, session: Session) -> SessionInfo:
    response.headers["Cache-Control"] = "no-store"
    return SessionInfo(username=session.subject, csrf_token=session.csrf_token, scope=" ".join(sorted(session.scopes)))
