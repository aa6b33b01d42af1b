"""What the wire knows of the application behind it: made once for each server, shared by its connections."""

from __future__ import annotations

import logging
from typing import Any, cast
from weakref import WeakKeyDictionary

from starlette.types import ASGIApp
from uvicorn.config import Config
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.server import ServerState

from vivace.applications import FastAPI
from vivace.shortcut import Shortcut
from vivace.stopping import EXTENSION, Stopping
from vivace.wire.outbox import Outbox

logger = logging.getLogger("uvicorn.error")
access_logger = logging.getLogger("uvicorn.access")

_SITES: WeakKeyDictionary[ServerState, Site] = WeakKeyDictionary()


def site_of(config: Config, state: ServerState, app_state: dict[str, Any]) -> Site:
    """The site of a server; the first connection makes it."""
    site = _SITES.get(state)
    if site is None:
        site = _SITES[state] = Site(config, state, app_state)
    return site


class Site:
    """The application, the way past its layers, and the header lines that all answers share for a second."""

    def __init__(self, config: Config, state: ServerState, app_state: dict[str, Any]) -> None:
        self.config = config
        self.state = state
        self.app_state = app_state
        self.app: ASGIApp = cast("ASGIApp", config.loaded_app)  # uvicorn has types of its own for scopes
        self.proxy = self.app if isinstance(self.app, ProxyHeadersMiddleware) else None
        inner: Any = self.proxy.app if self.proxy is not None else self.app
        self.fastapi = inner if isinstance(inner, FastAPI) else None
        self.access_log = config.access_log and access_logger.hasHandlers()
        self._headers_of: list[tuple[bytes, bytes]] | None = None
        self._header_lines = b""
        self._below: dict[bytes, bytes] = {}
        self.outbox = Outbox()
        self.stopping = Stopping()
        self.extensions = {EXTENSION: self.stopping}

    def shortcut(self) -> Shortcut | None:
        """The way from the routing table to a plan, unless each request has to be told of something before."""
        app = self.fastapi
        if app is None or app.root_path or self.config.root_path or app._telemetry.on("http"):
            return None
        return app.shortcut

    def header_lines(self) -> bytes:
        """The server's own headers (`date`, `server`, `--header`), as uvicorn refreshes them each second."""
        headers = self.state.default_headers
        if headers is not self._headers_of:
            self._headers_of = headers
            self._header_lines = b"".join(b"%b: %b\r\n" % pair for pair in headers)
            self._below.clear()
        return self._header_lines

    def lines_below(self, status_line: bytes) -> bytes:
        """The status line and the server's header lines, up to the value of content-length."""
        if self.state.default_headers is self._headers_of and (known := self._below.get(status_line)) is not None:
            return known
        lines = status_line + self.header_lines() + b"content-length: "
        self._below[status_line] = lines
        return lines
