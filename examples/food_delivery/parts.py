"""What the features share, made of the settings, started and stopped with the application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from examples.food_delivery.delivery.tracking import Tracking
from examples.food_delivery.settings import Settings
from vivace.kit.cache import Cache
from vivace.kit.channels import Channels
from vivace.kit.limits import Limits
from vivace.kit.paginate import Cursors
from vivace.kit.sql import Database
from vivace.kit.store import Store


class Parts:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.db = Database(settings.database_url)
        self.store = Store.from_url(settings.store_url.get_secret_value(), namespace="food")
        self.cache_store = Store.from_url(settings.cache_url.get_secret_value(), namespace="food-cache")
        self.cache = Cache(self.cache_store)
        self.limits = Limits(self.store)
        self.cursors = Cursors(settings.secret_key)
        self.channels = Channels.from_url(settings.channels_url.get_secret_value(), namespace="food")
        self.tracking = Tracking(self.channels)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with self.store, self.limits, self.cache_store, self.channels, self.db:
            yield
