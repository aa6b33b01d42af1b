"""The commands, as typer knows them."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated

import typer

from vivace.cli.explain import Explaining, explain
from vivace.cli.options import Found, Serving, as_command
from vivace.cli.routes import routes
from vivace.cli.serve import serve

program = typer.Typer(
    name="vivace",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"vivace {version('vivace')}")
        raise typer.Exit


@program.callback()
def vivace(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Its version.")] = False,
) -> None:
    """The FastAPI programming model, compiled."""


program.command("run", help="Serve an application: on all addresses, without reload.")(
    as_command(Serving, serve, host="0.0.0.0")  # noqa: S104 - a container has to be reachable
)
program.command("dev", help="Serve an application for its developer: on 127.0.0.1, started again when a file changes.")(
    as_command(Serving, serve, "workers", reload=True)
)
program.command("explain", help="Show what was compiled of a route, and the reason and cost of whatever was not.")(
    as_command(Explaining, explain)
)
program.command("routes", help="List all routes, and how each is served.")(as_command(Found, routes))
