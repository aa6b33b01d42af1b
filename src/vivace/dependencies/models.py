"""The dependency graph as data: one `Dependant` for each callable whose parameters are solved from a request.

Nothing here reads a signature (`graph.py` does) or a request (`solve.py` does).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, Literal

from vivace.fields import ModelField
from vivace.security.base import SecurityBase

Scope = Literal["function", "request"]
CacheKey = tuple[Callable[..., Any] | None, tuple[str, ...], str]


@dataclass(eq=False)
class Dependant:
    """A callable, its parameters by where they come from, and what it depends on in turn.

    `call` is None only for a graph that is held together by nothing but its sub-dependencies.
    """

    path_params: list[ModelField] = field(default_factory=list)
    query_params: list[ModelField] = field(default_factory=list)
    header_params: list[ModelField] = field(default_factory=list)
    cookie_params: list[ModelField] = field(default_factory=list)
    body_params: list[ModelField] = field(default_factory=list)
    dependencies: list[Dependant] = field(default_factory=list)
    name: str | None = None
    call: Callable[..., Any] | None = None
    request_param_name: str | None = None
    websocket_param_name: str | None = None
    http_connection_param_name: str | None = None
    response_param_name: str | None = None
    background_tasks_param_name: str | None = None
    security_scopes_param_name: str | None = None
    own_oauth_scopes: list[str] | None = None
    parent_oauth_scopes: list[str] | None = None
    use_cache: bool = True
    path: str | None = None
    scope: Scope | None = None
    concurrency: Any = None

    @cached_property
    def oauth_scopes(self) -> list[str]:
        """The scopes asked for by those above it, then its own, each once."""
        return list(dict.fromkeys([*(self.parent_oauth_scopes or []), *(self.own_oauth_scopes or [])]))

    @cached_property
    def cache_key(self) -> CacheKey:
        """Two dependants with one key share one result in a request."""
        scopes = tuple(sorted(set(self.oauth_scopes))) if self.uses_scopes else ()
        return self.call, scopes, self.computed_scope or ""

    @cached_property
    def uses_scopes(self) -> bool:
        """Whether the result may differ with the security scopes asked for."""
        if self.own_oauth_scopes or self.security_scopes_param_name is not None or self.is_security_scheme:
            return True
        return any(sub.uses_scopes for sub in self.dependencies)

    @cached_property
    def security_scheme(self) -> SecurityBase | None:
        target = unwrap(self.call)
        return target if isinstance(target, SecurityBase) else None

    @property
    def is_security_scheme(self) -> bool:
        return self.security_scheme is not None

    @cached_property
    def is_gen_callable(self) -> bool:
        return _any_layer(self.call, inspect.isgeneratorfunction)

    @cached_property
    def is_async_gen_callable(self) -> bool:
        return _any_layer(self.call, inspect.isasyncgenfunction)

    @cached_property
    def is_coroutine_callable(self) -> bool:
        return _any_layer(self.call, inspect.iscoroutinefunction)

    def copied(self) -> Dependant:
        """The same graph as objects of its own: what is changed in one of the two does not show in the other."""
        graph = copy(self)
        for place in ("path_params", "query_params", "header_params", "cookie_params", "body_params"):
            setattr(graph, place, list(getattr(self, place)))
        graph.dependencies = [sub.copied() for sub in self.dependencies]
        return graph

    @property
    def is_generator(self) -> bool:
        return self.is_gen_callable or self.is_async_gen_callable

    @cached_property
    def computed_scope(self) -> str | None:
        """When its teardown runs: with the path operation function, or after the response ("request")."""
        if self.scope:
            return self.scope
        return "request" if self.is_generator else None


def walk(dependant: Dependant) -> Iterator[Dependant]:
    """The dependant and all below it, parents first, shared ones each time they are named."""
    yield dependant
    for sub in dependant.dependencies:
        yield from walk(sub)


def unwrap(call: Callable[..., Any] | None) -> Any:
    """The callable below `functools.partial` and `functools.wraps` layers."""
    while True:
        if isinstance(call, partial):
            call = call.func
        elif call is not None and hasattr(call, "__wrapped__"):
            call = call.__wrapped__
        else:
            return call


def _layers(call: Any) -> Iterator[Any]:
    """A callable, its `__call__` where it is an instance, and the same of all that it wraps."""
    seen = 0
    while call is not None and seen < 32:
        yield call
        if not inspect.isroutine(call) and not inspect.isclass(call) and not isinstance(call, partial):
            yield from _layers(type(call).__call__ if callable(call) else None)
        call = call.func if isinstance(call, partial) else getattr(call, "__wrapped__", None)
        seen += 1


def _any_layer(call: Any, test: Callable[[Any], bool]) -> bool:
    return any(test(layer) for layer in _layers(call))
