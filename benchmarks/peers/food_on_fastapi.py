"""The flagship's hottest routes on FastAPI, as a team would write them with what is popular: PyJWT, SQLAlchemy,
fastapi-cache2 on Redis; idempotency keys and what is told to followers by hand, on redis-py.

What of the flagship knows nothing of Vivace is the same here: models, schemas, and the services that have the rules.
"""

# mypy: disable-error-code="untyped-decorator"

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any

import jwt
from fastapi import Depends, FastAPI, Header, HTTPException, Path, Query, Request, Response
from fastapi.responses import JSONResponse
from fastapi.security import OAuth2PasswordBearer
from fastapi_cache import FastAPICache
from fastapi_cache.backends.redis import RedisBackend
from fastapi_cache.decorator import cache
from pydantic import BaseModel
from redis.asyncio import Redis
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from examples.food_delivery.catalog.models import Restaurant
from examples.food_delivery.catalog.schemas import Menu, RestaurantCard, Search
from examples.food_delivery.catalog.search import select_restaurants
from examples.food_delivery.catalog.service import Catalog, minute_of_day
from examples.food_delivery.delivery import models as models  # so that the database's tables are all known
from examples.food_delivery.errors import Refusal
from examples.food_delivery.identity.models import Role, User
from examples.food_delivery.ordering.payment import SimulatedProvider
from examples.food_delivery.ordering.schemas import Cart, OrderDetails
from examples.food_delivery.ordering.service import Orders
from examples.food_delivery.ordering.settlement import Settlement
from examples.food_delivery.recommend import Recommender
from examples.food_delivery.recommend.embedding import load_embedder
from examples.food_delivery.recommend.schemas import Suggestion
from examples.food_delivery.recommend.service import Suggestions
from examples.food_delivery.settings import Settings

Id = Annotated[int, Path(ge=1, le=2**31 - 1)]
_ANSWER_KEPT, _UNDER_WAY = 86400, 60  # seconds


class RestaurantPage(BaseModel):
    items: list[RestaurantCard]
    next: str | None = None
    previous: str | None = None


class Database:
    """A session for each transaction. The pool is as large as the flagship's."""

    def __init__(self, url: str) -> None:
        self.engine = create_async_engine(url, pool_size=10, max_overflow=0)
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        async with self._sessions.begin() as session:
            yield session

    async def run(self, work: Callable[[AsyncSession], Awaitable[Any]]) -> Any:
        async with self.transaction() as session:
            return await work(session)


class Told:
    """What happens to an order, by Redis' own channels."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def status(self, change: BaseModel, *, restaurant_id: int, customer_id: int) -> None:
        text = change.model_dump_json()
        order_id = change.model_dump()["order_id"]
        async with self._redis.pipeline(transaction=False) as pipe:
            for channel in (f"order:{order_id}", f"restaurant:{restaurant_id}", f"user:{customer_id}"):
                pipe.publish(channel, text)
            await pipe.execute()


class Cached:
    """What the catalog forgets when a menu changes."""

    async def invalidate(self, *tags: str) -> None:
        await FastAPICache.clear(namespace="catalog")


def build(framework: Any, *, middleware: bool = False) -> FastAPI:
    settings = Settings(_env_file=None)
    db = Database(settings.database_url.get_secret_value().replace("postgresql://", "postgresql+asyncpg://"))
    store = Redis.from_url(settings.store_url.get_secret_value())
    catalog: Any = Catalog(db, Cached())  # type: ignore[arg-type]
    suggestions = Suggestions(db, Recommender(embedder=load_embedder if settings.model else lambda: None))  # type: ignore[arg-type]

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        kept = Redis.from_url(settings.cache_url.get_secret_value())
        FastAPICache.init(RedisBackend(kept), prefix="food")
        await suggestions.learn()
        yield
        await kept.aclose()
        await store.aclose()
        await db.engine.dispose()

    app = FastAPI(title="Food delivery", version="1.0.0", lifespan=lifespan)
    customer = Annotated[User, Depends(customers(settings, db, store))]
    add_catalog(app, db, catalog)
    add_orders(app, settings, db, store, catalog, customer)

    @app.get("/recommend")
    async def recommend(
        customer: customer,
        words: Annotated[str, Query(max_length=200)] = "",
        limit: Annotated[int, Query(ge=1, le=50)] = 8,
    ) -> list[Suggestion]:
        return await suggestions.for_customer(customer.id, words, limit)

    @app.exception_handler(Refusal)
    async def refused(_: Request, refusal: Refusal) -> Response:
        told = {"type": f"urn:food:{refusal.kind}", "status": refusal.status, "detail": refusal.detail}
        return JSONResponse(told, status_code=refusal.status, media_type="application/problem+json")

    return app


def customers(settings: Settings, db: Database, store: Redis) -> Callable[..., Awaitable[User]]:
    """Who asks: by a token's signature, whether it was revoked, and the account as it is now."""
    secret, bearer = settings.secret_key.get_secret_value(), OAuth2PasswordBearer("login")

    async def current(token: Annotated[str, Depends(bearer)]) -> User:
        refused = HTTPException(401, "Could not validate credentials", {"WWW-Authenticate": "Bearer"})
        try:
            claims = jwt.decode(token, secret, algorithms=["HS256"], audience="food-delivery")
        except jwt.PyJWTError:
            raise refused from None
        if await store.exists(f"revoked:{claims['jti']}"):
            raise refused
        async with db.transaction() as session:
            user = await session.scalar(select(User).where(User.email == claims["sub"]))
        if user is None:
            raise refused
        if user.role is not Role.CUSTOMER:
            raise HTTPException(403, "Not enough permissions")
        return user

    return current


def add_catalog(app: FastAPI, db: Database, catalog: Catalog) -> None:
    @app.get("/get-restaurants")
    @cache(expire=15, namespace="catalog")
    async def get_restaurants(
        search: Annotated[Search, Query()], size: Annotated[int, Query(ge=1, le=100)] = 20
    ) -> RestaurantPage:
        statement, order = select_restaurants(search, minute_of_day())
        async with db.transaction() as session:
            found = await session.scalars(statement.order_by(*order, Restaurant.id).limit(size))
            return RestaurantPage(items=[RestaurantCard.model_validate(one) for one in found])

    @app.get("/restaurants/{restaurant_id}/menu")
    @cache(expire=60, namespace="catalog")
    async def menu(restaurant_id: Id) -> Menu:
        return Menu.model_validate(await catalog.menu(restaurant_id))


def add_orders(app: FastAPI, settings: Settings, db: Any, store: Redis, catalog: Catalog, customer: Any) -> None:
    provider = SimulatedProvider(settings.payment_failures, settings.payment_seconds)
    told: Any = Told(store)
    orders = Orders(db, Settlement(db, provider), told, catalog)

    @app.post("/order", status_code=201, response_model=OrderDetails)
    async def order(
        customer: customer,
        cart: Cart,
        idempotency_key: Annotated[str | None, Header(min_length=1, max_length=255)] = None,
    ) -> Any:
        if idempotency_key is None:
            return await orders.place(customer, cart)
        place = f"idempotency:{customer.id}:{idempotency_key}"
        if not await store.set(place, b"", nx=True, ex=_UNDER_WAY):
            if kept := await store.get(place):
                return Response(kept, 201, media_type="application/json")
            raise HTTPException(409, "The first request with this key is still under way")
        try:
            answer = OrderDetails.model_validate(await orders.place(customer, cart, idempotency_key))
        except BaseException:
            await store.delete(place)
            raise
        await store.set(place, answer.model_dump_json(), ex=_ANSWER_KEPT)
        return answer
