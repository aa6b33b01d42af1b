"""From an application's settings to what records: a tracer, instruments, a logger."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any, Generic, TypeVar

from opentelemetry import _logs, metrics, trace
from opentelemetry._logs import Logger
from opentelemetry.metrics import MeterProvider
from opentelemetry.trace import Tracer

from vivace.telemetry.attributes import SCHEMA_URL
from vivace.telemetry.config import Settings
from vivace.telemetry.environment import logger

SCOPE_NAME = "fastapi"  # the instrumentation scope; processors choose by it

_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)  # seconds

Made = TypeVar("Made")


class Providers:
    """The three signals of one application. Each is None while it is switched off, or no provider of it records."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._usable = _usable()
        self._tracer = _Kept(_tracer_of)
        self._instruments = _Kept(Instruments)
        self._logger = _Kept(_logger_of)

    def live(self, kind: str) -> bool:
        """Whether anything is recorded of HTTP requests (`http`) or WebSocket connections (`websocket`)."""
        return self._usable and (
            self._tracer_provider() is not None
            or (kind == "http" and self._meter_provider() is not None)
            or self._logger_provider() is not None
        )

    def _tracer_provider(self) -> Any:
        wanted = self.settings.tracing
        return _recording(self.settings.tracer_provider, trace.get_tracer_provider) if wanted else None

    def _meter_provider(self) -> Any:
        wanted = self.settings.metrics
        return _recording(self.settings.meter_provider, metrics.get_meter_provider) if wanted else None

    def _logger_provider(self) -> Any:
        wanted = self.settings.logs
        return _recording(self.settings.logger_provider, _logs.get_logger_provider) if wanted else None

    @property
    def tracer(self) -> Tracer | None:
        return self._tracer.of(self._tracer_provider())

    @property
    def instruments(self) -> Instruments | None:
        return self._instruments.of(self._meter_provider())

    @property
    def logger(self) -> Logger | None:
        return self._logger.of(self._logger_provider())


class Instruments:
    """The metrics of HTTP requests."""

    def __init__(self, provider: MeterProvider) -> None:
        meter = provider.get_meter(SCOPE_NAME, _version(), schema_url=SCHEMA_URL)
        self.active = meter.create_up_down_counter(
            "http.server.active_requests", unit="{request}", description="Number of active HTTP server requests."
        )
        self.duration = meter.create_histogram(
            "http.server.request.duration",
            unit="s",
            description="Duration of HTTP server requests.",
            explicit_bucket_boundaries_advisory=_BOUNDS,
        )


class _Kept(Generic[Made]):
    """What was made of a provider, until another takes its place.

    Not for each request: to make a tracer touches the warnings filters, which would let repeated warnings through.
    """

    def __init__(self, make: Callable[[Any], Made]) -> None:
        self._make = make
        self._kept: tuple[Any, Made] | None = None

    def of(self, provider: Any) -> Made | None:
        if provider is None:
            return None
        kept = self._kept
        if kept is None or kept[0] is not provider:
            kept = self._kept = (provider, self._make(provider))
        return kept[1]


def _tracer_of(provider: Any) -> Tracer:
    tracer: Tracer = provider.get_tracer(SCOPE_NAME, _version(), schema_url=SCHEMA_URL)
    return tracer


def _logger_of(provider: Any) -> Logger:
    logger: Logger = provider.get_logger(SCOPE_NAME, _version(), schema_url=SCHEMA_URL)
    return logger


def _usable() -> bool:
    """Whether the API is new enough: exceptions as part of a log record came last."""
    if "exception" in signature(Logger.emit).parameters:
        return True
    logger.warning(
        "Telemetry is off: opentelemetry-api is older than 1.44. Install it with `pip install 'vivace[telemetry]'`"
    )
    return False


def _version() -> str:
    from vivace import __version__

    return __version__


def _recording(given: Any, current: Callable[[], Any]) -> Any:
    """The given provider, or the global one; None for one that records nothing."""
    provider = current() if given is None or is_proxy(given) else given
    return None if _of_the_api(provider) else provider


def is_proxy(provider: Any) -> bool:
    """Whether it stands for the global provider, which may still come."""
    return _of_the_api(provider) and "Proxy" in type(provider).__name__


def _of_the_api(provider: Any) -> bool:
    """The API's own classes record nothing: they are proxies and no-ops."""
    return type(provider).__module__.startswith(("opentelemetry.trace", "opentelemetry.metrics", "opentelemetry._logs"))
