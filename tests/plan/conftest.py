"""An application served twice: by its compiled plans, and with every route forced onto the general path."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from vivace import FastAPI
from vivace.operation.asgi import request_response
from vivace.operation.handler import get_request_handler
from vivace.plan.plan import general_plan
from vivace.plan.reasons import Reason
from vivace.routing import iter_route_contexts
from vivace.routing.serve import Served
from vivace.testclient import TestClient

Build = Callable[[], FastAPI]


def plans(app: FastAPI) -> dict[str, Any]:
    """The plans of an application's routes by path."""
    return {c.path: c.plan for c in iter_route_contexts(app.routes) if hasattr(c, "plan")}


def generalised(app: FastAPI) -> FastAPI:
    """The application with no route on the straight line."""
    for context in iter_route_contexts(app.routes):
        route = getattr(context, "served", context)
        if isinstance(route, Served):
            app_of_route = request_response(get_request_handler(route))
            route._plan = general_plan(route, app_of_route, Reason("the test says so", "what it is compared with"))
    return app


@pytest.fixture(params=["asgi", "wire"], scope="module")
def door(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def pair(door: str) -> Callable[[Build], tuple[TestClient, TestClient]]:
    """`(client of the compiled application, client of the general one)` behind one door."""

    def make(build: Build) -> tuple[TestClient, TestClient]:
        compiled = TestClient(build(), door=door, raise_server_exceptions=False)
        general = TestClient(generalised(build()), door=door, raise_server_exceptions=False)
        return compiled, general

    return make
