"""Who looks at a page. The session's cookie is the kit's; `page.js` logs in and out by its routes."""

from typing import Annotated, Any

from examples.food_delivery.identity.models import Role, User
from vivace import Depends, HTTPException
from vivace.kit.auth import Auth

HOMES = {Role.CUSTOMER: "/eat", Role.RESTAURANT: "/cook", Role.COURIER: "/ride", Role.ADMIN: "/run"}


def visitor(auth: Auth[User], role: Role) -> Any:
    """The dependency of a page: who looks at it, with the right role; others are sent to where they can log in."""

    async def looks(user: Annotated[User | None, Depends(auth.optional_user)]) -> User:
        if user is None:
            raise HTTPException(303, headers={"Location": "/?login=1"})
        if user.role is not role:
            raise HTTPException(303, headers={"Location": HOMES[user.role]})
        return user

    return Depends(looks)
