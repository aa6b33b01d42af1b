"""What somebody may like to eat: `service` asks the database and the model, `routes` knows HTTP.

The model itself (`recommender`, and under it `embedding`, `nearest`) knows nothing of the web, nor where dishes and
orders are kept.
"""

from .recommender import Dish, Recommendation, Recommender

__all__ = ["Dish", "Recommendation", "Recommender"]
