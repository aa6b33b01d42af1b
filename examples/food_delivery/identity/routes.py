"""Log in, refresh, register."""

from typing import Annotated

from examples.food_delivery.identity.guard import Guard
from examples.food_delivery.identity.models import User
from examples.food_delivery.identity.schemas import Account, RefreshRequest, Registration, TokenPair
from examples.food_delivery.identity.service import Identity
from examples.food_delivery.identity.tokens import Caller
from vivace import APIRouter, Depends
from vivace.kit.limits import Limits
from vivace.security import OAuth2PasswordRequestForm


def identity_routes(identity: Identity, guard: Guard, limits: Limits, login_rate: str) -> APIRouter:
    router = APIRouter(tags=["identity"])
    guessing = Depends(limits.rate(login_rate, name="login"))

    @router.post("/login", dependencies=[guessing])
    async def login(form: Annotated[OAuth2PasswordRequestForm, Depends()]) -> TokenPair:
        return await identity.login(form.username, form.password)

    @router.post("/refresh", dependencies=[guessing])
    async def refresh(body: RefreshRequest) -> TokenPair:
        return await identity.refresh(body.refresh_token)

    @router.post("/logout", status_code=204)
    async def logout(body: RefreshRequest) -> None:
        await identity.logout(body.refresh_token)

    @router.post("/register", status_code=201, response_model=Account, dependencies=[guessing])
    async def register(body: Registration) -> User:
        return await identity.register(body)

    @router.get("/me", response_model=Account)
    async def me(caller: Annotated[Caller, guard.allows()]) -> User:
        return await identity.account(caller.id)

    return router
