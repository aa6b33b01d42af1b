"""While no provider records, nothing of telemetry runs."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from opentelemetry import trace

from tests.doors import Call
from tests.telemetry.recorder import Recorder
from vivace import FastAPI
from vivace.telemetry import TelemetryConfig, get_telemetry_data


def caller() -> str:
    """The file of the code that has called the endpoint."""
    frame = sys._getframe(2)
    return frame.f_code.co_filename


def application(settings: TelemetryConfig | None) -> FastAPI:
    app = FastAPI(telemetry=settings)

    @app.get("/")
    async def endpoint() -> str:
        return f"{caller()} {get_telemetry_data()}"

    return app


@pytest.mark.parametrize("settings", [None, {}, {"tracing": False, "metrics": False, "logs": False}])
def test_the_plan_calls_the_endpoint(call: Call, settings: TelemetryConfig | None) -> None:
    answer = call(application(settings)).get("/").json()
    assert answer.startswith("<plan GET /")
    assert answer.endswith(" None")


def test_the_plan_does_not_while_a_provider_records(call: Call, recorder: Recorder) -> None:
    answer = call(application(recorder.settings)).get("/").json()
    assert "<plan" not in answer
    assert "TelemetryData" in answer


def test_a_provider_may_come_late_and_go(call: Call, recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    client = call(application(None))
    assert "<plan" in client.get("/").json()
    with monkeypatch.context() as patch:
        patch.setattr(trace, "get_tracer_provider", lambda: recorder.tracers)
        assert "<plan" not in client.get("/").json()
    assert "<plan" in client.get("/").json()
    assert recorder.server.name == "GET /"


def test_a_mounted_application_is_recorded_by_the_one_around_it(call: Call, recorder: Recorder) -> None:
    app = FastAPI(telemetry=recorder.settings)
    app.mount("/inner", application(None))
    assert "TelemetryData" in call(app).get("/inner/").json()
    assert recorder.names == ["fastapi.dependencies", "fastapi.endpoint", "fastapi.serialization", "GET /inner/"]


def test_opentelemetry_is_not_imported_unless_a_program_does() -> None:
    program = """
import sys
from vivace import BackgroundTasks, FastAPI
from vivace.telemetry import get_telemetry_data
from vivace.testclient import TestClient
app = FastAPI(telemetry={"operation_spans": False})
@app.get("/")
def endpoint(tasks: BackgroundTasks):
    tasks.add_task(print, "done")
    return get_telemetry_data()
with TestClient(app) as client:
    assert client.get("/").json() is None
assert not [name for name in sys.modules if name.startswith("opentelemetry")]
"""
    environment = os.environ | {"PYDANTIC_DISABLE_PLUGINS": "__all__"}  # those of others import it
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stdout) == (0, "done\n"), done.stderr
