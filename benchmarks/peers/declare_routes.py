"""Declares an application of many routes on one framework, and writes what that took as one line of JSON.

Run as a script in a process of its own:    python declare_routes.py vivace --routes 3000

There are a tenth as many resources as routes, each with a model for what comes in and one for what goes out; every
route has a typed path, query and body, and a response model. Vivace's routes are then compiled too, which it would
otherwise put off until their first request.
"""

# The framework is a parameter, so its decorators have no types here; the models are made as the program runs.
# mypy: disable-error-code="untyped-decorator"

import argparse
import importlib
import json
import re
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

ROUTES_PER_RESOURCE = 10


def make_models(resource: int) -> tuple[type, type]:
    from pydantic import create_model

    incoming = create_model(f"In{resource}", name=(str, ...), price=(float, ...), tags=(list[str], []))
    outgoing = create_model(f"Out{resource}", __base__=incoming, id=(int, ...))
    return incoming, outgoing


def declare(framework: Any, routes: int) -> Any:
    app = framework.FastAPI()
    for resource in range(routes // ROUTES_PER_RESOURCE):
        incoming, outgoing = make_models(resource)
        for action in range(ROUTES_PER_RESOURCE):
            add_route(app, f"/r{resource}/{{item_id}}/a{action}", incoming, outgoing)
    return app


def add_route(app: Any, path: str, incoming: Any, outgoing: Any) -> None:
    @app.post(path)
    async def change(item_id: int, item: incoming, q: str | None = None, limit: int = 10) -> outgoing:
        return {"id": item_id, **item.model_dump()}


def compile_routes(app: Any) -> None:
    for route in app.routes:
        if hasattr(type(route), "plan"):
            route.plan  # noqa: B018  # made when it is first asked for


def peak_bytes() -> int:
    """The most that was resident at any time (VmHWM)."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) * 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("framework", choices=["fastapi", "vivace"])
    parser.add_argument("--routes", type=int, required=True)
    args = parser.parse_args()
    times = [time.process_time()]
    framework = importlib.import_module(args.framework)
    times.append(time.process_time())
    imported_bytes = peak_bytes()
    app = declare(framework, args.routes)
    times.append(time.process_time())
    compile_routes(app)
    times.append(time.process_time())
    spent = [after - before for before, after in pairwise(times)]
    steps = dict(zip(("import_seconds", "declare_seconds", "compile_seconds"), spent, strict=True))
    print(json.dumps({**steps, "imported_bytes": imported_bytes, "peak_bytes": peak_bytes()}))


if __name__ == "__main__":
    main()
