"""The general path of a path operation: from a `Request` to a `Response`, one obvious step after another.

What the compiler emits does the same without the steps that a route has no use for; this is what it is held against.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from copy import copy
from json import JSONDecodeError
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from vivace.body_limits import form_limits_in
from vivace.dependencies.body import json_invalid, read_body
from vivace.dependencies.carried import MISSING
from vivace.dependencies.models import Dependant
from vivace.dependencies.solve import REQUEST_STACK, Solved
from vivace.exceptions import RequestValidationError
from vivace.operation.operation import Operation
from vivace.operation.options import settled
from vivace.operation.serialize import dumps_directly, endpoint_context, response_arguments, serialize_result
from vivace.operation.streams import stream_response
from vivace.telemetry.observer import NOBODY, Observer, observer_of
from vivace.utils import is_body_allowed_for_status_code

Handler = Callable[[Request], Awaitable[Response]]

FORMS = "vivace.forms"  # in the scope: forms that were read, to be closed after the response, of an error as well


def get_request_handler(operation: Operation) -> Handler:
    """The general path as the callable that `APIRoute.get_route_handler` hands out."""

    async def app(request: Request) -> Response:
        return await handle(operation, request)

    return app


async def handle(operation: Operation, request: Request) -> Response:
    """Answer one request.

    Raises:
        RequestValidationError: the request does not fit the declaration.
        ResponseValidationError: the result does not fit the response model.
        HTTPException: as raised by the endpoint or a dependency.
    """
    observer = observer_of(request.scope)
    with observer.reading(request):
        body = await _body(operation, request)
    with observer.solving(operation.endpoint, body):
        solved = await solve(operation, request, body)
    observer.solved(solved.values, solved.errors)
    if solved.errors:
        seen = None if body is MISSING else body
        where = endpoint_context(operation, request.scope)
        raise RequestValidationError(solved.errors, body=seen, endpoint_ctx=where)
    if operation.dependant.is_generator:
        return await stream_response(operation, request, solved)
    result = await run_endpoint(operation.dependant, solved.values, observer)
    if isinstance(result, Response):
        if result.background is None:
            result.background = solved.background_tasks
        return result
    with observer.serializing(operation.endpoint):
        return await render(operation, request, result, solved)


async def _body(operation: Operation, request: Request) -> Any:
    limits = form_limits_in(request.scope, operation.form_limits)
    try:
        body = await read_body(request, operation.body_field, bool(settled(operation.strict_content_type)), limits)
    except JSONDecodeError as error:
        raise json_invalid(error, endpoint_context(operation, request.scope)) from error
    if isinstance(body, FormData):
        request.scope.get(FORMS, []).append(body)
    return body


# The next two are called where third parties know them, and exchange them for their own.


async def solve(operation: Any, connection: HTTPConnection, body: Any = MISSING) -> Solved:
    """All that the endpoint of a path operation, or of a WebSocket route, asks for."""
    solved: Solved = await sys.modules["vivace.routing"].solve_dependencies(
        request=connection,
        dependant=operation.dependant,
        body=body,
        dependency_overrides_provider=operation.dependency_overrides_provider,
        async_exit_stack=connection.scope.get(REQUEST_STACK),
        embed_body_fields=operation.embed_body_fields,
    )
    return solved


async def run_endpoint(dependant: Dependant, values: dict[str, Any], observer: Observer) -> Any:
    is_async = dependant.is_coroutine_callable
    if observer is not NOBODY:
        call, dependant = dependant.call, copy(dependant)
        assert call is not None
        dependant.call = observer.calling(call, is_async)
    run = sys.modules["vivace.routing"].run_endpoint_function
    return await run(dependant=dependant, values=values, is_coroutine=is_async)


async def render(operation: Operation, request: Request, result: Any, solved: Solved) -> Response:
    """The response for a result that is none itself."""
    content = await serialize_result(operation, request.scope, result)
    arguments = response_arguments(operation, solved)
    if dumps_directly(operation):
        response = Response(content, media_type="application/json", **arguments)
    else:
        response = settled(operation.response_class)(content, **arguments)
    if not is_body_allowed_for_status_code(response.status_code):
        response.body = b""
    response.headers.raw.extend(solved.response.headers.raw)
    return response
