"""uvicorn's settings for Vivace: the wire protocol, and an application that we find and import.

A `Config` goes to the process that serves (by pickle, where that is another one); there it loads the application, once.
"""

from __future__ import annotations

import multiprocessing
import socket
import ssl
import sys
from typing import Any

import uvicorn
from rich.console import Console
from starlette.applications import Starlette
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from uvicorn.config import STARTUP_FAILURE

from vivace.applications import FastAPI
from vivace.cli.failure import Failure, report, shown
from vivace.cli.lifespan import telling
from vivace.cli.load import load
from vivace.cli.options import Serving
from vivace.cli.supervise import ready
from vivace.cli.target import Target
from vivace.wire import WireProtocol


class Config(uvicorn.Config):
    """uvicorn's configuration, made of our options."""

    def __init__(self, options: Serving, target: Target, address: str) -> None:
        self.target = target
        self.address = address
        self.limit_body = options.limit_body
        self.told = Once(shared=options.reload or options.workers > 1)
        self.failed = Once(shared=options.workers > 1)
        super().__init__(
            str(target),
            host=options.host,
            port=options.port,
            uds=str(options.uds) if options.uds else None,
            http=WireProtocol,
            workers=options.workers,
            reload=options.reload,
            reload_dirs=_watched(options, target) if options.reload else None,
            root_path=options.root_path,
            proxy_headers=options.proxy_headers,
            forwarded_allow_ips=options.forwarded_allow_ips,
            ssl_keyfile=options.ssl_keyfile,
            ssl_certfile=options.ssl_certfile,
            ssl_keyfile_password=options.ssl_keyfile_password,
            ssl_ca_certs=options.ssl_ca_certs,
            limit_concurrency=options.limit_concurrency,
            limit_max_requests=options.limit_max_requests,
            timeout_keep_alive=options.timeout_keep_alive,
            timeout_graceful_shutdown=options.timeout_graceful_shutdown,
            access_log=options.access_log,
            log_level=options.log_level.value,
        )

    def load(self) -> None:
        """As uvicorn does; what can't be loaded is told, and ends the process with uvicorn's status for it."""
        ready()
        try:
            super().load()
        except (ssl.SSLError, OSError) as error:
            self._fail(Failure(f"TLS with {self.ssl_certfile}: {error}"))
        except Failure as failure:
            self._fail(failure)
        self.lifespan_class = telling(self.lifespan_class, self.announce)

    def load_app(self) -> Any:
        self.app_name, app = load(self.target)
        self.documentation = app.docs_url if isinstance(app, FastAPI) and app.openapi_url else None
        return app if self.limit_body is None else _limited(app, self.limit_body)

    def _fail(self, failure: Failure) -> None:
        if self.failed.first():
            report(failure)
        sys.exit(STARTUP_FAILURE)

    def announce(self) -> None:
        """Tell where the application is: once, whichever process is the first to serve."""
        if not self.told.first():
            return
        docs = f" - documentation at {self.address}{self.documentation}" if self.documentation else ""
        console = Console(soft_wrap=True, highlight=False, markup=False)
        console.print(f"Serving {self.app_name} at {self.address}{docs} - Ctrl-C stops it")


class Once:
    """Lets the first that asks pass: of this process, or (`shared`) of all that this is pickled to."""

    def __init__(self, shared: bool) -> None:
        self._lock = multiprocessing.get_context("spawn").Lock() if shared else None
        self._asked = False

    def first(self) -> bool:
        if self._lock is not None:
            return self._lock.acquire(block=False)
        asked, self._asked = self._asked, True
        return not asked


def address_of(options: Serving, listening: socket.socket) -> str:
    """Where a browser finds it."""
    name = listening.getsockname()
    if not isinstance(name, tuple):
        return f"unix:{name}"
    host = f"[{name[0]}]" if ":" in name[0] else name[0]
    return f"{'https' if options.ssl_certfile else 'http'}://{host}:{name[1]}"


def _limited(app: Any, limit: int) -> Any:
    """`app`, refusing larger bodies; an application's own limit stands."""
    if not isinstance(app, Starlette):
        return RequestBodyLimitMiddleware(app, max_body_size=limit)
    if app.max_body_size is None:
        app.max_body_size = limit
    return app


def _watched(options: Serving, target: Target) -> list[str]:
    """The folders of which a change starts the server again."""
    if options.reload_dir:
        return [str(folder) for folder in options.reload_dir]
    here = shown(target.root)
    return ["."] if here == "." or not here.startswith("/") else [".", here]
