"""Logged in by cookie: the forms that set and end it, and who looks at a page.

The cookies hold the same tokens that programs get. Scripts can't read them; other sites can't use them (`SameSite`, and
the origin check of `kit.secure`).
"""

from typing import Annotated, Any
from urllib.parse import quote

from examples.food_delivery.errors import WrongCredentials
from examples.food_delivery.identity.guard import COOKIE, Guard
from examples.food_delivery.identity.models import Role
from examples.food_delivery.identity.schemas import TokenPair
from examples.food_delivery.identity.service import Identity
from examples.food_delivery.identity.tokens import Caller
from vivace import APIRouter, Cookie, Depends, Form, HTTPException, Query, Request, Response
from vivace.responses import RedirectResponse

REFRESH_COOKIE = "food_refresh"
HOMES = {Role.CUSTOMER: "/eat", Role.RESTAURANT: "/cook", Role.COURIER: "/ride", Role.ADMIN: "/run"}


def visitor(guard: Guard, role: Role) -> Any:
    """The dependency of a page: who looks at it, with the right role; others are sent to where they can log in."""

    async def looks(request: Request) -> Caller:
        caller = guard.caller(request)
        if caller is None:
            there = quote(request.url.path)
            raise HTTPException(303, headers={"Location": f"/session/renew?to={there}"})
        if caller.role is not role:
            raise HTTPException(303, headers={"Location": HOMES[caller.role]})
        return caller

    return Depends(looks)


def session_routes(identity: Identity, guard: Guard) -> APIRouter:
    router = APIRouter(prefix="/session", include_in_schema=False)
    Refresh = Annotated[str, Cookie(alias=REFRESH_COOKIE)]

    @router.post("")
    async def begin(
        request: Request,
        email: Annotated[str, Form(max_length=254)],
        password: Annotated[str, Form(max_length=128)],
    ) -> Response:
        try:
            pair = await identity.login(email, password)
        except WrongCredentials:
            return RedirectResponse("/?wrong=1", 303)
        caller = guard.reads(pair.access_token)
        return _with_cookies(RedirectResponse(HOMES[caller.role] if caller else "/", 303), request, pair)

    @router.get("/renew")
    async def renew(request: Request, to: Annotated[str, Query(max_length=200)] = "/", token: Refresh = "") -> Response:
        """For a page whose access token has ended."""
        try:
            pair = await identity.refresh(token)
        except WrongCredentials:
            return _without_cookies(RedirectResponse("/?login=1", 303))
        local = to if to.startswith("/") and not to.startswith(("//", "/\\")) else "/"
        return _with_cookies(RedirectResponse(local, 303), request, pair)

    @router.post("/end")
    async def end(token: Refresh = "") -> Response:
        await identity.logout(token)
        return _without_cookies(RedirectResponse("/", 303))

    return router


def _with_cookies(response: Response, request: Request, pair: TokenPair) -> Response:
    common: dict[str, Any] = {"httponly": True, "samesite": "lax", "secure": request.url.scheme == "https"}
    response.set_cookie(COOKIE, pair.access_token, max_age=pair.expires_in, path="/", **common)
    response.set_cookie(REFRESH_COOKIE, pair.refresh_token, max_age=30 * 24 * 3600, path="/session", **common)
    return response


def _without_cookies(response: Response) -> Response:
    response.delete_cookie(COOKIE, path="/")
    response.delete_cookie(REFRESH_COOKIE, path="/session")
    return response
