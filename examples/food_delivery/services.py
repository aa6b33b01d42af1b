"""What the features can do, made of the parts: one of each for a process."""

from __future__ import annotations

from examples.food_delivery.catalog.service import Catalog
from examples.food_delivery.delivery.service import Delivery
from examples.food_delivery.identity.logins import make_auth
from examples.food_delivery.identity.service import Identity
from examples.food_delivery.notifications.service import Notifications
from examples.food_delivery.ordering.payment import SimulatedProvider
from examples.food_delivery.ordering.ratings import Ratings
from examples.food_delivery.ordering.service import Orders
from examples.food_delivery.ordering.settlement import Settlement
from examples.food_delivery.parts import Parts
from examples.food_delivery.reporting.service import Reports
from examples.food_delivery.simulation import Simulation
from examples.food_delivery.suggestions.service import Popularity, Suggestions
from vivace.kit.auth import Passwords


class Services:
    def __init__(self, parts: Parts) -> None:
        settings, db = parts.settings, parts.db
        provider = SimulatedProvider(settings.payment_failures, settings.payment_seconds)
        passwords = Passwords()
        self.identity = Identity(db, passwords)
        self.auth = make_auth(settings, parts.store, self.identity, passwords)
        self.catalog = Catalog(db, parts.cache)
        self.orders = Orders(db, Settlement(db, provider), parts.tracking, self.catalog)
        self.ratings = Ratings(db, self.catalog)
        self.delivery = Delivery(db, parts.tracking, self.orders)
        self.notifications = Notifications(db)
        self.suggestions = Suggestions(db, Popularity(db, parts.cache))
        self.reports = Reports(db)
        self.simulation = Simulation(
            db, parts.store, self.catalog, self.orders, self.ratings, self.delivery, pace=settings.pace
        )
