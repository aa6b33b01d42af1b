"""`secure(app)`: the preset, around everything else that the application has."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from starlette.types import ASGIApp

from vivace import FastAPI
from vivace.kit.secure.hosts import TrustedHosts
from vivace.kit.secure.origin import OriginCheck
from vivace.kit.secure.policy import Policy, SecurityHeaders
from vivace.kit.secure.request_id import RequestIds, stamp_log_records


def secure(
    app: FastAPI,
    *,
    hosts: Sequence[str] | None = None,
    any_host: Sequence[str] = ("/health/live", "/health/ready", "/metrics"),
    origins: Sequence[str] | None = (),
    policy: Policy | None = None,
    request_ids: str | None = "X-Request-ID",
    accept_request_ids: bool = True,
) -> None:
    """Security headers, request ids, trusted hosts and origin checks, in one go. Call it before the first request.

    Args:
        app: the application.
        hosts: the names it answers to, `*.example.com` for any below; None: to every name.
        any_host: paths that answer to every name all the same.
        origins: other origins whose pages may send what changes something; None: no check.
        policy: the security headers; by default `Policy()`.
        request_ids: header that request ids are taken from and sent back in; None: no ids.
        accept_request_ids: whether a client's own id is taken.

    Raises:
        RuntimeError: the application has been asked already, so that its layers stand.
        ValueError: a host, an origin or a header's value is none.
    """
    if app.middleware_stack is not None:
        raise RuntimeError(
            "secure(app) comes too late: the application has begun to answer. Call it where `app` is made"
        )
    layers: list[Callable[[ASGIApp], ASGIApp]] = []
    if origins is not None:
        layers.append(lambda inner: OriginCheck(inner, origins=origins))
    if hosts is not None:
        layers.append(lambda inner: TrustedHosts(inner, hosts=hosts, exempt=any_host))
    pages = [app.docs_url, app.redoc_url, app.swagger_ui_oauth2_redirect_url]
    documentation = [page for page in pages if page is not None]
    layers.append(lambda inner: SecurityHeaders(inner, policy=policy or Policy(), documentation=documentation))
    if request_ids is not None:
        stamp_log_records()
        layers.append(lambda inner: RequestIds(inner, header=request_ids, accept=accept_request_ids))
    _check(layers)
    _around_everything(app, layers)


def _check(layers: Sequence[Callable[[ASGIApp], ASGIApp]]) -> None:
    """Make each once, so that what is wrong is told where it was written, not at the first request."""

    async def nothing(*_: object) -> None: ...

    for layer in layers:
        layer(nothing)


def _around_everything(app: FastAPI, layers: Sequence[Callable[[ASGIApp], ASGIApp]]) -> None:
    """Outside of the layer that answers unhandled exceptions too: their 500 needs the headers and the id as well.

    `add_middleware` puts a layer inside of that one.
    """
    build = app.build_middleware_stack

    def built() -> ASGIApp:
        stack = build()
        for layer in layers:
            stack = layer(stack)
        return stack

    app.build_middleware_stack = built  # type: ignore[method-assign]
