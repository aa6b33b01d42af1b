"""The kit's scenarios on Vivace, with `vivace.kit`. `kit_on_fastapi` has the same routes with popular add-ons."""

# mypy: disable-error-code="untyped-decorator"

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from kit_token import KEY_ID, SECRET, USER, Made  # type: ignore[import-not-found]  # beside this script, on its path

from vivace import Depends, FastAPI
from vivace.kit.auth import Auth, SigningKey, TokenPolicy
from vivace.kit.cache import Cache, KitRoute
from vivace.kit.limits import Limits
from vivace.kit.store import Store


@dataclass
class User:
    username: str
    name: str
    password_hash: str | None = None


USERS = {USER["username"]: User(**USER)}


async def load_user(username: str) -> User | None:
    return USERS.get(username)


def build(framework: Any, *, middleware: bool = False) -> FastAPI:
    store = Store.from_url("memory://")

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with store:
            yield

    app = FastAPI(lifespan=lifespan)
    app.router.route_class = KitRoute

    @app.get("/constant")
    async def constant() -> dict[str, str]:
        return {"message": "Hello, World!"}

    add_cached(app, Cache(store))
    add_limited(app, Limits(store))
    add_guarded(app, store)
    return app


def add_cached(app: FastAPI, cache: Cache) -> None:
    made = Made()

    @app.get("/cached")
    @cache(ttl=3600)
    async def cached() -> dict[str, str]:
        made.one_more()
        return {"message": "Hello, World!"}

    made_first = Made()

    @app.get("/cached-first")
    @cache(ttl=3600, run_dependencies=False)
    async def cached_first() -> dict[str, str]:
        made_first.one_more()
        return {"message": "Hello, World!"}


def add_limited(app: FastAPI, limits: Limits) -> None:
    @app.get("/limited", dependencies=[Depends(limits.rate("1000000000/hour"))])
    async def limited() -> dict[str, str]:
        return {"message": "Hello, World!"}

    @app.get("/used-up", dependencies=[Depends(limits.rate("1/hour", cost=2))])
    async def used_up() -> dict[str, str]:
        return {"message": "Hello, World!"}


def add_guarded(app: FastAPI, store: Store) -> None:
    """As the add-on does, a token is judged by itself: whether its login has ended is not asked."""
    for path, policy in (("/me", TokenPolicy()), ("/me-remembered", TokenPolicy(verified=1000))):
        key = SigningKey.from_secret(SECRET, kid=KEY_ID)
        auth = Auth(load_user, keys=key, store=store, tokens=policy, check_revocation=False)

        @app.get(path)
        async def me(user: User = Depends(auth.user)) -> dict[str, str]:
            return {"username": user.username, "name": user.name}
