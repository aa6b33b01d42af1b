"""The load generator's command and figures; wrk itself is not run."""

from pathlib import Path

import pytest

from benchmarks.load import Load, LoadError, read_figures, wrk_command
from benchmarks.scenarios import Ask

FIGURES = (
    'figures {"requests": 400, "seconds": 4.0, "p50_us": 90, "p99_us": 120, '
    '"failed": {"status": %d, "connect": 0, "read": 0, "write": 0, "timeout": 0}}'
)


def test_the_command_pins_wrk_and_passes_method_headers_and_body() -> None:
    ask = Ask("POST", "/student?x=1", {"x-a": "b"}, body={})
    command = wrk_command(ask, "http://127.0.0.1:8000", Path("body.json"), seconds=4, core=1)
    assert command[:6] == ["taskset", "-c", "1", "wrk", "-t1", "-c64"]
    assert command[command.index("-H") + 1] == "content-type: application/json"
    assert "x-a: b" in command
    assert command[-4:] == ["http://127.0.0.1:8000/student?x=1", "--", "POST", "body.json"]


def test_figures_are_read_from_among_other_lines() -> None:
    output = f"Running 4s test\n{FIGURES % 0}\nTransfer/sec: 1MB\n"
    assert read_figures(output) == Load(requests=400, seconds=4.0, p50_us=90, p99_us=120)


@pytest.mark.parametrize("output", ["nothing", FIGURES % 3, (FIGURES % 0).replace("400", "0")])
def test_a_window_with_failures_or_without_figures_is_no_measurement(output: str) -> None:
    with pytest.raises(LoadError):
        read_figures(output)


def test_a_header_that_changes_is_named_behind_the_body() -> None:
    ask = Ask("POST", "/order", body={}, unique="Idempotency-Key")
    command = wrk_command(ask, "http://127.0.0.1:8000", Path("body.json"), seconds=4, core=1)
    assert command[-3:] == ["POST", "body.json", "Idempotency-Key"]
