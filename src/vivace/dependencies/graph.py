"""From a callable to its `Dependant`: the signature read, each parameter placed, each dependency followed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from vivace import params
from vivace.dependencies.models import Dependant, Scope
from vivace.dependencies.parameters import Parameter, add_field, add_special, analyze
from vivace.dependencies.signature import get_typed_signature
from vivace.exceptions import DependencyScopeError
from vivace.fields import ModelField

_PATH_NAME = re.compile(r"{(.*?)}")


def path_param_names(path: str) -> set[str]:
    """The names between braces, as FastAPI reads them: `{item_id}` and, with its convertor, `{file:path}`."""
    return {name.partition(":")[0] for name in _PATH_NAME.findall(path)}


def get_dependant(
    *,
    path: str,
    call: Callable[..., Any],
    name: str | None = None,
    own_oauth_scopes: list[str] | None = None,
    parent_oauth_scopes: list[str] | None = None,
    use_cache: bool = True,
    scope: Scope | None = None,
    concurrency: Any = None,
) -> Dependant:
    """Read the signature of `call` as a path operation or dependency below `path`.

    Raises:
        AssertionError, FastAPIError: a parameter is declared in a way that can't be served.
        DependencyScopeError: a dependency that outlives the response depends on one that does not.
    """
    dependant = Dependant(
        call=call,
        name=name,
        path=path,
        use_cache=use_cache,
        scope=scope,
        concurrency=concurrency,
        own_oauth_scopes=own_oauth_scopes,
        parent_oauth_scopes=parent_oauth_scopes,
    )
    names = path_param_names(path)
    for p in get_typed_signature(call).parameters.values():
        _place(analyze(p.name, p.annotation, p.default, names), dependant)
    return dependant


def _place(parameter: Parameter, dependant: Dependant) -> None:
    if parameter.depends is not None:
        sub = sub_dependant(parameter.depends, dependant, parameter.name)
        _check_scopes(dependant, parameter.depends)
        dependant.dependencies.append(sub)
    elif parameter.special is not None:
        add_special(parameter.special, parameter.name, dependant)
    elif parameter.field is not None:
        add_field(parameter.field, dependant)


def sub_dependant(depends: params.Depends, parent: Dependant, name: str | None = None) -> Dependant:
    """The dependency that `depends` declares, under the scopes that its parent has gathered."""
    assert depends.dependency is not None
    return get_dependant(
        path=parent.path or "",
        call=depends.dependency,
        name=name,
        own_oauth_scopes=list(depends.scopes or ()) if isinstance(depends, params.Security) else None,
        parent_oauth_scopes=parent.oauth_scopes or None,
        use_cache=depends.use_cache,
        scope=depends.scope,
        concurrency=getattr(depends, "_concurrency", None),
    )


def _check_scopes(dependant: Dependant, depends: params.Depends) -> None:
    if dependant.is_generator and dependant.computed_scope == "request" and depends.scope == "function":
        assert dependant.call is not None
        raise DependencyScopeError(
            f'The dependency "{getattr(dependant.call, "__name__", dependant.call)}" has a scope of "request", '
            'it cannot depend on dependencies with scope "function".'
        )


def with_dependencies(dependant: Dependant, dependencies: Sequence[params.Depends]) -> Dependant:
    """The dependant with router-, app- or decorator-level dependencies put before its own, outermost first.

    Raises:
        AssertionError: one of them depends on what can't be called.
    """
    for depends in dependencies:
        assert callable(depends.dependency), _not_callable(depends, dependant)
    subs = [sub_dependant(depends, dependant) for depends in dependencies]
    dependant.dependencies[:0] = subs
    return dependant


def _not_callable(depends: params.Depends, dependant: Dependant) -> str:
    function = getattr(dependant.call, "__qualname__", repr(dependant.call))
    return (
        f"The `dependencies` of {function}(), its own or those of its routers and application, hold "
        f"{type(depends).__name__}({depends.dependency!r}), which can't be called. A parameter-less dependency must "
        "have a callable dependency: write `Depends(function)`, with the function itself."
    )


def flat_fields(dependant: Dependant, place: str) -> Iterator[ModelField]:
    """The fields of one place ("path_params", "body_params", ...) over the whole graph: own first, then below."""
    seen: set[Any] = set()

    def visit(node: Dependant) -> Iterator[ModelField]:
        if node.cache_key in seen:
            return
        seen.add(node.cache_key)
        yield from getattr(node, place)
        for sub in node.dependencies:
            yield from visit(sub)

    yield from visit(dependant)


def flat_params(dependant: Dependant) -> list[ModelField]:
    """All path, query, header and cookie fields of the graph, in this order."""
    places = ("path_params", "query_params", "header_params", "cookie_params")
    return [field for place in places for field in flat_fields(dependant, place)]
