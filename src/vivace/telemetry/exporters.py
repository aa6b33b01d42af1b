"""An OTLP exporter for each signal, and the way into a provider.

Needs the SDK: nothing imports this unless it is asked for.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from opentelemetry import _logs, metrics, trace
from opentelemetry.exporter.otlp.proto.http import _log_exporter, metric_exporter, trace_exporter
from opentelemetry.sdk import _logs as sdk_logs
from opentelemetry.sdk import metrics as sdk_metrics
from opentelemetry.sdk import trace as sdk_trace
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.trace.export import BatchSpanProcessor


class Signal(ABC):
    """What one signal calls its parts: they are the same for all three."""

    name: str  # as in the names of variables
    provider: str  # the setting that gives one
    switch: str  # the setting that turns it off
    register: str  # the provider's method that takes a component

    @abstractmethod
    def component(self, endpoint: str) -> Any:
        """A processor or reader that exports to the endpoint."""

    @abstractmethod
    def current(self) -> Any:
        """The global provider."""

    @abstractmethod
    def install(self) -> Any:
        """A new provider, offered as the global one."""


class Traces(Signal):
    name, provider, switch, register = "TRACES", "tracer_provider", "tracing", "add_span_processor"

    def component(self, endpoint: str) -> Any:
        return BatchSpanProcessor(trace_exporter.OTLPSpanExporter(endpoint=endpoint))

    def current(self) -> Any:
        return trace.get_tracer_provider()

    def install(self) -> Any:
        provider = sdk_trace.TracerProvider(shutdown_on_exit=False)
        trace.set_tracer_provider(provider)
        return provider


class Metrics(Signal):
    name, provider, switch, register = "METRICS", "meter_provider", "metrics", "add_metric_reader"

    def component(self, endpoint: str) -> Any:
        return PeriodicExportingMetricReader(metric_exporter.OTLPMetricExporter(endpoint=endpoint))

    def current(self) -> Any:
        return metrics.get_meter_provider()

    def install(self) -> Any:
        provider = sdk_metrics.MeterProvider(shutdown_on_exit=False)
        metrics.set_meter_provider(provider)
        return provider


class Logs(Signal):
    name, provider, switch, register = "LOGS", "logger_provider", "logs", "add_log_record_processor"

    def component(self, endpoint: str) -> Any:
        return BatchLogRecordProcessor(_log_exporter.OTLPLogExporter(endpoint=endpoint))

    def current(self) -> Any:
        return _logs.get_logger_provider()

    def install(self) -> Any:
        provider = sdk_logs.LoggerProvider(shutdown_on_exit=False)
        _logs.set_logger_provider(provider)
        return provider


SIGNALS: tuple[Signal, ...] = (Traces(), Metrics(), Logs())
