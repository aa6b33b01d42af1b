"""From a method and a path to the route that serves them, at a cost that does not grow with the number of routes."""

from vivace.match.table import Candidate, Found, Hit, Table

__all__ = ["Candidate", "Found", "Hit", "Table"]
