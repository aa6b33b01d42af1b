"""What the wire knows of the application behind it: made once for each server, shared by its connections.

`straight()` tells whether a request may go from the routing table to its plan with nothing in between; else it is driven
through the ASGI application like behind any other server.
"""

from __future__ import annotations

import logging
from typing import Any
from weakref import WeakKeyDictionary

from starlette.middleware.errors import ServerErrorMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.config import Config
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.server import ServerState

from vivace.applications import FastAPI
from vivace.body_limits import enter_form_limits
from vivace.operation.errors import HANDLERS_KEY
from vivace.routing.index import Index
from vivace.routing.serve import Served

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
    """The application, its routing table, and the header lines that all answers share for a second."""

    def __init__(self, config: Config, state: ServerState, app_state: dict[str, Any]) -> None:
        self.config = config
        self.state = state
        self.app_state = app_state
        self.app: ASGIApp = config.loaded_app
        self.proxy = self.app if isinstance(self.app, ProxyHeadersMiddleware) else None
        inner: Any = self.proxy.app if self.proxy is not None else self.app
        self.fastapi = inner if isinstance(inner, FastAPI) else None
        self.access_log = config.access_log and access_logger.hasHandlers()
        self._headers_of: list[tuple[bytes, bytes]] | None = None
        self._header_lines = b""

    def straight(self) -> bool:
        """Whether nothing stands between the wire and the routes: no middleware, no overridden dispatch."""
        app = self.fastapi
        if app is None or app.root_path or self.config.root_path or app._telemetry.on("http"):
            return False
        return app.shortcut.is_open()

    def body_limit(self, route: Served) -> int | None:
        """Bytes that a body may have on its way straight to a route; None: any."""
        assert self.fastapi is not None
        return self.fastapi.shortcut.body_limit(route)

    def index(self) -> Index:
        """The routing table of the application, as of now."""
        assert self.fastapi is not None
        index = self.fastapi.router.index
        index.refresh()
        return index

    def header_lines(self) -> bytes:
        """The server's own headers (`date`, `server`, `--header`), as uvicorn refreshes them each second."""
        headers = self.state.default_headers
        if headers is not self._headers_of:
            self._headers_of = headers
            self._header_lines = b"".join(b"%b: %b\r\n" % pair for pair in headers)
        return self._header_lines

    def enter(self, scope: Scope) -> None:
        """What the application and its middleware would have put into the scope on the way to a route."""
        app = self.fastapi
        assert app is not None
        scope["app"] = app
        scope["router"] = app.router
        enter_form_limits(scope, app.router.form_limits)
        by_status = {key: value for key, value in app.exception_handlers.items() if isinstance(key, int)}
        by_class = {key: value for key, value in app.exception_handlers.items() if not isinstance(key, int)}
        by_status.pop(500, None)
        by_class.pop(Exception, None)
        scope[HANDLERS_KEY] = (by_class, by_status)

    async def server_error(self, error: Exception, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer an exception that nobody handles, by the application's handler for 500, then raise it again."""
        app = self.fastapi
        handlers = app.exception_handlers if app is not None else {}
        handler = handlers.get(500) or handlers.get(Exception)

        async def failing(scope: Scope, receive: Receive, send: Send) -> None:
            raise error

        await ServerErrorMiddleware(failing, handler=handler, debug=bool(app and app.debug))(scope, receive, send)
