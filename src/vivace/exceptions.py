"""The exceptions and warnings that a program may raise, catch or filter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, TypedDict

from annotated_doc import Doc
from pydantic import BaseModel, create_model
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.exceptions import WebSocketException as StarletteWebSocketException


class HTTPException(StarletteHTTPException):
    """Answer the client with an error status instead of a result.

    ```python
    if item_id not in items:
        raise HTTPException(status_code=404, detail="Item not found")
    ```
    """

    def __init__(
        self,
        status_code: Annotated[int, Doc("The status of the response.")],
        detail: Annotated[
            Any, Doc('Goes to the client as `{"detail": ...}`. Anything JSON can hold; by default the status phrase.')
        ] = None,
        headers: Annotated[Mapping[str, str] | None, Doc("Headers to add to the response.")] = None,
    ) -> None:
        super().__init__(status_code=status_code, detail=detail, headers=headers)


class WebSocketException(StarletteWebSocketException):
    """Close the WebSocket with a code, from the endpoint or from a dependency."""

    def __init__(
        self,
        code: Annotated[int, Doc("Close code, RFC 6455 section 7.4.1: 1008 when a policy is violated.")],
        reason: Annotated[str | None, Doc("Text for the client, at most 123 bytes of UTF-8 (RFC 6455 5.5).")] = None,
    ) -> None:
        super().__init__(code=code, reason=reason)


class FastAPIError(RuntimeError):
    """A mistake in the program: base of the errors raised while it is being declared."""


class DependencyScopeError(FastAPIError):
    """A dependency that outlives the response depends on one that doesn't."""


class PydanticV1NotSupportedError(FastAPIError):
    """A `pydantic.v1` model where a Pydantic v2 type is needed."""


class FastAPIDeprecationWarning(UserWarning):
    """Deprecations of the framework itself. A `UserWarning`, because Python hides `DeprecationWarning` by default."""


class EndpointContext(TypedDict, total=False):
    """Where the endpoint of a failed request is written. Only the developer sees it, in tracebacks and logs."""

    function: str
    path: str
    file: str
    line: int


class ValidationException(Exception):
    """Data that doesn't fit the declared types.

    Attributes:
        endpoint_ctx: where the endpoint is written; its parts are also there as `endpoint_function`,
            `endpoint_path`, `endpoint_file` and `endpoint_line`, None where unknown.
    """

    def __init__(self, errors: Sequence[Any], *, endpoint_ctx: EndpointContext | None = None) -> None:
        self._errors = errors
        self.endpoint_ctx = endpoint_ctx
        known = endpoint_ctx or EndpointContext()
        self.endpoint_function = known.get("function")
        self.endpoint_path = known.get("path")
        self.endpoint_file = known.get("file")
        self.endpoint_line = known.get("line")

    def errors(self) -> Sequence[Any]:
        """The errors in Pydantic's form, one mapping each with `type`, `loc`, `msg`, `input`."""
        return self._errors

    def __str__(self) -> str:
        count = len(self._errors)
        lines = [f"{count} validation error{'' if count == 1 else 's'}:"]
        lines += [f"  {error}" for error in self._errors]
        return "\n".join(lines) + self._format_endpoint_context()

    def _format_endpoint_context(self) -> str:
        """As a traceback would put it, so that editors make it a link."""
        if self.endpoint_file and self.endpoint_line and self.endpoint_function:
            place = f'File "{self.endpoint_file}", line {self.endpoint_line}, in {self.endpoint_function}'
            return f"\n\n  {place}" + (f"\n    {self.endpoint_path}" if self.endpoint_path else "")
        return f"\n\n  Endpoint: {self.endpoint_path}" if self.endpoint_path else ""


class _WithBody(ValidationException):
    """Keeps what was validated, beside what is wrong with it."""

    def __init__(self, errors: Sequence[Any], *, body: Any = None, endpoint_ctx: EndpointContext | None = None) -> None:
        super().__init__(errors, endpoint_ctx=endpoint_ctx)
        self.body = body


class RequestValidationError(_WithBody):
    """The request doesn't fit: the client's mistake, answered with 422. `body` is the body as it was read."""


class ResponseValidationError(_WithBody):
    """The result doesn't fit the response model: our mistake, answered with 500. `body` is the result."""


class WebSocketRequestValidationError(ValidationException):
    """The opening request of a WebSocket doesn't fit: closed with 1008."""


RequestErrorModel: type[BaseModel] = create_model("Request")
WebSocketErrorModel: type[BaseModel] = create_model("WebSocket")
