"""Logins: access and refresh tokens for programs, sessions by cookie for the pages. All of it is the kit's."""

from __future__ import annotations

from examples.food_delivery.identity.models import User
from examples.food_delivery.identity.service import Identity
from examples.food_delivery.settings import Settings
from vivace.kit.auth import Auth, LoginRates, Passwords, SessionPolicy, TokenPolicy
from vivace.kit.store import Store


def make_auth(settings: Settings, store: Store, identity: Identity, passwords: Passwords) -> Auth[User]:
    """
    ```python
    @router.post("/order")
    async def order(customer: Annotated[User, Depends(auth.requires(roles=[Role.CUSTOMER]))]): ...
    ```
    """
    tokens = TokenPolicy(
        audience="food-delivery",
        access_ttl=settings.access_seconds,
        refresh_ttl=settings.refresh_seconds,
        lifetime=max(settings.refresh_seconds, 90 * 86400),
        # Two tabs, or two requests of an app, renew at once: the slower one is refused, and the login goes on.
        grace=30,
        verified=10_000,  # tokens come again and again
    )
    return Auth(
        identity.find,
        secret=settings.secret_key,
        store=store,
        tokens=tokens,
        sessions=SessionPolicy(secure=settings.secure_cookies),
        passwords=passwords,
        save_hash=identity.keep_hash,
        login_rates=LoginRates(address=settings.login_rate),
    )
