"""Providers that keep what they are given, for one application under test."""

from __future__ import annotations

from typing import Any

from opentelemetry.sdk._logs import LoggerProvider, ReadableLogRecord
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind

from vivace.telemetry import TelemetryConfig


class Recorder:
    """`settings` for an application, and what it has recorded since."""

    def __init__(self, **more: Any) -> None:
        self._spans = InMemorySpanExporter()
        self._metrics = InMemoryMetricReader()
        self._logs = InMemoryLogRecordExporter()
        tracers = TracerProvider(shutdown_on_exit=False)
        tracers.add_span_processor(SimpleSpanProcessor(self._spans))
        loggers = LoggerProvider(shutdown_on_exit=False)
        loggers.add_log_record_processor(SimpleLogRecordProcessor(self._logs))
        self.tracers, self.loggers = tracers, loggers
        self.settings: TelemetryConfig = {
            "tracer_provider": tracers,
            "meter_provider": MeterProvider(metric_readers=[self._metrics], shutdown_on_exit=False),
            "logger_provider": loggers,
            **more,  # type: ignore[typeddict-item]
        }

    @property
    def spans(self) -> tuple[ReadableSpan, ...]:
        return self._spans.get_finished_spans()

    @property
    def names(self) -> list[str]:
        """Of the spans, in the order in which they ended."""
        return [span.name for span in self.spans]

    @property
    def server(self) -> ReadableSpan:
        (span,) = [span for span in self.spans if span.kind is SpanKind.SERVER]
        return span

    def span(self, name: str) -> ReadableSpan:
        (span,) = [span for span in self.spans if span.name == name]
        return span

    @property
    def logs(self) -> tuple[ReadableLogRecord, ...]:
        return self._logs.get_finished_logs()

    def points(self, name: str = "http.server.request.duration") -> list[Any]:
        data = self._metrics.get_metrics_data()
        return [
            point
            for resource in (data.resource_metrics if data else ())
            for scope in resource.scope_metrics
            for metric in scope.metrics
            if metric.name == name
            for point in metric.data.data_points
        ]
