"""Exceptions on their way out of a plan: the handler that the application has for one answers, or it goes on up.

The rules are Starlette's (`starlette._exception_handler`): handlers by status code before handlers by class, the
nearest class first.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.types import Scope

from vivace.body_limits import ungrouped
from vivace.exchange import Exchange
from vivace.threads import run_in_thread

HANDLERS_KEY = "starlette.exception_handlers"
Handlers = tuple[Mapping[type[Exception], Any], Mapping[int, Any]]


async def answer_error(x: Exchange, error: Exception) -> None:
    """Answer with the application's handler for `error`.

    Raises:
        RuntimeError: there is a handler, but the response has already begun.
        Exception: `error` itself, where there is none.
    """
    error = ungrouped(error)
    handler = handler_for(error, x.scope)
    if handler is None:
        raise error
    if x.started:
        raise RuntimeError("Caught handled exception, but response already started.") from error
    if inspect.iscoroutinefunction(handler):
        response = await handler(x.request, error)
    else:
        response = await run_in_thread(handler, x.request, error)
    if response is not None:
        await x.respond_with(response)


def handler_for(error: Exception, scope: Scope) -> Any:
    handlers: Handlers | None = scope.get(HANDLERS_KEY)
    if handlers is None:
        return None
    by_class, by_status = handlers
    if isinstance(error, HTTPException) and error.status_code in by_status:
        return by_status[error.status_code]
    return next((by_class[cls] for cls in type(error).__mro__ if cls in by_class), None)
