"""Prometheus metrics of an application: how many requests, how long they took, how many are under way, by route.

template     the route of a request as one label
middleware   what is measured, around every request
exposition   what a scrape gets, of one process or of all workers together
install      `use_metrics(app)`
"""

from vivace.kit.extras import need

need("metrics", "metrics", "prometheus_client")

from vivace.kit.metrics.exposition import exposition as exposition
from vivace.kit.metrics.install import use_metrics as use_metrics
from vivace.kit.metrics.middleware import MetricsMiddleware as MetricsMiddleware
