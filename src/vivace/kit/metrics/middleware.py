"""What is measured around every request. Pure ASGI: two clock readings, one closure, and four additions for each.

The instruments of a route are looked up once and kept: finding a child by its labels costs more than all the rest.
"""

from __future__ import annotations

import asyncio
from time import perf_counter
from typing import Any
from weakref import WeakKeyDictionary

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vivace.kit.metrics.template import template_of

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY"})
_OTHER = "OTHER"  # a client that makes up methods must not make a series of each
_CLIENT_LEFT = 499  # as nginx counts them: there is no status, nobody was there to get one

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Instruments:
    """The three metrics of one registry. Seconds, as Prometheus wants them."""

    def __init__(self, registry: CollectorRegistry) -> None:
        labels = ["method", "route"]
        self.requests = Counter("http_requests", "Requests answered", [*labels, "status"], registry=registry)
        self.seconds = Histogram(
            "http_request_duration_seconds",
            "From the request's head to the end of the response",
            labels,
            buckets=BUCKETS,
            registry=registry,
        )
        self.under_way = Gauge(
            "http_requests_in_progress", "Requests being answered", registry=registry, multiprocess_mode="livesum"
        )
        self._children: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        key = (method, route, status)
        children = self._children.get(key)
        if children is None:
            children = self.requests.labels(*key), self.seconds.labels(method, route)
            self._children[key] = children
        children[0].inc()
        children[1].observe(seconds)


_INSTRUMENTS: WeakKeyDictionary[CollectorRegistry, Instruments] = WeakKeyDictionary()


def instruments_of(registry: CollectorRegistry) -> Instruments:
    """A registry takes each name once, however many applications there are in the process."""
    found = _INSTRUMENTS.get(registry)
    if found is None:
        found = _INSTRUMENTS[registry] = Instruments(registry)
    return found


class MetricsMiddleware:
    """Counts and times every HTTP request by the template of its route.

    Args:
        app: what it is around.
        registry: where the metrics are kept; by default prometheus-client's own.
        skip: templates of routes that are not counted.
    """

    def __init__(
        self, app: ASGIApp, *, registry: CollectorRegistry = REGISTRY, skip: frozenset[str] = frozenset()
    ) -> None:
        self.app = app
        self._instruments = instruments_of(registry)
        self._under_way = self._instruments.under_way
        self._skip = skip

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status, end = 0, 0.0

        async def noting(message: Message) -> None:
            nonlocal status, end
            kind = message["type"]
            if kind == "http.response.start":
                status = message["status"]
            await send(message)
            if kind == "http.response.body" and not message.get("more_body"):
                end = perf_counter()

        root_path, above = scope.get("root_path", ""), scope.get("app")
        self._under_way.inc()
        start = perf_counter()
        try:
            await self.app(scope, receive, noting)
        except asyncio.CancelledError:
            status = status or _CLIENT_LEFT
            raise
        except Exception:
            status = status or 500
            raise
        finally:
            self._under_way.dec()
            self._count(scope, above, root_path, status or 500, (end or perf_counter()) - start)

    def _count(self, scope: Scope, above: Any, root_path: str, status: int, seconds: float) -> None:
        route = template_of(above, scope, root_path)
        if route not in self._skip:
            method = scope["method"]
            self._instruments.count(method if method in _METHODS else _OTHER, route, status, seconds)
