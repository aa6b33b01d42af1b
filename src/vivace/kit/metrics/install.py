"""`use_metrics(app)`: the middleware, and the endpoint that is scraped."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Annotated

from prometheus_client import REGISTRY, CollectorRegistry

from vivace import FastAPI, Header, Response
from vivace.kit.metrics.exposition import exposition, prepare
from vivace.kit.metrics.middleware import MetricsMiddleware

logger = logging.getLogger("vivace.metrics")


def use_metrics(
    app: FastAPI,
    path: str = "/metrics",
    *,
    registry: CollectorRegistry = REGISTRY,
    skip: Iterable[str] = (),
    include_in_schema: bool = False,
) -> None:
    """Measure all requests of an application, and let Prometheus scrape them.

    Args:
        app: the application.
        path: where it is scraped. Not counted itself.
        registry: where the metrics are kept. The program's own, of the same registry, are told with them.
        skip: templates of further routes that are not counted, such as `/health/live`.
        include_in_schema: whether the endpoint is in the OpenAPI document.
    """
    if warning := prepare():
        logger.warning(warning)
    app.add_middleware(MetricsMiddleware, registry=registry, skip=frozenset({path, *skip}))

    def metrics(accept: Annotated[str, Header()] = "") -> Response:
        """The metrics, for Prometheus."""
        body, media_type = exposition(registry, accept)
        return Response(body, headers={"content-type": media_type})

    app.add_api_route(path, metrics, include_in_schema=include_in_schema, response_class=Response, tags=["health"])
