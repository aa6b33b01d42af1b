"""Starlette's test client, which needs `httpx`."""

from starlette.testclient import TestClient

__all__ = ["TestClient"]
