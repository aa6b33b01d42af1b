"""The application: parts and features put together, in the order in which they need each other.

vivace run examples.food_delivery.app:create_app --factory
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from examples.food_delivery.background import background
from examples.food_delivery.catalog.routes import catalog_routes
from examples.food_delivery.delivery.routes import delivery_routes
from examples.food_delivery.errors import refuse_null_characters
from examples.food_delivery.identity.routes import identity_routes
from examples.food_delivery.logs import RequestLog, log_json
from examples.food_delivery.notifications.routes import notification_routes
from examples.food_delivery.ordering.routes import order_routes
from examples.food_delivery.page.render import static_files
from examples.food_delivery.page.routes import page_routes
from examples.food_delivery.parts import Parts
from examples.food_delivery.recommend.routes import recommend_routes
from examples.food_delivery.reporting.routes import report_routes
from examples.food_delivery.seed import prepare
from examples.food_delivery.services import Services
from examples.food_delivery.settings import LogFormat, Settings
from vivace import FastAPI
from vivace.kit.health import Health
from vivace.kit.metrics import use_metrics
from vivace.kit.problem import use_problems
from vivace.kit.secure import secure


def create_app(settings: Settings | None = None) -> FastAPI:
    settings = settings or Settings.load_or_exit()
    parts = Parts(settings)
    services = Services(parts)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with parts.running():
            if settings.migrate:
                await prepare(parts.db, populate=settings.seed)
            await services.suggestions.learn()
            async with background(services, parts.store, simulate=settings.simulation):
                yield
            services.recommender.close()

    app = FastAPI(title="Food delivery", version="1.0.0", lifespan=lifespan)
    app.openapi_version = "3.2.0"  # what streams are made of (`itemSchema`) can't be said before
    _install_kit(app, parts)
    _install_features(app, parts, services)
    app.state.parts, app.state.services = parts, services
    return app


def _install_kit(app: FastAPI, parts: Parts) -> None:
    secure(app)
    use_problems(app)
    refuse_null_characters(app)
    use_metrics(app, skip=["/health/live", "/health/ready"])
    if parts.settings.log_format is LogFormat.JSON:
        log_json(parts.settings.log_level)
        app.add_middleware(RequestLog)
    health = Health()
    health.install(app)
    health.check("database")(parts.db.ping)
    health.check("store")(parts.store.ping)
    health.check("cache", critical=False)(parts.cache_store.ping)
    health.check("channels", critical=False)(parts.channels.ping)


def _install_features(app: FastAPI, parts: Parts, services: Services) -> None:
    auth, limits, cursors = services.auth, parts.limits, parts.cursors
    app.include_router(identity_routes(services.identity, auth, limits))
    app.include_router(catalog_routes(services.catalog, auth, parts.cache, cursors))
    app.include_router(order_routes(services.orders, services.ratings, auth, limits, cursors))
    app.include_router(delivery_routes(services.delivery, parts.tracking, auth))
    app.include_router(notification_routes(services.notifications, auth, cursors))
    app.include_router(recommend_routes(services.suggestions, auth))
    app.include_router(report_routes(services.reports, auth, limits))
    app.include_router(page_routes(services, auth, cursors, demo=parts.settings.seed))
    app.mount("/static", static_files())
