"""OpenTelemetry: a server span, metrics and log records for each request, and spans of the steps inside it.

`FastAPI(telemetry={...})` sets it up; without it the global providers are used, if a program has set any. While no
provider records anything, nothing here runs, and OpenTelemetry is not imported: requests take the straight line. While
one does, they take the general path (`vivace.operation.handler`), which tells an `Observer` of each step.

The names of spans, events, attributes and environment variables are FastAPI's, so dashboards made for it show Vivace.
Needs `opentelemetry-api`; to export, also its SDK: both come with the extra `telemetry`.

    observer.py       what the general path tells on its way, and where it finds who listens
    config.py         the settings of an application, and whether anything is recorded now
    providers.py      from settings to a tracer, instruments, a logger
    recording.py      one request or connection as it is recorded: the observer of its steps
    operations.py     ... the spans of those steps
    http.py           ... what is added for HTTP requests: status, duration, the end of the response
    attributes.py     OpenTelemetry's semantic conventions, as functions of a scope
    template.py       the route as one template, through mounts and routers
    carrier.py        how propagators read headers
    logs.py           the log records
    data.py           what span and log processors may read of a request
    _asgi.py          the frame around an application
    _runtime.py       exporters set up when an application starts, flushed when it stops
    environment.py    ... what the OTEL_ variables ask for
    exporters.py      ... one for each signal
"""

from vivace.telemetry.config import TelemetryConfig
from vivace.telemetry.data import TelemetryData, get_telemetry_data

__all__ = ["TelemetryConfig", "TelemetryData", "get_telemetry_data"]
