"""What emitted functions call once the endpoint has answered, and the parts of the body that are no validation."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from pydantic_core import ValidationError
from starlette.responses import Response

from vivace.background import BackgroundTasks
from vivace.dependencies.body import is_json
from vivace.encoders import jsonable_encoder
from vivace.exceptions import FastAPIError, ResponseValidationError
from vivace.exchange import Exchange
from vivace.fields import ModelField, locate
from vivace.head import RawHeaders
from vivace.operation.asgi import SWALLOWED
from vivace.operation.operation import Operation
from vivace.operation.options import settled
from vivace.operation.serialize import endpoint_context, filters_of
from vivace.utils import is_body_allowed_for_status_code

loads = json.loads


def body_is_json(strict: bool) -> Callable[[RawHeaders], bool]:
    """Whether a body may be read as JSON, by its Content-Type."""

    def check(headers: RawHeaders) -> bool:
        for name, value in headers:
            if name == b"content-type":
                return value == b"application/json" or is_json(value.decode("latin-1"))
        return not strict

    return check


def result_validator(operation: Operation, field: ModelField) -> Callable[[Any, Exchange], Any]:
    check = field.type_adapter.validator.validate_python

    def validate_result(result: Any, x: Exchange) -> Any:
        try:
            return check(result, from_attributes=True)
        except ValidationError as error:
            where = endpoint_context(operation, x.scope)
            raise ResponseValidationError(locate(error, ("response",)), body=result, endpoint_ctx=where) from None

    return validate_result


def dumper(field: ModelField, filters: dict[str, Any]) -> Callable[[Any], bytes]:
    return partial(field.type_adapter.serializer.to_json, **filters)


def by_class(operation: Operation, field: ModelField | None) -> Callable[[Any], Response]:
    """The response class that the route has chosen, given the content as it wants it."""
    response_class = settled(operation.response_class)
    arguments = {} if operation.status_code is None else {"status_code": operation.status_code}
    filters = filters_of(operation)

    def respond_by_class(result: Any) -> Response:
        content = jsonable_encoder(result) if field is None else field.serialize(result, **filters)
        response: Response = response_class(content, **arguments)
        if not is_body_allowed_for_status_code(response.status_code):
            response.body = b""
        return response

    return respond_by_class


def finisher(declared: int | None) -> Callable[..., Response]:
    """Brings together the content and what was set on the injected `Response`."""

    def finish(content: Any, shared: Response, tasks: BackgroundTasks | None) -> Response:
        status = shared.status_code or declared or 200
        if isinstance(content, bytes):
            response = Response(content, media_type="application/json", status_code=status)
        else:
            response = content
            response.status_code = shared.status_code or response.status_code
        if not is_body_allowed_for_status_code(status):
            response.body = b""
        response.background = tasks
        response.headers.raw.extend(shared.headers.raw)
        return response

    return finish


def swallowed() -> None:
    """Reached when a dependency with `yield` caught the exception that came to it, and let it go no further."""
    raise FastAPIError(SWALLOWED)
