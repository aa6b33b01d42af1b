"""The result of a path operation made ready to be rendered: validated, filtered, turned into JSON values or bytes."""

from __future__ import annotations

import inspect
from typing import Any

from starlette.types import Scope

from vivace.datastructures import DefaultPlaceholder
from vivace.dependencies.callables import unwrap
from vivace.dependencies.solve import Solved
from vivace.encoders import jsonable_encoder
from vivace.exceptions import EndpointContext, ResponseValidationError
from vivace.fields import ModelField
from vivace.operation.operation import Operation
from vivace.threads import run_in_thread


def filters_of(operation: Operation) -> dict[str, Any]:
    """The `response_model_...` options in Pydantic's terms, only those that differ from its defaults."""
    given = {
        "include": operation.response_model_include,
        "exclude": operation.response_model_exclude,
        "by_alias": operation.response_model_by_alias,
        "exclude_unset": operation.response_model_exclude_unset,
        "exclude_defaults": operation.response_model_exclude_defaults,
        "exclude_none": operation.response_model_exclude_none,
    }
    return {
        name: value for name, value in given.items() if name == "by_alias" or (value is not None and value is not False)
    }


def dumps_directly(operation: Operation) -> bool:
    """Whether the model may write the JSON bytes itself: nobody has chosen the class that renders them."""
    return operation.response_field is not None and isinstance(operation.response_class, DefaultPlaceholder)


async def serialize_result(operation: Operation, scope: Scope, result: Any) -> Any:
    """JSON bytes where `dumps_directly`, else the content for the response class.

    Raises:
        ResponseValidationError: the result does not fit the response model.
    """
    field = operation.response_field
    if field is None:
        return jsonable_encoder(result)
    if operation.dependant.is_coroutine_callable:
        value = validated(field, result, operation, scope)
    else:
        value = await run_in_thread(validated, field, result, operation, scope)
    write = field.serialize_json if dumps_directly(operation) else field.serialize
    return write(value, **filters_of(operation))


def validated(field: ModelField, result: Any, operation: Operation, scope: Scope) -> Any:
    value, errors = field.validate(result, loc=("response",))
    if errors:
        raise ResponseValidationError(errors, body=result, endpoint_ctx=endpoint_context(operation, scope))
    return value


def endpoint_context(operation: Any, scope: Scope) -> EndpointContext:
    """Where the endpoint of a path operation, or of a WebSocket route, is written and found; for developers only."""
    target = unwrap(operation.endpoint)
    method, root = scope.get("method", "WS"), scope.get("root_path", "").rstrip("/")
    context: EndpointContext = {
        "function": getattr(target, "__name__", type(target).__name__),
        "path": f"{method} {root}{operation.path_format}",
    }
    try:
        context["file"] = inspect.getsourcefile(target) or "<unknown>"
        context["line"] = inspect.getsourcelines(target)[1]
    except (OSError, TypeError):
        pass
    return context


def response_arguments(operation: Operation, solved: Solved) -> dict[str, Any]:
    """The status that was declared, or set on the injected response, and the tasks to run afterwards."""
    arguments: dict[str, Any] = {"background": solved.background_tasks}
    status = solved.response.status_code or operation.status_code
    if status is not None:
        arguments["status_code"] = status
    return arguments
