"""How long the servers took, as they tell Prometheus: quantiles out of the histograms of `/metrics`."""

from __future__ import annotations

from collections import defaultdict

from prometheus_client.parser import text_string_to_metric_families

NAME = "http_request_duration_seconds"


def served(exposition: str) -> dict[str, tuple[int, float, float]]:
    """By method and route: how many requests, the median and the 95th percentile, in seconds."""
    buckets: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for family in text_string_to_metric_families(exposition):
        for sample in family.samples:
            if sample.name == f"{NAME}_bucket":
                route = f"{sample.labels['method']} {sample.labels['route']}"
                buckets[route].append((float(sample.labels["le"]), sample.value))
    return {
        route: (int(counts[-1][1]), quantile(counts, 0.5), quantile(counts, 0.95)) for route, counts in buckets.items()
    }


def quantile(buckets: list[tuple[float, float]], part: float) -> float:
    """As Prometheus' `histogram_quantile` has it: a straight line within a bucket.

    Args:
        buckets: of each, its upper bound, and how many there are up to it.
        part: 0 to 1.
    """
    buckets = sorted(buckets)
    wanted = part * buckets[-1][1]
    before, count = 0.0, 0.0
    for bound, up_to in buckets:
        if up_to >= wanted:
            if bound == float("inf"):
                return before
            return before + (bound - before) * (wanted - count) / ((up_to - count) or 1.0)
        before, count = bound, up_to
    return before
