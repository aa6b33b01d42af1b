"""Where the standard variables of OpenTelemetry tell to send each signal.

https://opentelemetry.io/docs/specs/otel/protocol/exporter/ and .../configuration/sdk-environment-variables/
"""

from __future__ import annotations

import logging
import os
from urllib.parse import urlsplit

from vivace.exceptions import FastAPIError

# The name that operators of FastAPI have in their logging settings.
logger = logging.getLogger("fastapi.telemetry")

PROTOCOL = "http/protobuf"


def export_endpoint(signal: str) -> str | None:
    """The URL for `TRACES`, `METRICS` or `LOGS`; None where none is set, or it shall not be exported.

    Raises:
        FastAPIError: the variables ask for what is not supported.
    """
    exporter_name = f"OTEL_{signal}_EXPORTER"
    exporter = os.environ.get(exporter_name) or "otlp"
    endpoint = _endpoint(signal)
    if endpoint is None or exporter == "none" or _disabled():
        return None
    if exporter != "otlp":
        raise FastAPIError(f"{exporter_name} must be otlp or none, it is {exporter!r}")
    protocol = _of_signal("PROTOCOL", signal) or PROTOCOL
    if protocol != PROTOCOL:
        raise FastAPIError(f"The OTLP protocol must be {PROTOCOL}, for {signal} it is {protocol!r}")
    parts = urlsplit(endpoint)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise FastAPIError(f"The OTLP endpoint must be an absolute HTTP URL, for {signal} it is {endpoint!r}")
    return endpoint


def _endpoint(signal: str) -> str | None:
    """A signal's own endpoint is taken as it is; the general one is the base of a path for each signal."""
    own = os.environ.get(f"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT")
    base = os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT")
    if own or not base:
        return own or None
    return f"{base.rstrip('/')}/v1/{signal.lower()}"


def _of_signal(name: str, signal: str) -> str | None:
    return os.environ.get(f"OTEL_EXPORTER_OTLP_{signal}_{name}") or os.environ.get(f"OTEL_EXPORTER_OTLP_{name}")


def _disabled() -> bool:
    return os.environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"
