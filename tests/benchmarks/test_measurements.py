"""Samples, their medians, and the way to JSON and back."""

import json

import pytest

from benchmarks.measurements import Results
from tests.benchmarks.canned import canned_results, make_sample


def test_cpu_per_request_is_cpu_time_over_requests() -> None:
    sample = make_sample("json", "go", 1, cpu_us=16.0, core_used=0.5)
    assert sample.cpu_us == pytest.approx(16.0)
    assert sample.requests_per_second == pytest.approx(1e6 / 16.0 * 0.5)


def test_a_cell_is_the_median_of_its_rounds_with_the_extremes_beside_it() -> None:
    cell = canned_results().cell("json", "go")
    assert cell is not None
    assert cell.cpu_us == pytest.approx(17.0)
    assert [cell.cpu_us_lowest, cell.cpu_us_highest] == pytest.approx([16.0, 25.0])
    assert cell.loaded_bytes == 62 * 2**20


def test_a_cell_without_samples_is_none() -> None:
    assert canned_results().cell("json", "fastify") is None


def test_results_survive_json() -> None:
    results = canned_results()
    assert Results.from_json(json.loads(json.dumps(results.to_json()))) == results
