"""Register, and see one's account. Logging in is the kit's router."""

from typing import Annotated

from examples.food_delivery.identity.models import User
from examples.food_delivery.identity.schemas import Account, Registration
from examples.food_delivery.identity.service import Identity
from vivace import APIRouter, Depends
from vivace.kit.auth import Auth
from vivace.kit.limits import Limits


def identity_routes(identity: Identity, auth: Auth[User], limits: Limits) -> APIRouter:
    router = APIRouter(tags=["identity"])
    router.include_router(auth.router)

    # A hash takes 64 MiB and 50 ms: nobody makes us compute hundreds of them.
    @router.post(
        "/register",
        status_code=201,
        response_model=Account,
        dependencies=[Depends(limits.rate("60/minute", name="register"))],
    )
    async def register(body: Registration) -> User:
        return await identity.register(body)

    @router.get("/me", response_model=Account)
    async def me(user: Annotated[User, Depends(auth.user)]) -> User:
        return user

    return router
