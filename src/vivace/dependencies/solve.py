"""The general path through a dependency graph: for one request, every value of every callable, in call order.

This is the one slow and obvious statement of the rules. It runs for what the compiled plan refuses (to build the exact
errors), for overridden dependencies, for custom route classes, WebSockets, and for third parties that call it by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from anyio import CancelScope
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.websockets import WebSocket

from vivace.background import BackgroundTasks
from vivace.concurrency import cleanup_scope, contextmanager_in_threadpool, shielded
from vivace.dependencies.body import request_body_to_args
from vivace.dependencies.extract import MISSING, request_params_to_args
from vivace.dependencies.graph import get_dependant
from vivace.dependencies.models import CacheKey, Dependant
from vivace.fields import Errors
from vivace.security.oauth2 import SecurityScopes
from vivace.threads import run_in_thread

# Where the two teardown stacks of a request stand in its scope, under the names that third parties know.
FUNCTION_STACK = "fastapi_function_astack"
REQUEST_STACK = "fastapi_inner_astack"
# And the cancel scope around both, which is shielded while an asynchronous dependency is torn down; None: no need.
CLEANUP_SCOPE = "vivace.cleanup_scope"


@dataclass(slots=True)
class Solved:
    """What solving a graph gives: the arguments of its root, and what the callables asked for on the way."""

    values: dict[str, Any]
    errors: Errors
    background_tasks: BackgroundTasks | None
    response: Response
    dependency_cache: dict[CacheKey, Any]


@dataclass(slots=True)
class Solver:
    """One request's walk. Errors collect over the whole graph; a dependency with invalid parameters is not called."""

    request: HTTPConnection
    body: Any = MISSING
    embed_body_fields: bool = False
    overrides_provider: Any = None
    background_tasks: BackgroundTasks | None = None
    response: Response | None = None
    cache: dict[CacheKey, Any] = field(default_factory=dict)
    stack: AsyncExitStack | None = None

    async def solve(self, dependant: Dependant) -> Solved:
        values, errors = await self._arguments(dependant)
        return Solved(values, errors, self.background_tasks, self._shared_response(), self.cache)

    async def _arguments(self, dependant: Dependant) -> tuple[dict[str, Any], Errors]:
        values: dict[str, Any] = {}
        errors: Errors = []
        for sub in dependant.dependencies:
            result, found = await self._dependency(sub)
            errors.extend(found)
            if not found and sub.name is not None:
                values[sub.name] = result
        for part, found in await self._own(dependant):
            values.update(part)
            errors.extend(found)
        self._special(dependant, values)
        return values, errors

    async def _dependency(self, declared: Dependant) -> tuple[Any, Errors]:
        """The result of one dependency: shared, or computed from its own arguments."""
        dependant = self._overridden(declared)
        arguments, errors = await self._arguments(dependant)
        if errors:
            return None, errors
        if declared.use_cache and declared.cache_key in self.cache:
            return self.cache[declared.cache_key], []
        result = await self._call(dependant, arguments)
        self.cache.setdefault(declared.cache_key, result)
        return result, []

    def _overridden(self, declared: Dependant) -> Dependant:
        # Asked anew each time: a dependency may have set an override for those after it.
        call = overrides_of(self.overrides_provider).get(declared.call)
        if call is None:
            return declared
        return get_dependant(
            path=declared.path or "",
            call=call,
            name=declared.name,
            own_oauth_scopes=declared.own_oauth_scopes,
            parent_oauth_scopes=declared.parent_oauth_scopes,
            use_cache=declared.use_cache,
            scope=declared.scope,
            concurrency=declared.concurrency,
        )

    async def _call(self, dependant: Dependant, arguments: dict[str, Any]) -> Any:
        assert dependant.call is not None
        if dependant.is_generator:
            return await self._enter(dependant, arguments)
        async with _limit(dependant):
            if dependant.is_coroutine_callable:
                return await dependant.call(**arguments)
            return await run_in_thread(dependant.call, **arguments)

    async def _enter(self, dependant: Dependant, arguments: dict[str, Any]) -> Any:
        """Run a generator dependency up to its `yield`; the stack of its scope runs the rest."""
        assert dependant.call is not None
        stack = self._stack_for(dependant)
        scope = self._cleanup_scope(stack) if dependant.is_async_gen_callable else None
        await stack.enter_async_context(_limit(dependant))
        if dependant.is_async_gen_callable:
            manager = shielded(asynccontextmanager(dependant.call)(**arguments), scope)
        else:  # which runs to its end in its thread, whatever is cancelled
            manager = contextmanager_in_threadpool(contextmanager(dependant.call)(**arguments))
        return await stack.enter_async_context(manager)

    def _cleanup_scope(self, stack: AsyncExitStack) -> CancelScope | None:
        """The scope that the request's frame has opened; for those who call the solver by hand, one on their stack."""
        known = self.request.scope
        if CLEANUP_SCOPE not in known:
            stack.callback(known.pop, CLEANUP_SCOPE, None)
            known[CLEANUP_SCOPE] = stack.enter_context(cleanup_scope())
        scope: CancelScope | None = known[CLEANUP_SCOPE]
        return scope

    def _stack_for(self, dependant: Dependant) -> AsyncExitStack:
        name = FUNCTION_STACK if dependant.computed_scope == "function" else REQUEST_STACK
        stack = self.request.scope.get(name, self.stack)
        assert isinstance(stack, AsyncExitStack), f"{name} not found in request scope"
        return stack

    async def _own(self, dependant: Dependant) -> list[tuple[dict[str, Any], Errors]]:
        """The dependant's own parameters, a place at a time."""
        request = self.request
        found = [
            request_params_to_args(dependant.path_params, request.path_params),
            request_params_to_args(dependant.query_params, request.query_params),
            request_params_to_args(dependant.header_params, request.headers),
            request_params_to_args(dependant.cookie_params, request.cookies),
        ]
        if dependant.body_params:
            found.append(await request_body_to_args(dependant.body_params, self.body, self.embed_body_fields))
        return found

    def _special(self, dependant: Dependant, values: dict[str, Any]) -> None:
        if dependant.http_connection_param_name:
            values[dependant.http_connection_param_name] = self.request
        if dependant.request_param_name and isinstance(self.request, Request):
            values[dependant.request_param_name] = self.request
        if dependant.websocket_param_name and isinstance(self.request, WebSocket):
            values[dependant.websocket_param_name] = self.request
        if dependant.background_tasks_param_name:
            self.background_tasks = self.background_tasks or BackgroundTasks()
            values[dependant.background_tasks_param_name] = self.background_tasks
        if dependant.response_param_name:
            values[dependant.response_param_name] = self._shared_response()
        if dependant.security_scopes_param_name:
            values[dependant.security_scopes_param_name] = SecurityScopes(scopes=dependant.oauth_scopes)

    def _shared_response(self) -> Response:
        """The one Response whose headers and status the callables may set for the real one."""
        if self.response is None:
            self.response = blank_response()
        return self.response


def overrides_of(provider: Any) -> Mapping[Any, Any]:
    """What the application puts in the place of dependencies, as of now."""
    return getattr(provider, "dependency_overrides", None) or {}


def blank_response() -> Response:
    response = Response()
    del response.headers["content-length"]
    response.status_code = None  # type: ignore[assignment]  # None: nobody has set it
    return response


def _limit(dependant: Dependant) -> Any:
    """The dependency's `max_concurrency`, held while it is in use."""
    return dependant.concurrency.get_semaphore() if dependant.concurrency is not None else nullcontext()
