"""`vivace run` and `vivace dev`."""

from __future__ import annotations

import socket
import sys

import uvicorn
from uvicorn.config import STARTUP_FAILURE

from vivace.cli.config import Config, address_of
from vivace.cli.listen import listen
from vivace.cli.options import Serving
from vivace.cli.supervise import Reloader, Workers


def serve(options: Serving) -> None:
    """Serve until a signal ends it.

    Raises:
        Failure: it can't be begun.
        SystemExit: status 1 where the application did not start; it has been told why.
    """
    options.check()
    target = options.find(options.target, options.entrypoint)
    listening = listen(options.host, options.port, options.uds, options.fd)
    try:
        started = _run(Config(options, target, address_of(options, listening)), listening)
    except KeyboardInterrupt:
        started = True  # Ctrl-C is how a server ends
    finally:
        listening.close()
        if options.uds is not None:
            options.uds.unlink(missing_ok=True)
    if not started:
        sys.exit(1)


def _run(config: Config, listening: socket.socket) -> bool:
    """Whether the application started."""
    if config.should_reload:
        Reloader(config, target=uvicorn.Server(config).run, sockets=[listening]).run()
        return True
    if config.workers > 1:
        supervisor = Workers(config, sockets=[listening])
        supervisor.run()
        return not any(process.exitcode == STARTUP_FAILURE for process in supervisor.processes)
    server = uvicorn.Server(config)
    try:
        server.run(sockets=[listening])
    except SystemExit:
        return False
    return server.started
