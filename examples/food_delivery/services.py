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
from examples.food_delivery.recommend import Recommender
from examples.food_delivery.recommend.embedding import load_embedder
from examples.food_delivery.recommend.said import Said
from examples.food_delivery.recommend.service import Suggestions
from examples.food_delivery.reporting.service import Reports
from examples.food_delivery.simulation import Simulation
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
        embedder = load_embedder if settings.model else lambda: None
        self.recommender = Recommender(embedder=embedder, said=Said(parts.store))
        self.suggestions = Suggestions(db, self.recommender)
        self.reports = Reports(db)
        self.simulation = Simulation(db, self.catalog, self.orders, self.ratings, self.delivery, pace=settings.pace)
