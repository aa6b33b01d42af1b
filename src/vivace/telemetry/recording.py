"""One request or connection as it is recorded: its server span, the spans of its steps, its log records."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from opentelemetry import context as contexts
from opentelemetry import propagate, trace
from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer
from starlette.requests import HTTPConnection, Request
from starlette.types import Scope
from starlette.websockets import WebSocket

from vivace.dependencies.extract import MISSING
from vivace.exceptions import RequestValidationError
from vivace.telemetry.attributes import Attributes, connection_attributes, error_type, span_name
from vivace.telemetry.carrier import HEADERS
from vivace.telemetry.data import TelemetryData
from vivace.telemetry.logs import log_exception, log_validation
from vivace.telemetry.observer import CONTEXT_KEY, Block, Observer
from vivace.telemetry.operations import is_goodbye, operation_span
from vivace.telemetry.providers import Providers
from vivace.telemetry.template import Template


class Recording(Observer):
    """Observes a WebSocket connection; what HTTP requests have beyond that is in `vivace.telemetry.http`."""

    __slots__ = ("context", "details", "logger", "operations", "over", "span", "template")

    kind = "websocket"
    method = ""

    def __init__(self, providers: Providers, scope: Scope) -> None:
        tracer = providers.tracer
        self.details = TelemetryData()
        self.over = False
        self.template = Template(scope.get("root_path", ""))
        self.logger = providers.logger
        self.operations: Tracer | None = tracer if providers.settings.operation_spans else None
        self.span: Span | None = None
        context = contexts.get_current()
        if tracer is not None:
            context = propagate.extract(scope["headers"], getter=HEADERS)
            self.span = tracer.start_span(
                span_name(self.kind, self.method, None), context, SpanKind.SERVER, self.first_attributes(scope)
            )
            context = trace.set_span_in_context(self.span, context)
        self.context: Context = contexts.set_value(CONTEXT_KEY, self, context)

    def first_attributes(self, scope: Scope) -> Attributes:
        """What the span has from its beginning: samplers see it."""
        return connection_attributes(scope)

    @property
    def data(self) -> TelemetryData | None:
        """None once it is over: contexts may be kept, what clients have sent may not."""
        return None if self.over else self.details

    # -- its end

    @contextmanager
    def current(self) -> Iterator[None]:
        """Record what the block does; the end of the block is the end."""
        token = contexts.attach(self.context)
        try:
            yield
        except BaseException as error:
            self.failed(error)
            raise
        else:
            self.returned()
        finally:
            contexts.detach(token)
            self.details, self.over = TelemetryData(), True

    def returned(self) -> None:
        """The application is done."""
        self.end({})

    def failed(self, error: BaseException) -> None:
        """The application has let an exception through."""
        if is_goodbye(error):
            self.end({})
            return
        self.log(error)
        self.end({"error.type": error_type(error)})

    def log(self, error: BaseException) -> None:
        if self.logger is not None and isinstance(error, Exception):  # to be cancelled is no error
            log_exception(self.logger, self.kind, error, self.template.whole)

    def end(self, attributes: Attributes, at: int | None = None) -> None:
        """End the server span with what is known only now. `at`: nanoseconds since the epoch; now by default."""
        if self.span is None:
            return
        if self.template.whole is not None:
            self.span.update_name(span_name(self.kind, self.method, self.template.whole))
            self.span.set_attribute("http.route", self.template.whole)
        self.span.set_attributes(attributes)
        if "error.type" in attributes:
            self.span.set_status(StatusCode.ERROR)
        self.span.end(at)

    # -- its steps

    def entered(self, route: Any) -> None:
        self.template.enter(route)

    @contextmanager
    def reading(self, connection: HTTPConnection) -> Iterator[None]:
        if isinstance(connection, Request):
            self.details.request = connection
        elif isinstance(connection, WebSocket):
            self.details.websocket = connection
        try:
            yield
        except RequestValidationError as error:  # no JSON at all
            self.details.body = error.body
            self._invalid(error.errors())
            raise

    @contextmanager
    def solving(self, endpoint: Callable[..., Any], body: Any) -> Iterator[None]:
        self.details.body = None if body is MISSING else body
        with operation_span(self.operations, "dependencies", endpoint):
            yield

    def solved(self, values: dict[str, Any], errors: Sequence[Any]) -> None:
        self.details.values, self.details.errors = values, errors
        if errors:
            self._invalid(errors)

    def _invalid(self, errors: Sequence[Any]) -> None:
        self.details.errors = errors
        if self.logger is not None:
            log_validation(self.logger, len(errors), self.template.whole)

    def calling(self, endpoint: Callable[..., Any], is_async: bool) -> Callable[..., Any]:
        """The span of a plain function begins in the thread that runs it: to wait for one is not its time."""

        def call(**values: Any) -> Any:
            with operation_span(self.operations, "endpoint", endpoint):
                return endpoint(**values)

        async def call_async(**values: Any) -> Any:
            with operation_span(self.operations, "endpoint", endpoint):
                return await endpoint(**values)

        return call_async if is_async else call

    def serializing(self, endpoint: Callable[..., Any]) -> Block:
        return operation_span(self.operations, "serialization", endpoint)

    def working(self, function: Callable[..., Any]) -> Block:
        return operation_span(self.operations, "background_task", function, answers=())
