"""Routes and routers: how a program is declared, and how what it declares is found again.

- `router.py`: `APIRouter`. Its parts: `declare.py` (the decorators of `methods.py`, and what they do), `lifespan.py`
  (start and stop), `dispatch.py` (from a scope to the route that answers it).
- `route.py`: one route as declared. `serve.py`: how a path operation answers.
- `context.py`: what routers say of the routes below them. `effective.py`: one route as it is through its routers.
- `included.py`: a router in the tree of another. `tree.py`: how changes are noticed. `index.py`: the tree as a table.
- `frontend.py`: files where no route answers.
- `scope.py`: what is written into a request's scope. `_third_party.py`: names that others know from FastAPI.
"""

from starlette.routing import Mount, NoMatchFound

from vivace.dependencies.utils import solve_dependencies as solve_dependencies
from vivace.operation.asgi import request_response, websocket_session
from vivace.routing._third_party import (
    _effective_route_context_var as _effective_route_context_var,
)
from vivace.routing._third_party import (
    _iter_included_route_candidates as _iter_included_route_candidates,
)
from vivace.routing._third_party import (
    get_request_handler,
    get_websocket_app,
    run_endpoint_function,
    serialize_response,
)
from vivace.routing.effective import RouteContext
from vivace.routing.included import IncludedRouter as _IncludedRouter  # noqa: F401  # known to third parties
from vivace.routing.included import iter_route_contexts
from vivace.routing.lifespan import HandlersLifespan as _DefaultLifespan  # noqa: F401  # the same
from vivace.routing.route import APIRoute, APIWebSocketRoute
from vivace.routing.router import APIRouter
from vivace.routing.scope import restore as _restore_fastapi_scope_key  # noqa: F401  # the same
from vivace.sse import _PING_INTERVAL as _PING_INTERVAL  # the same: programs and tests set it here

__all__ = [
    "APIRoute",
    "APIRouter",
    "APIWebSocketRoute",
    "Mount",
    "NoMatchFound",
    "RouteContext",
    "get_request_handler",
    "get_websocket_app",
    "iter_route_contexts",
    "request_response",
    "run_endpoint_function",
    "serialize_response",
    "websocket_session",
]
