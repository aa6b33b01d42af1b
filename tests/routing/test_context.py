"""What routers say of the routes below them, held against FastAPI: the same nested programs, the same outcome."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import fastapi
import fastapi.routing
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import HTMLResponse, PlainTextResponse

import vivace
import vivace.routing


def guard() -> None: ...


def lock() -> None: ...


def by_path(route: Any) -> str:
    return f"by_path:{route.path_format}"


def by_name(route: Any) -> str:
    return f"by_name:{route.name}"


def optional(**values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=values)


COMMON = {
    "tags": st.lists(st.sampled_from(["one", "two"]), max_size=2),
    "dependencies": st.lists(st.sampled_from([guard, lock]), max_size=2),
    "responses": st.dictionaries(
        st.sampled_from([404, 418, "default"]),
        st.sampled_from([{"description": "a"}, {"description": "b"}]),
        max_size=2,
    ),
    "callbacks": st.sampled_from([None, []]),
    "deprecated": st.sampled_from([None, True, False]),
    "include_in_schema": st.booleans(),
    "generate_unique_id_function": st.sampled_from([by_path, by_name]),
}
RESPONSE_CLASSES = st.sampled_from([HTMLResponse, PlainTextResponse])
including = optional(prefix=st.sampled_from(["", "/i"]), default_response_class=RESPONSE_CLASSES, **COMMON)
making = optional(
    prefix=st.sampled_from(["", "/r"]),
    default_response_class=RESPONSE_CLASSES,
    strict_content_type=st.booleans(),
    **COMMON,
)
applying = optional(
    default_response_class=RESPONSE_CLASSES,
    strict_content_type=st.booleans(),
    **{name: values for name, values in COMMON.items() if name != "tags"},
)
declaring = optional(response_class=RESPONSE_CLASSES, **COMMON)


def given_to(f: ModuleType, options: dict[str, Any]) -> dict[str, Any]:
    """The drawn options, dependencies in the terms of one of the two."""
    if "dependencies" not in options:
        return options
    return options | {"dependencies": [f.Depends(dependency) for dependency in options["dependencies"]]}


def effective(
    f: ModuleType, app: dict[str, Any], levels: list[tuple[dict[str, Any], dict[str, Any]]], route: dict[str, Any]
) -> list[Any]:
    """What a route, declared in the innermost of nested routers, comes to."""
    routing = f.routing
    outermost = outer = f.FastAPI(openapi_url=None, **given_to(f, app))
    for router_options, include_options in levels:
        router = f.APIRouter(**given_to(f, router_options))
        outer.include_router(router, **given_to(f, include_options))
        outer = router

    @outer.get("/x", **given_to(f, route))
    def read() -> None: ...

    [context] = routing.iter_route_contexts(outermost.routes)
    return [
        context.path,
        context.tags,
        [dependency.dependency for dependency in context.dependencies],
        context.responses,
        len(context.callbacks or []),
        bool(context.deprecated),
        context.include_in_schema,
        getattr(context.response_class, "value", context.response_class),
        context.unique_id,
        getattr(context.strict_content_type, "value", context.strict_content_type),
        context.dependency_overrides_provider is outermost,
    ]


@given(applying, st.lists(st.tuples(making, including), max_size=3), declaring)
def test_a_route_comes_to_the_same(app: Any, levels: Any, route: Any) -> None:
    assert effective(vivace, app, levels, route) == effective(fastapi, app, levels, route)


def test_what_is_said_of_a_router_later_holds_for_what_is_declared_later() -> None:
    app, router = vivace.FastAPI(openapi_url=None), vivace.APIRouter()
    app.include_router(router, tags=["api"])
    router.get("/early")(guard)
    router.tags.append("late")
    router.get("/late")(lock)
    tags = {context.path: context.tags for context in vivace.routing.iter_route_contexts(app.routes)}
    assert tags == {"/early": ["api"], "/late": ["api", "late"]}
