"""From a method and a path to the route that serves them, at a cost that does not grow with the number of routes."""

from vivace.match.table import Candidate, Hit, Table

__all__ = ["Candidate", "Hit", "Table"]
