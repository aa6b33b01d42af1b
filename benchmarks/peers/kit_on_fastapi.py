"""The kit's scenarios on FastAPI, with its popular add-ons: slowapi, fastapi-cache2 in memory, AuthX."""

# mypy: disable-error-code="untyped-decorator"

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from authx import AuthX, AuthXConfig
from fastapi import Depends, FastAPI, Request, Response
from fastapi_cache import FastAPICache
from fastapi_cache.backends.inmemory import InMemoryBackend
from fastapi_cache.decorator import cache
from kit_token import SECRET, USER, Made  # type: ignore[import-not-found]  # beside this script, on its path
from slowapi import Limiter, _rate_limit_exceeded_handler
from slowapi.errors import RateLimitExceeded
from slowapi.util import get_remote_address

USERS = {USER["username"]: USER}


def build(framework: Any, *, middleware: bool = False) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        FastAPICache.init(InMemoryBackend())
        yield

    app = FastAPI(lifespan=lifespan)

    @app.get("/constant")
    async def constant() -> dict[str, str]:
        return {"message": "Hello, World!"}

    add_cached(app)
    add_limited(app)
    add_guarded(app)
    return app


def add_cached(app: FastAPI) -> None:
    made = Made()

    @app.get("/cached")
    @cache(expire=3600)
    async def cached() -> dict[str, str]:
        made.one_more()
        return {"message": "Hello, World!"}


def add_limited(app: FastAPI) -> None:
    """With the headers that tell what is left, which Vivace's limits always send."""
    limiter = Limiter(key_func=get_remote_address, headers_enabled=True)
    app.state.limiter = limiter
    app.add_exception_handler(RateLimitExceeded, _rate_limit_exceeded_handler)  # type: ignore[arg-type]

    @app.get("/limited")
    @limiter.limit("1000000000/hour")
    async def limited(request: Request, response: Response) -> dict[str, str]:
        return {"message": "Hello, World!"}

    @app.get("/used-up")
    @limiter.limit("1/hour", cost=2)
    async def used_up(request: Request, response: Response) -> dict[str, str]:
        return {"message": "Hello, World!"}


def add_guarded(app: FastAPI) -> None:
    auth: AuthX[Any] = AuthX(AuthXConfig(JWT_SECRET_KEY=SECRET))
    auth.handle_errors(app)

    async def load_user(uid: str, **_: Any) -> dict[str, str] | None:
        return USERS.get(uid)

    auth.set_subject_getter(load_user)

    @app.get("/me")
    async def me(user: dict[str, str] = Depends(auth.get_current_subject)) -> dict[str, str]:
        return user
