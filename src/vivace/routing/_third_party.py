"""Names that third parties know from `fastapi.routing`, most of them not public there: kept working, and kept here.

Monitoring tools replace some of them to see what happens in between. A route is then served through the replacement:
of `get_request_handler`, or of the two steps that the general path calls by these names.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextvars import ContextVar
from copy import copy
from types import SimpleNamespace
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from vivace.body_limits import FormLimits
from vivace.datastructures import Default
from vivace.dependencies.models import Dependant
from vivace.dependencies.utils import solve_dependencies
from vivace.encoders import jsonable_encoder
from vivace.exceptions import EndpointContext, ResponseValidationError
from vivace.fields import ModelField
from vivace.operation import asgi
from vivace.operation.handler import Handler, handle
from vivace.operation.handler import get_request_handler as general_handler
from vivace.operation.operation import Operation
from vivace.routing.context import IncludeContext
from vivace.types import IncEx

# -- what handles a request


def get_request_handler(  # noqa: PLR0917  # as it is called
    dependant: Dependant,
    body_field: ModelField | None = None,
    status_code: int | None = None,
    response_class: Any = Default(JSONResponse),
    response_field: ModelField | None = None,
    response_model_include: IncEx | None = None,
    response_model_exclude: IncEx | None = None,
    response_model_by_alias: bool = True,
    response_model_exclude_unset: bool = False,
    response_model_exclude_defaults: bool = False,
    response_model_exclude_none: bool = False,
    dependency_overrides_provider: Any | None = None,
    embed_body_fields: bool = False,
    strict_content_type: Any = Default(True),
    stream_item_field: ModelField | None = None,
    is_json_stream: bool = False,
    form_limits: FormLimits | None = None,
) -> Handler:
    """The general path, for an operation told by its parts."""
    form_limits = form_limits or {}
    operation = Operation.__new__(Operation)
    vars(operation).update(_BARE | locals(), endpoint=dependant.call, path_format=dependant.path)

    async def app(request: Any) -> Any:
        return await handle(operation, request)

    return app


_BARE: dict[str, Any] = {"is_sse_stream": False, "stream_item_type": None, "methods": set()}
_ARGUMENTS = get_request_handler.__code__.co_varnames[: get_request_handler.__code__.co_argcount]


def replaced_handler(operation: Operation) -> Handler | None:
    """What somebody's replacements make of an operation; None where nobody has replaced anything."""
    routing = sys.modules["vivace.routing"]
    current: Callable[..., Handler] = routing.get_request_handler
    if current is get_request_handler:
        steps = routing.solve_dependencies, routing.run_endpoint_function
        return None if steps == (solve_dependencies, run_endpoint_function) else general_handler(operation)
    parts = {name: getattr(operation, name) for name in _ARGUMENTS}
    if not operation.form_limits:
        del parts["form_limits"]  # replacements that were written before there were any
    return current(**parts | {"dependant": copy(operation.dependant)})


async def run_endpoint_function(*, dependant: Dependant, values: dict[str, Any], is_coroutine: bool) -> Any:
    assert dependant.call is not None
    if is_coroutine:
        return await dependant.call(**values)
    return await run_in_threadpool(dependant.call, **values)


async def serialize_response(
    *,
    field: ModelField | None = None,
    response_content: Any,
    include: IncEx | None = None,
    exclude: IncEx | None = None,
    by_alias: bool = True,
    exclude_unset: bool = False,
    exclude_defaults: bool = False,
    exclude_none: bool = False,
    is_coroutine: bool = True,
    endpoint_ctx: EndpointContext | None = None,
    dump_json: bool = False,
) -> Any:
    """A result validated and made ready for JSON, or made JSON bytes."""
    if field is None:
        return jsonable_encoder(response_content)
    if is_coroutine:
        value, errors = field.validate(response_content, loc=("response",))
    else:
        value, errors = await run_in_threadpool(field.validate, response_content, loc=("response",))
    if errors:
        raise ResponseValidationError(errors, body=response_content, endpoint_ctx=endpoint_ctx)
    write = field.serialize_json if dump_json else field.serialize
    return write(
        value,
        include=include,
        exclude=exclude,
        by_alias=by_alias,
        exclude_unset=exclude_unset,
        exclude_defaults=exclude_defaults,
        exclude_none=exclude_none,
    )


def get_websocket_app(
    dependant: Dependant, dependency_overrides_provider: Any | None = None, embed_body_fields: bool = False
) -> Callable[[WebSocket], Awaitable[None]]:
    """The general path of a WebSocket endpoint told by its parts."""
    return asgi.get_websocket_app(SimpleNamespace(**locals(), endpoint=dependant.call, path_format=dependant.path))


# -- the tree of routers: further names of methods, for the classes that inherit them


class RouterNames:
    """For `APIRouter`."""

    routes: Any

    def _mark_routes_changed(self) -> None:
        self.routes.changed()

    def _get_routes_version(self) -> object:
        return self.routes.version


class IncludedRouterNames:
    """For `IncludedRouter`."""

    def effective_candidates(self) -> list[Any]:
        return self.candidates()  # type: ignore[attr-defined,no-any-return]

    def effective_low_priority_routes(self) -> list[Any]:
        return self.low_priority()  # type: ignore[attr-defined,no-any-return]

    def effective_route_contexts(self) -> Iterator[Any]:
        return leaves_of([self])

    async def _handle_selected(self, scope: Scope, receive: Receive, send: Send) -> None:
        from vivace.routing.dispatch import serve_included

        await serve_included(self, scope, receive, send)  # type: ignore[arg-type]


class FrontendGroupNames:
    """For `FrontendGroup`."""

    def matches_with_prefix(self, scope: Scope, prefix: str) -> tuple[Match, Scope]:
        match: tuple[Match, Scope] = self.below(IncludeContext(prefix)).matches(scope)  # type: ignore[attr-defined]
        return match


def leaves_of(routes: Sequence[Any]) -> Iterator[Any]:
    from vivace.routing.included import leaves

    return leaves(routes)


def _iter_included_route_candidates(routes: Sequence[BaseRoute]) -> Iterator[BaseRoute]:
    return (getattr(leaf, "acting_route", leaf) for leaf in leaves_of(routes))


# Inside it, FastAPI makes the handlers of included routes. Vivace tells them their context by the scope.
_effective_route_context_var: ContextVar[Any] = ContextVar("effective route context", default=None)
