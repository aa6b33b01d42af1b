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


def main() -> None:
    """Run the command; a failure is told on stderr and ends with exit status 1."""
    try:
        program(standalone_mode=True)
    except Failure as failure:
        report(failure)
        sys.exit(1)


__all__ = ["main"]
