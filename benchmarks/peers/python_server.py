"""Serves a program beside it on uvicorn (uvloop, httptools): on FastAPI, or on Vivace through either of its doors.

Run as a script in a process of its own, so that nothing of the benchmark's runner weighs on the server:

    python python_server.py vivace --door wire --port 8000
    python python_server.py vivace --door wire --program kit_on_vivace --port 8000
"""

import argparse
import importlib
from typing import Any

import uvicorn


def http_class(door: str) -> Any:
    """What uvicorn is to speak HTTP with: its own httptools protocol (the ASGI door), or Vivace's (the wire door)."""
    if door == "asgi":
        return "httptools"
    return importlib.import_module("vivace.wire").WireProtocol


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("framework", choices=["fastapi", "vivace"])
    parser.add_argument("--door", choices=["asgi", "wire"], default="asgi")
    parser.add_argument("--program", default="python_app", help="a module with `build(framework)`")
    parser.add_argument("--middleware", action="store_true")
    parser.add_argument("--port", type=int, required=True)
    args = parser.parse_args()
    program = importlib.import_module(args.program)  # beside this script, on its path
    app = program.build(importlib.import_module(args.framework), middleware=args.middleware)
    uvicorn.run(
        app,
        port=args.port,
        http=http_class(args.door),
        loop="uvloop",
        log_level="warning",
        access_log=False,
    )


if __name__ == "__main__":
    main()
