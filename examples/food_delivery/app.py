"""The application: parts and features put together, in the order in which they need each other.

    vivace run examples.food_delivery.app:create_app --factory
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from examples.food_delivery.catalog.routes import catalog_routes
from examples.food_delivery.catalog.service import Catalog
from examples.food_delivery.database import Base
from examples.food_delivery.identity.guard import Guard
from examples.food_delivery.identity.routes import identity_routes
from examples.food_delivery.identity.service import Identity
from examples.food_delivery.identity.tokens import Tokens
from examples.food_delivery.page.routes import page_routes, static_files
from examples.food_delivery.parts import Parts
from examples.food_delivery.seed import seed
from examples.food_delivery.settings import Settings
from vivace import FastAPI
from vivace.kit.health import Health
from vivace.kit.limits import document_limits
from vivace.kit.metrics import use_metrics
from vivace.kit.problem import use_problems
from vivace.kit.secure import secure


def create_app(settings: Settings | None = None) -> FastAPI:
    parts = Parts(settings or Settings.load_or_exit())

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with parts.running():
            await parts.db.create_all(Base.metadata)
            if parts.settings.seed:
                await seed(parts.db)
            yield

    app = FastAPI(title="Food delivery", version="1.0.0", lifespan=lifespan)
    _install_kit(app, parts)
    _install_features(app, parts)
    return app


def _install_kit(app: FastAPI, parts: Parts) -> None:
    secure(app)
    use_problems(app)
    document_limits(app)
    use_metrics(app, skip=["/health/live", "/health/ready"])
    health = Health()
    health.install(app)
    health.check("database")(parts.db.ping)
    health.check("store")(parts.store.ping)
    health.check("cache", critical=False)(parts.cache_store.ping)


def _install_features(app: FastAPI, parts: Parts) -> None:
    settings = parts.settings
    tokens = Tokens(settings.secret_key, settings.access_seconds)
    guard = Guard(tokens)
    identity = Identity(parts.db, tokens, settings.refresh_seconds)
    catalog = Catalog(parts.db, parts.cache)
    app.include_router(identity_routes(identity, guard, parts.limits, settings.login_rate))
    app.include_router(catalog_routes(catalog, guard, parts.cache, parts.cursors))
    app.include_router(page_routes())
    app.mount("/static", static_files())
