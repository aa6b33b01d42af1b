"""The `vivace` command.

    target     what the user named -> the module, without importing it
    load       the module -> the application; what is wrong with it, told in its author's own lines
    options    every option of `run` and `dev`, stated once
    config     uvicorn's settings, with the wire protocol and an application loaded by us
    listen     the socket, or why there is none
    serve      `run`, `dev`: one process, a reloader, or several workers (supervise, lifespan)
    explain    `explain`: a route's plan
    routes     `routes`: the table of all routes

Each says what is wrong by raising a `Failure`, which `main` tells.
"""

from __future__ import annotations

import sys

from vivace.cli.failure import Failure, report
from vivace.cli.program import program


def main(*, stderr: bool = True) -> None:
    """Run the command; a failure is told, and ends it with exit status 1.

    Args:
        stderr: where a failure is told. On stdout otherwise, where FastAPI's command tells it.
    """
    try:
        program(standalone_mode=True)
    except Failure as failure:
        report(failure, stderr=stderr)
        sys.exit(1)


__all__ = ["main"]
