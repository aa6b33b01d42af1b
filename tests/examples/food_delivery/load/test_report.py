"""What is said of a run."""

from __future__ import annotations

import os

import pytest

from examples.food_delivery.audit import Finding
from examples.food_delivery.load.report import Run, percentile, report
from examples.food_delivery.load.served import served
from examples.food_delivery.load.usage import Usage

METRICS = """\
# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{le="0.01",method="GET",route="/recommend"} 50
http_request_duration_seconds_bucket{le="0.1",method="GET",route="/recommend"} 90
http_request_duration_seconds_bucket{le="0.5",method="GET",route="/recommend"} 100
http_request_duration_seconds_bucket{le="+Inf",method="GET",route="/recommend"} 100
http_request_duration_seconds_count{method="GET",route="/recommend"} 100
http_request_duration_seconds_sum{method="GET",route="/recommend"} 9
"""


def test_quantiles_are_those_that_prometheus_would_tell() -> None:
    requests, median, late = served(METRICS)["GET /recommend"]
    assert (requests, median) == (100, 0.01)
    assert late == pytest.approx(0.3)


def test_beyond_the_last_bound_it_is_the_last_bound() -> None:
    label = 'le="+Inf",method="GET",route="/recommend"} '
    text = METRICS.replace(f"{label}100", f"{label}300")
    assert served(text)["GET /recommend"][2] == 0.5


def test_a_percentile_of_a_few_is_one_of_them() -> None:
    assert [percentile([3.0, 1.0, 2.0], percent) for percent in (0, 50, 95, 100)] == [1, 2, 3, 3]


def test_what_does_not_hold_is_told_with_examples() -> None:
    run = Run(500, 300, findings=[Finding("no order is lost", 1200, []), Finding("no order is stuck", 1200, [7, 8])])
    run.served = served(METRICS)
    run.cpu, run.wall = {"customers": 30.0, "NATS": 15.0}, 300.0
    text = report(run, "the command")
    assert "| no order is lost | 1,200 | yes |" in text
    assert "| no order is stuck | 1,200 | NO: 2, such as [7, 8] |" in text
    assert "| all of them | 45.0 | 0.15 |" in text
    assert "95th percentile at the servers: 300 ms; asked for: under 100 ms" in text


def test_of_a_process_that_leaves_its_time_is_kept() -> None:
    usage = Usage({"one": os.getpid()})
    usage.begin()
    while not usage.seconds.get("one"):
        sum(range(100_000))
        usage.leaves("one")
        usage.pids["one"] = os.getpid()
    kept = usage.seconds["one"]
    usage.leaves("one")
    usage.end()
    assert usage.seconds["one"] >= kept
    assert usage.wall > 0
