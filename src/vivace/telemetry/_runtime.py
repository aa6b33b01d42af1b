"""Exporters set up from the environment when an application starts; flushed when it stops, closed with the process.

They are added to the providers that a program has; a signal without one gets a global provider. Nothing here keeps an
application from starting: what can't be set up is said in one warning.
"""

from __future__ import annotations

import atexit
from threading import Lock
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vivace.telemetry.config import Settings
from vivace.telemetry.environment import export_endpoint as _export_endpoint
from vivace.telemetry.environment import logger

if TYPE_CHECKING:
    from vivace.telemetry.exporters import Signal


_owned: list[Any] = []  # the processors and readers made here
_configured: list[tuple[str, Any]] = []  # (signal, provider): which of them have one
_lock = Lock()

_LAST = ("lifespan.startup.failed", "lifespan.shutdown.failed", "lifespan.shutdown.complete")


async def lifespan(*, config: Settings, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """The application's own lifespan, with exporters set up before it and flushed after it."""
    if config.auto_configure:
        _try_to_configure(config)

    async def flush_and_send(message: Message) -> None:
        if _owned and message["type"] in _LAST:
            await to_thread.run_sync(_flush)
        await send(message)

    await app(scope, receive, flush_and_send)


def _try_to_configure(config: Settings) -> None:
    try:
        _configure_from_environment(config)
    except ImportError as error:
        logger.warning(
            "OpenTelemetry export is off: %s is missing. Install it with `pip install 'vivace[telemetry]'` "
            "(FastAPI's name for it is fastapi[opentelemetry])",
            error.name or error,
        )
    except Exception as error:  # noqa: BLE001 - whatever it is, the application shall start
        logger.warning("OpenTelemetry export is off: %s", error)


def _configure_from_environment(config: Settings) -> None:
    """Add an exporter to the provider of each signal that has an endpoint; once for each provider.

    Raises:
        FastAPIError: the environment asks for what is not supported.
        TypeError: a provider takes no exporters.
        ImportError: the SDK is not installed.
    """
    endpoints = {name: _export_endpoint(name) for name in ("TRACES", "METRICS", "LOGS")}
    if not any(endpoints.values()):
        return
    from vivace.telemetry.exporters import SIGNALS

    with _lock:
        for signal in SIGNALS:
            endpoint = endpoints[signal.name]
            if endpoint is not None and getattr(config, signal.switch):
                _add(signal, endpoint, getattr(config, signal.provider))


def _add(signal: Signal, endpoint: str, given: Any) -> None:
    provider = _registration_provider(_provider(signal, given))
    if any(name == signal.name and known is provider for name, known in _configured):
        return
    register = getattr(provider, signal.register, None)
    if register is None:
        raise TypeError(
            f"{type(provider).__name__} does not support adding an OTLP exporter: "
            f"give the application another {signal.provider}, or set auto_configure to False"
        )
    component = signal.component(endpoint)
    try:
        register(component)
    except Exception:
        component.shutdown()
        raise
    if not _owned:
        atexit.register(_shutdown)
    _owned.append(component)
    _configured.append((signal.name, provider))


def _provider(signal: Signal, given: Any) -> Any:
    """The given provider, or the global one, or a new one where there is none yet."""
    from vivace.telemetry.providers import is_proxy

    provider = signal.current() if given is None or is_proxy(given) else given
    if not is_proxy(provider):
        return provider
    made = signal.install()
    provider = signal.current()
    if provider is not made:  # another thread was faster
        made.shutdown()
    return provider


def _registration_provider(provider: Any) -> Any:
    """The provider that takes readers: Logfire's stands behind a proxy that does not."""
    behind = getattr(provider, "provider", None)
    return provider if behind is None or _takes_components(provider) else behind


_REGISTER = ("add_span_processor", "add_metric_reader", "add_log_record_processor")


def _takes_components(provider: Any) -> bool:
    return any(hasattr(provider, name) for name in _REGISTER)


def _flush() -> None:
    for component in _owned:
        _quietly(component.force_flush)


def _shutdown() -> None:
    """Close what was made here. Providers, and what others have added to them, stay."""
    while _owned:
        _quietly(_owned.pop(0).shutdown)
    _configured.clear()


def _quietly(cleanup: Any) -> None:
    try:
        cleanup()
    except Exception:  # noqa: BLE001 - the end of an application must not depend on a collector
        logger.warning("FastAPI telemetry cleanup failed", exc_info=True)
