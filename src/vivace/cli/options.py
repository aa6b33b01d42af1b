"""Every option of `vivace run` and `vivace dev`, stated once; a command is made from a class of them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields, replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_type_hints

from typer import Argument, Option

from vivace.cli.failure import Failure
from vivace.cli.target import Target, find_target

T = TypeVar("T")

_what = partial(Option, rich_help_panel="Which application")
_where = partial(Option, rich_help_panel="Where to listen")
_reload = partial(Option, rich_help_panel="Development")
_proxy = partial(Option, rich_help_panel="Behind a proxy")
_tls = partial(Option, rich_help_panel="TLS")
_limit = partial(Option, rich_help_panel="Limits")
_log = partial(Option, rich_help_panel="Logs")

LogLevel = StrEnum("LogLevel", ["critical", "error", "warning", "info", "debug", "trace"])

_TARGET = Argument(
    metavar="TARGET",
    help="path/to/app.py, package.module:app, or a folder. Without it: `entrypoint` in pyproject.toml, else main.py, "
    "app.py or api.py, here or in app/.",
)
_APP = _what("--app", help="The application's name in the module; by default app, api, or the first there is.")
_AS_FASTAPI = _what("--as-fastapi", help="`import fastapi` means Vivace, for the program and the packages it uses.")


@dataclass(frozen=True, kw_only=True)
class Which:
    """Which application a command is about, besides the target."""

    name: Annotated[str | None, _APP] = None
    as_fastapi: Annotated[bool, _AS_FASTAPI] = False
    factory: Annotated[bool, _what("--factory", help="The name is a function that makes the application.")] = False

    def find(self, named: str | None, entrypoint: str | None = None) -> Target:
        """The application, by the target `named`."""
        found = find_target(named, self.name, entrypoint)
        return replace(found, as_fastapi=self.as_fastapi, factory=self.factory)


@dataclass(frozen=True, kw_only=True)
class Found(Which):
    """Any application."""

    target: Annotated[str | None, _TARGET] = None


@dataclass(frozen=True, kw_only=True)
class Serving(Found):
    """How it is served."""

    entrypoint: Annotated[str | None, _what("--entrypoint", "-e", help="package.module:app")] = None

    host: Annotated[str, _where(help="Address to listen on; 0.0.0.0 and :: are all of this machine's.")] = "127.0.0.1"
    port: Annotated[int, _where(help="0: any that is free.", min=0, max=65535, envvar="PORT")] = 8000
    uds: Annotated[Path | None, _where(help="A Unix socket, instead of host and port.")] = None
    fd: Annotated[int | None, _where(help="A socket that is open already, by its number.")] = None
    workers: Annotated[int, _where(help="Processes that serve.", min=1, envvar="WEB_CONCURRENCY")] = 1

    reload: Annotated[bool, _reload(help="Start again when a file changes.")] = False
    reload_dir: Annotated[
        list[Path] | None,
        _reload(help="Folder to watch, instead of the working folder; may be repeated.", exists=True, file_okay=False),
    ] = None

    root_path: Annotated[str, _proxy(help="The path that a proxy strips.")] = ""
    proxy_headers: Annotated[bool, _proxy(help="Believe X-Forwarded-Proto and X-Forwarded-For of trusted proxies.")] = (
        True
    )
    forwarded_allow_ips: Annotated[
        str | None,
        _proxy(
            help="The trusted proxies: addresses or networks with commas between them, or '*'.",
            envvar="FORWARDED_ALLOW_IPS",
            show_default="127.0.0.1,::1",
        ),
    ] = None

    ssl_keyfile: Annotated[Path | None, _tls(help="Private key (PEM).", exists=True, dir_okay=False)] = None
    ssl_certfile: Annotated[Path | None, _tls(help="Certificate (PEM).", exists=True, dir_okay=False)] = None
    ssl_keyfile_password: Annotated[str | None, _tls(help="The key's password.")] = None
    ssl_ca_certs: Annotated[Path | None, _tls(help="Authorities (PEM).", exists=True, dir_okay=False)] = None

    limit_concurrency: Annotated[int | None, _limit(help="Connections and tasks at a time; above it: 503.", min=1)] = (
        None
    )
    limit_max_requests: Annotated[int | None, _limit(help="Requests after which a process ends.", min=1)] = None
    limit_body: Annotated[int | None, _limit(help="Bytes of a request's body; above it: 413.", min=0)] = None
    timeout_keep_alive: Annotated[int, _limit(help="Seconds that a connection may be idle.", min=0)] = 5
    timeout_graceful_shutdown: Annotated[
        int | None, _limit(help="Seconds for requests under way when it ends.", min=0)
    ] = None

    access_log: Annotated[bool, _log(help="A line for each request.")] = True
    log_level: Annotated[LogLevel, _log(help="The least that is logged.")] = LogLevel["info"]

    def check(self) -> None:
        """Refuse what can't be had together.

        Raises:
            Failure: it says which options, and why.
        """
        if self.reload and self.workers > 1:
            raise Failure("--reload is for one process: it can't be combined with --workers")
        if self.uds is not None and self.fd is not None:
            raise Failure("--uds and --fd each say where to listen: give one of them")
        if self.ssl_keyfile is not None and self.ssl_certfile is None:
            raise Failure("--ssl-keyfile needs --ssl-certfile")


def as_command(options: type[T], run: Callable[[T], None], *without: str, **defaults: Any) -> Callable[..., None]:
    """A function for typer whose parameters are the fields of `options`, with other defaults or without some."""
    hints = get_type_hints(options, include_extras=True)
    parameters = [
        inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=defaults.get(field.name, inspect.Parameter.empty if field.default is MISSING else field.default),
            annotation=hints[field.name],
        )
        for field in fields(options)  # type: ignore[arg-type]
        if field.name not in without
    ]

    def command(**values: Any) -> None:
        run(options(**values))

    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return command
