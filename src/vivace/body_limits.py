"""How much body a request may carry: `max_body_size` and `form_limits`, declared, combined and enforced.

Both may be said of the application, of a router, of an inclusion and of a path operation: the innermost that says
something counts. A body that is announced to be larger (`content-length`) is refused before anything of the path
operation runs; one that turns out to be larger, as soon as it is.

Nothing here knows which door a request came in by, nor how a form is parsed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, TypedDict, cast

from annotated_doc import Doc
from starlette.middleware.body_limit import (
    MAX_BODY_SIZE_SCOPE_KEY,
    RequestBodyLimitMiddleware,
    _RequestBodyTooLarge,
)
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FORM_LIMITS_KEY = "vivace.form_limits"  # in a scope: what the routers around have said

# Raised when a body has turned out to be too large: Starlette's middleware knows its own.
BodyTooLarge = _RequestBodyTooLarge

# What Starlette's middleware answers.
refuse = PlainTextResponse("Content Too Large", status_code=413)


class FormLimits(TypedDict, total=False):
    """What a form may hold where the framework parses it. What is left out stays as it is around."""

    max_files: Annotated[int, Doc("Files; 1000 by default.")]
    max_fields: Annotated[int, Doc("Fields that are no files; 1000 by default.")]
    max_part_size: Annotated[int, Doc("Bytes of one field; 1 MiB by default. Files are not bound by it.")]


# -- declared


def checked_size(size: Any) -> int | None:
    """A `max_body_size` as it was given.

    Raises:
        ValueError: it is no number of bytes.
    """
    if size is not None and not _is_count(size):
        raise ValueError(f"max_body_size must be a non-negative integer or None, in bytes; it is {size!r}")
    return cast("int | None", size)


def checked_form_limits(limits: Any) -> FormLimits:
    """A copy of `form_limits` as they were given; None says nothing.

    Raises:
        ValueError: there is no such limit, or it is no number.
    """
    if limits is None:
        return {}
    known = FormLimits.__annotations__
    if not isinstance(limits, Mapping):
        raise ValueError(f"form_limits must be a dictionary with {', '.join(known)}; it is {limits!r}")
    for name, limit in limits.items():
        if name not in known:
            raise ValueError(f"form_limits has no {name!r}: there are {', '.join(known)}")
        if not _is_count(limit):
            raise ValueError(f"form_limits: {name} must be a non-negative integer; it is {limit!r}")
    return cast("FormLimits", dict(limits))


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


# -- combined


def closest(inner: int | None, outer: int | None) -> int | None:
    """Of two `max_body_size` the one that counts."""
    return outer if inner is None else inner


def merged(inner: FormLimits | None, outer: FormLimits | None) -> FormLimits:
    return {**(outer or {}), **(inner or {})}


def enter_form_limits(scope: Scope, limits: FormLimits) -> None:
    """Say in the scope what a router says of all that it answers, be it a mounted application."""
    if limits:
        scope[FORM_LIMITS_KEY] = merged(limits, scope.get(FORM_LIMITS_KEY))


def form_limits_in(scope: Scope, said: FormLimits) -> FormLimits:
    """What counts for a path operation that says `said` itself."""
    return merged(said, scope.get(FORM_LIMITS_KEY))


# -- enforced


def is_limited(scope: Scope) -> bool:
    """Whether layers around count the body already: they are to be told of a limit that is another."""
    return MAX_BODY_SIZE_SCOPE_KEY in scope


def announced(headers: list[tuple[bytes, bytes]]) -> int:
    """The length that a request says its body has; 0 where it does not say. What counts is what comes."""
    for name, value in headers:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0


def counted(receive: Receive, limit: int) -> Receive:
    """`receive`, which raises `BodyTooLarge` once more than `limit` bytes have come."""
    room = limit

    async def receive_counted() -> Message:
        nonlocal room
        message = await receive()
        if message["type"] == "http.request":
            room -= len(message.get("body", b""))
            if room < 0:
                raise BodyTooLarge
        return message

    return receive_counted


def ungrouped(error: Exception) -> Exception:
    """The `BodyTooLarge` out of the task group of a middleware that passes on what is received; else `error` itself."""
    inner: BaseException = error
    while isinstance(inner, BaseExceptionGroup) and len(inner.exceptions) == 1:
        inner = inner.exceptions[0]
    return inner if isinstance(inner, BodyTooLarge) else error


def limited(app: ASGIApp, own: int | None, scope: Scope) -> ASGIApp:
    """`app`, which answers for one path operation, within its `own` limit, or else the one around."""
    limit = closest(own, scope.get(MAX_BODY_SIZE_SCOPE_KEY))
    return app if limit is None else _Limited(app, limit)


class _Limited(RequestBodyLimitMiddleware):
    """Starlette's, which also tells the layers around of the limit that counts now."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if announced(scope["headers"]) > self.max_body_size:
            await refuse(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def limited_below(app: ASGIApp, limit: int | None) -> ASGIApp:
    """`app`, of which a part may have a limit of its own: nothing is refused before it has had its say."""
    return app if limit is None else RequestBodyLimitMiddleware(app, limit)
