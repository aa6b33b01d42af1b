"""The frame around an application in which its requests and connections are recorded."""

from __future__ import annotations

from typing import Any

from opentelemetry import context as contexts
from starlette.types import ASGIApp, Receive, Scope, Send

from vivace.telemetry.config import Settings
from vivace.telemetry.http import HTTPRecording
from vivace.telemetry.observer import CONTEXT_KEY, SCOPE_KEY
from vivace.telemetry.providers import Providers
from vivace.telemetry.recording import Recording


class NativeTelemetry:
    """Records what goes through it, as the settings say. An application keeps one."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.providers = Providers(settings)
        self._seen: tuple[ASGIApp | None, bool] = (None, False)

    async def __call__(self, *, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Run `app` for this scope. A request is recorded once: mounted applications see that it is, or must not be."""
        if SCOPE_KEY in scope or not self.providers.live(scope["type"]):
            await app(scope, receive, send)
        elif self.settings.exclude is not None and self.settings.exclude(scope):
            await _unrecorded(app, scope, receive, send)
        else:
            await self._recorded(app, scope, receive, send)

    async def _recorded(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        recording: Recording
        if scope["type"] == "http":
            recording = http = HTTPRecording(self.providers, scope)
            receive, send = http.receiving(receive), http.sending(send)
        else:
            recording = Recording(self.providers, scope)
        scope[SCOPE_KEY] = recording
        try:
            with recording.current():
                await app(scope, receive, send)
        finally:
            scope.pop(SCOPE_KEY, None)

    def yields_to_contrib(self, application: Any) -> bool:
        """Whether `opentelemetry-instrumentation-fastapi` is in the application's middleware: then that records."""
        if application.middleware_stack is None:
            application.middleware_stack = application.build_middleware_stack()
        stack = application.middleware_stack
        if self._seen[0] is not stack:
            marked = getattr(application, "_is_instrumented_by_opentelemetry", False)
            self._seen = stack, marked and _has_contrib(stack)
        return self._seen[1]


def _has_contrib(stack: Any) -> bool:
    while stack is not None:
        if type(stack).__module__.startswith("opentelemetry.instrumentation."):
            return True
        stack = getattr(stack, "app", None)
    return False


async def _unrecorded(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Run it where the telemetry of a request around it, made in this very process, can't be seen."""
    scope[SCOPE_KEY] = None
    token = contexts.attach(contexts.set_value(CONTEXT_KEY, None))
    try:
        await app(scope, receive, send)
    finally:
        contexts.detach(token)
        scope.pop(SCOPE_KEY, None)
