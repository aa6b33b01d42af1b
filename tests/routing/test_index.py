"""The index against Starlette's loop over all routes, which is the definition of what it has to find.

A drawn program declares, includes, mounts, replaces and removes in a tree of routers; beside it stands a model of the
tree that a dozen lines flatten into Starlette's own routes. After each step both are asked the same.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from starlette.routing import BaseRoute, Match, Mount, Route, WebSocketRoute

from vivace import APIRouter
from vivace.exceptions import FastAPIError
from vivace.routing import APIRoute, APIWebSocketRoute

LITERALS = ["a", "b", "ab"]
WORDS = ["a", "b", "1", "-1", "v1", "x.json", "", "a b"]
segments = st.sampled_from([*LITERALS, *LITERALS, "{x}", "{n:int}", "v{y}", "{z}.json", "{rest:path}", ""])
paths = st.lists(segments, min_size=1, max_size=3, unique=True).map(lambda found: "/" + "/".join(found))
prefixes = st.sampled_from(["", "/a", "/b", "/{tenant}"])
methods = st.sampled_from(["GET", "POST"])
routers = st.sampled_from([0, 0, 0, 1, 1, 2, 3])


class Picky(Route):
    """Decides for itself."""

    def matches(self, scope: Any) -> tuple[Match, Any]:
        return super().matches(scope) if "b" in scope["path"] else (Match.NONE, {})


class PickyOperation(APIRoute):
    """The same."""

    def matches(self, scope: Any) -> tuple[Match, Any]:
        return super().matches(scope) if "b" in scope["path"] else (Match.NONE, {})


class Tracking(APIRouter):
    """Has rules of its own, which say what the usual ones say."""

    def matches(self, scope: Any) -> tuple[Match, Any]:
        return super().matches(scope)


class Leaf:
    """A route as the model knows it."""

    def __init__(self, kind: str, path: str, method: str, number: int) -> None:
        self.kind, self.path, self.method, self.endpoint = kind, path, method, endpoint(number)

    def declared(self) -> BaseRoute:
        """In Vivace's terms."""
        match self.kind:
            case "operation":
                return APIRoute(self.path, self.endpoint, methods=[self.method])
            case "picky":
                return PickyOperation(self.path, self.endpoint, methods=[self.method])
            case "websocket":
                return APIWebSocketRoute(self.path, self.endpoint)
        return self.below("")

    def below(self, prefix: str) -> BaseRoute:
        """In Starlette's."""
        path = prefix + self.path
        if self.kind == "mount":
            return Mount(path, app=self.endpoint)
        if "websocket" in self.kind:
            return WebSocketRoute(path, self.endpoint)
        route = (Picky if self.kind == "picky" else Route)(path, self.endpoint, methods=[self.method])
        if self.kind != "plain":
            route.methods = {self.method}  # an operation for GET does not answer HEAD
        return route


class Program:
    """The tree twice: as Vivace's routers, the first of which is asked, and as nested lists."""

    def __init__(self) -> None:
        self.routers = [APIRouter(), APIRouter(), Tracking(), APIRouter()]
        self.model: list[list[Any]] = [[] for _ in self.routers]
        self.declared = 0

    def declare(self, kind: str, router: int, path: str, method: str, at: int) -> None:
        self.declared += 1
        leaf = Leaf(kind, path, method, self.declared)
        self.model[router].insert(at, leaf)
        self.routers[router].routes.insert(at, leaf.declared())

    def include(self, outer: int, inner: int, prefix: str) -> None:
        try:
            self.routers[outer].include_router(self.routers[inner], prefix=prefix)
        except FastAPIError:  # as in FastAPI: without a prefix, and with a mount at the root below
            return
        self.model[outer].append((prefix, self.model[inner]))

    def remove(self, router: int, at: int) -> None:
        if self.model[router]:
            del self.model[router][at % len(self.model[router])]
            del self.routers[router].routes[at % len(self.routers[router].routes)]

    def replace(self, router: int) -> None:
        self.model[router].reverse()
        self.routers[router].routes = self.routers[router].routes[::-1]  # type: ignore[assignment]

    def leaves(self) -> list[tuple[str, Leaf]]:
        return list(flattened(self.model[0], ""))


def flattened(model: list[Any], prefix: str) -> Any:
    """Every leaf, with the prefixes of all routers above it."""
    for entry in model:
        if isinstance(entry, Leaf):
            yield prefix, entry
        else:
            yield from flattened(entry[1], prefix + entry[0])


def endpoint(number: int) -> Any:
    async def found() -> None: ...

    found.__name__ = f"endpoint_{number}"
    return found


def by_loop(routes: list[BaseRoute], scope: Any) -> tuple[Any, ...]:
    """As Starlette finds it."""
    partial = None
    for route in routes:
        match, child = route.matches(dict(scope))
        if match is Match.FULL:
            return match, child["endpoint"], child["path_params"]
        if match is Match.PARTIAL and partial is None:
            partial = match, child["endpoint"], child["path_params"]
    return partial or (Match.NONE,)


