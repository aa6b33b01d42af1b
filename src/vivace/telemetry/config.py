"""The settings of an application's telemetry, and whether anything is recorded now.

Nothing here imports OpenTelemetry.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, TypedDict

from annotated_doc import Doc
from starlette.types import ASGIApp, Receive, Scope, Send

from vivace.telemetry.observer import SCOPE_KEY

if TYPE_CHECKING:
    from opentelemetry._logs import LoggerProvider
    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import TracerProvider

    from vivace.telemetry._asgi import NativeTelemetry

AUTO_CONFIGURE = "FASTAPI_OTEL_AUTO_CONFIGURE"


class TelemetryConfig(TypedDict, total=False):
    """The settings of `FastAPI(telemetry={...})`. What is left out keeps its default.

    Providers that a program has made stay its own: their exporters are kept, and they are never shut down.
    """

    tracer_provider: Annotated[TracerProvider | None, Doc("Makes the spans; by default the global one.")]
    meter_provider: Annotated[MeterProvider | None, Doc("Takes the metrics; by default the global one.")]
    logger_provider: Annotated[LoggerProvider | None, Doc("Takes the log records; by default the global one.")]
    tracing: Annotated[bool, Doc("Spans of HTTP requests and WebSocket connections; true by default.")]
    metrics: Annotated[bool, Doc("Duration and number of HTTP requests; true by default.")]
    logs: Annotated[
        bool, Doc("Records of failed validation and of unhandled exceptions, with stack traces; true by default.")
    ]
    operation_spans: Annotated[
        bool, Doc("Spans of dependencies, endpoint, serialization and background tasks; true by default.")
    ]
    auto_configure: Annotated[
        bool,
        Doc("Add OTLP exporters as the OTEL_ variables say; by default only if FASTAPI_OTEL_AUTO_CONFIGURE=true."),
    ]
    exclude: Annotated[
        Callable[[Scope], bool] | None, Doc("Takes an ASGI scope; true: nothing is recorded of that request.")
    ]


@dataclass(frozen=True)
class Settings:
    """A `TelemetryConfig` complete with its defaults: one for each application, made when it is."""

    tracer_provider: TracerProvider | None = None
    meter_provider: MeterProvider | None = None
    logger_provider: LoggerProvider | None = None
    tracing: bool = True
    metrics: bool = True
    logs: bool = True
    operation_spans: bool = True
    auto_configure: bool = field(default_factory=lambda: os.environ.get(AUTO_CONFIGURE, "").lower() == "true")
    exclude: Callable[[Scope], bool] | None = None

    @classmethod
    def of(cls, given: TelemetryConfig | None) -> Settings:
        """Raises:
        TypeError: an unknown setting, or no dictionary.
        """
        said: dict[str, Any] = {} if given is None else {**given}
        known = [f.name for f in fields(cls)]
        for name in said:
            if name not in known:
                raise TypeError(f"telemetry has no setting {name!r}; it has: {', '.join(known)}")
        return cls(**said)

    def on(self, kind: str) -> bool:
        """Whether requests (`http`) or connections (`websocket`) are recorded, as of now.

        Costs one lookup as long as no part of the program has imported OpenTelemetry: then there is no provider either.
        """
        return "opentelemetry.trace" in sys.modules and self.native.providers.live(kind)

    def concerns(self, scope: Scope) -> bool:
        """Whether `serve` has to answer: else requests may take any shortcut."""
        return SCOPE_KEY in scope or scope["type"] == "lifespan" or self.on(scope["type"])

    async def serve(self, application: Any, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer by `app`, the long way of `application`, with telemetry around it."""
        if scope["type"] == "lifespan":
            from vivace.telemetry._runtime import lifespan

            await lifespan(config=self, app=app, scope=scope, receive=receive, send=send)
        elif SCOPE_KEY in scope or self.native.yields_to_contrib(application):
            await app(scope, receive, send)
        else:
            await self.native(app=app, scope=scope, receive=receive, send=send)

    @cached_property
    def native(self) -> NativeTelemetry:
        from vivace.telemetry._asgi import NativeTelemetry

        return NativeTelemetry(self)
