"""Starlette's test client, which needs `httpx`."""

from starlette.testclient import TestClient as TestClient