def by_index(router: APIRouter, scope: Any) -> tuple[Any, ...]:
    match, route, child = router.index.match(dict(scope))
    while hasattr(route, "original_router"):  # one with rules of its own: its index looks further
        match, route, child = route.index.match(dict(scope))
    return (match, child["endpoint"], child["path_params"]) if match is not Match.NONE else (match,)


kinds = st.sampled_from(["operation"] * 4 + ["plain", "picky", "mount", "websocket", "plain websocket"])
declaring = st.tuples(st.just("declare"), kinds, routers, paths, methods, st.integers(0, 5))
including = st.sampled_from([(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]).flatmap(
    lambda pair: st.tuples(st.just("include"), st.just(pair[0]), st.just(pair[1]), prefixes)
)
removing = st.tuples(st.just("remove"), routers, st.integers(0, 5))
replacing = st.tuples(st.just("replace"), routers)
PARAMETER = re.compile(r"{(\w+)(:\w+)?}")


def well_formed(prefix: str, leaf: Leaf) -> bool:
    """Whether the path has no two parameters of one name, which is refused."""
    names = [name for name, _ in PARAMETER.findall(prefix + leaf.path)]
    return len(names) == len(set(names))


@st.composite
def near(draw: st.DrawFn, templates: list[str]) -> str:
    """A path that one of the templates may fit, or nearly."""
    path = PARAMETER.sub(lambda _: draw(st.sampled_from(WORDS)), draw(st.sampled_from(templates)))
    return path + draw(st.sampled_from(["", "", "", "/", "/a", "\n", "/\n"]))


@given(st.data())
def test_finds_what_the_loop_finds(data: st.DataObject) -> None:
    program = Program()
    steps = data.draw(st.lists(including, max_size=3)) + data.draw(st.lists(declaring, min_size=2, max_size=6))
    steps += data.draw(st.lists(st.one_of(declaring, including, removing, replacing), max_size=4))
    for name, *arguments in steps:
        getattr(program, name)(*arguments)
        leaves = program.leaves()
        if not all(well_formed(*leaf) for leaf in leaves):
            return
        routes = [leaf.below(prefix) for prefix, leaf in leaves]
        templates = [prefix + leaf.path for prefix, leaf in leaves]
        for path in data.draw(st.lists(near(templates), min_size=1, max_size=4)) if templates else ():
            for kind, method in (("http", "GET"), ("http", "HEAD"), ("websocket", "")):
                scope = {"type": kind, "method": method, "path": path, "root_path": "", "headers": []}
                expected = by_loop(routes, scope)
                event(expected[0].name)
                assert by_index(program.routers[0], scope) == expected, (kind, method, path)


def test_path_parameters_of_a_mount_above_stay() -> None:
    router = APIRouter(routes=[Route("/{x}", endpoint(1))])
    scope = {"type": "http", "method": "GET", "path": "/1", "root_path": "", "path_params": {"tenant": "t"}}
    assert router.index.match(scope)[2]["path_params"] == {"tenant": "t", "x": "1"}


def test_a_regular_expression_that_was_exchanged_counts() -> None:
    router = APIRouter()
    router.add_api_route("/Items/{name}", endpoint(1))
    router.add_api_route("/Other", endpoint(2))
    for route in router.routes:
        assert isinstance(route, APIRoute)
        route.path_regex = re.compile(route.path_regex.pattern, re.IGNORECASE)  # type: ignore[misc]
    for path in ("/items/x", "/OTHER"):
        scope = {"type": "http", "method": "GET", "path": path, "root_path": ""}
        assert router.index.match(scope)[0] is Match.FULL


def test_rules_of_one_object_count() -> None:
    router = APIRouter()
    router.add_api_route("/items", endpoint(1))
    router.routes[0].matches = lambda scope: (Match.NONE, {})  # type: ignore[method-assign]
    assert router.index.match({"type": "http", "method": "GET", "path": "/items", "root_path": ""})[0] is Match.NONE


@pytest.mark.parametrize("path", ["items", "{name}", ""])
def test_a_path_without_a_slash_is_declared_and_never_found(path: str) -> None:
    router = APIRouter()
    router.add_api_route(path, endpoint(1))
    scope = {"type": "http", "method": "GET", "path": "/items", "root_path": ""}
    assert router.index.match(scope)[0] is Match.NONE


def test_a_tree_that_did_not_change_keeps_its_tables() -> None:
    router = APIRouter()
    router.add_api_route("/items", endpoint(1))
    router.index.refresh()
    table, version = router.index.http, router.index.version
    APIRouter().add_api_route("/elsewhere", endpoint(2))
    router.index.refresh()
    assert (router.index.http, router.index.version) == (table, version)
    router.add_api_route("/more", endpoint(3))
    router.index.refresh()
    assert router.index.http is not table
    assert router.index.version is not version


def test_a_route_that_stays_keeps_what_was_made_of_it() -> None:
    app, router = APIRouter(), APIRouter()
    router.add_api_route("/items", endpoint(1))
    app.include_router(router, prefix="/api")
    scope = {"type": "http", "method": "GET", "path": "/api/items", "root_path": ""}
    before = app.index.match(scope)[1]
    router.add_api_route("/more", endpoint(2))
    assert app.index.match(scope)[1] is before
