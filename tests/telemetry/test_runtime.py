"""Exporters from the environment: set up when the application starts, flushed when it stops."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest

from vivace import FastAPI
from vivace.exceptions import FastAPIError
from vivace.telemetry import _runtime
from vivace.telemetry.config import Settings
from vivace.telemetry.environment import export_endpoint
from vivace.testclient import TestClient


@pytest.fixture(autouse=True)
def _nothing_left_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_runtime, "_owned", [])
    monkeypatch.setattr(_runtime, "_configured", [])


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, None),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318/base/"}, "http://c:4318/base/v1/traces"),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "https://c/own/"}, "https://c/own/"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c", "OTEL_TRACES_EXPORTER": "none"}, None),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c", "OTEL_SDK_DISABLED": "true"}, None),
    ],
)
def test_where_a_signal_goes(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], expected: str | None
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert export_endpoint("TRACES") == expected


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4318"}, "absolute HTTP URL"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c", "OTEL_TRACES_EXPORTER": "console"}, "otlp or none"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, "http/protobuf"),
    ],
)
def test_what_is_not_supported_is_said_and_the_application_starts(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, environment: dict[str, str], message: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(FastAPIError, match=message):
        export_endpoint("TRACES")
    with TestClient(FastAPI(telemetry={"auto_configure": True})) as client:
        assert client.get("/").status_code == 404
    assert [message in text for text in caplog.messages] == [True]


def test_a_missing_package_is_one_line() -> None:
    program = """
import os, sys
os.environ.update(FASTAPI_OTEL_AUTO_CONFIGURE="true", OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:1")
sys.modules.update(dict.fromkeys(["opentelemetry"]))  # not installed
from vivace import FastAPI
from vivace.testclient import TestClient
with TestClient(FastAPI()) as client:
    assert client.get("/").status_code == 404
"""
    environment = os.environ | {"PYDANTIC_DISABLE_PLUGINS": "__all__"}  # those of others import it
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    (line,) = done.stderr.splitlines()
    assert "pip install 'vivace[telemetry]'" in line


def test_exporters_are_added_to_the_provider_of_the_application_once(monkeypatch: pytest.MonkeyPatch) -> None:
    added: list[Any] = []

    class Provider:
        def add_span_processor(self, component: Any) -> None:
            added.append(component)

    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://127.0.0.1:1")
    settings = Settings.of({"tracer_provider": Provider(), "auto_configure": True})  # type: ignore[typeddict-item]
    for _ in range(2):
        _runtime._configure_from_environment(settings)
    assert added == _runtime._owned
    assert len(added) == 1
    _runtime._shutdown()
    assert not _runtime._owned


def test_what_was_made_here_is_flushed_before_the_application_says_that_it_stopped(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    calls: list[str] = []

    class Component:
        def force_flush(self) -> None:
            calls.append("flush")

    class Failing:
        def force_flush(self) -> None:
            raise ConnectionError("no collector")

    monkeypatch.setattr(_runtime, "_owned", [Failing(), Component()])
    with TestClient(FastAPI()):
        assert not calls
    assert calls == ["flush"]
    assert "no collector" in caplog.text


@pytest.mark.parametrize(("value", "expected"), [("true", True), ("TRUE", True), ("1", False), ("", False)])
def test_the_variable_is_the_default_of_auto_configure(
    monkeypatch: pytest.MonkeyPatch, value: str, *, expected: bool
) -> None:
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", value)
    assert Settings.of({}).auto_configure is expected
    assert Settings.of({"auto_configure": False}).auto_configure is False


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(TypeError, match="no setting 'traces'; it has: tracer_provider"):
        FastAPI(telemetry={"traces": True})  # type: ignore[typeddict-unknown-key]
