"""The dependency graph as data: one `Dependant` for each callable whose parameters are solved from a request.

Nothing here reads a signature (`graph.py` does) or a request (`solve.py` does).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, field
from typing import Any, Literal

from vivace.dependencies.callables import (
    is_async_gen_callable,
    is_coroutine_callable,
    is_gen_callable,
    kept_is_async_gen,
    kept_is_coroutine,
    kept_is_gen,
    unwrap,
)
from vivace.fields import ModelField
from vivace.security.base import SecurityBase

Scope = Literal["function", "request"]
CacheKey = tuple[Callable[..., Any] | None, tuple[str, ...], str]


@dataclass(eq=False, slots=True)
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

    # What follows from these is worked out when it is asked for: packages add dependencies to a graph that is there.

    @property
    def oauth_scopes(self) -> list[str]:
        """The scopes asked for by those above it, then its own, each once."""
        if not self.parent_oauth_scopes and not self.own_oauth_scopes:
            return []
        return list(dict.fromkeys([*(self.parent_oauth_scopes or []), *(self.own_oauth_scopes or [])]))

    @property
    def cache_key(self) -> CacheKey:
        """Two dependants with one key share one result in a request."""
        scopes = self.oauth_scopes
        counted = tuple(sorted(scopes)) if scopes and self.uses_scopes else ()
        return self.call, counted, self.computed_scope or ""

    @property
    def uses_scopes(self) -> bool:
        """Whether the result may differ with the security scopes asked for."""
        if self.own_oauth_scopes or self.security_scopes_param_name is not None or self.is_security_scheme:
            return True
        return any(sub.uses_scopes for sub in self.dependencies)

    @property
    def security_scheme(self) -> SecurityBase | None:
        target = unwrap(self.call)
        return target if isinstance(target, SecurityBase) else None

    @property
    def is_security_scheme(self) -> bool:
        return self.security_scheme is not None

    @property
    def is_gen_callable(self) -> bool:
        return is_gen_callable(self.call)

    @property
    def is_async_gen_callable(self) -> bool:
        return is_async_gen_callable(self.call)

    @property
    def is_coroutine_callable(self) -> bool:
        return is_coroutine_callable(self.call)

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

    @property
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


# -- further names of all this, private in FastAPI, that its tests and some packages use


def _get_oauth_scopes(*, dependant: Dependant) -> list[str]:
    return dependant.oauth_scopes


def _uses_scopes(*, dependant: Dependant, cache: Any = None) -> bool:  # noqa: ARG001  # as it is called
    return dependant.uses_scopes


def _get_cache_key(*, dependant: Dependant, uses_scopes_cache: Any = None) -> CacheKey:  # noqa: ARG001  # as it is called
    return dependant.cache_key


def _get_computed_scope(*, dependant: Dependant) -> str | None:
    return dependant.computed_scope


def _get_security_scheme(*, dependant: Dependant) -> SecurityBase | None:
    return dependant.security_scheme


def _is_security_scheme(*, dependant: Dependant) -> bool:
    return dependant.is_security_scheme


_is_gen_callable, _is_gen_callable_cached = is_gen_callable, kept_is_gen
_is_async_gen_callable, _is_async_gen_callable_cached = is_async_gen_callable, kept_is_async_gen
_is_coroutine_callable, _is_coroutine_callable_cached = is_coroutine_callable, kept_is_coroutine
