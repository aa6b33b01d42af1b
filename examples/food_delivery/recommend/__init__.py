"""Which dishes a customer may like. Knows nothing of the web, nor where dishes and orders are kept."""

from .recommender import Dish, Recommendation, Recommender

__all__ = ["Dish", "Recommendation", "Recommender"]
