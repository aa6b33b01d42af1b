"""Routes and routers: how a program is declared, and how what it declares is found again."""

from starlette.routing import Mount, NoMatchFound

from vivace.operation.asgi import get_websocket_app, request_response, websocket_session
from vivace.operation.handler import get_request_handler
from vivace.routing.contexts import RouteContext, iter_route_contexts
from vivace.routing.route import APIRoute, APIWebSocketRoute
from vivace.routing.router import APIRouter

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
    "websocket_session",
]
