"""The routing table against Starlette's loop over all routes, which is the definition of what it has to find."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.routing import Match, Route

from vivace.match import Candidate, Table


def endpoint() -> None: ...


def table_of(routes: list[Route]) -> Table:
    return Table(
        [
            Candidate(route, route.path_format, route.param_convertors, frozenset(route.methods or ()))
            for route in routes
        ]
    )


def by_loop(routes: list[Route], method: str, path: str) -> tuple[Route, dict[str, object], bool] | None:
    """Starlette's way: the first full match, else the first partial one."""
    partial = None
    for route in routes:
        match, scope = route.matches({"type": "http", "method": method, "path": path, "root_path": ""})
        if match is Match.FULL:
            return route, scope["path_params"], False
        if match is Match.PARTIAL and partial is None:
            partial = route, scope["path_params"], True
    return partial


def by_table(table: Table, method: str, path: str) -> tuple[Route, dict[str, object], bool] | None:
    found = table.find(method, path)
    if found is None:
        return None
    hit, args = found
    return hit.target, dict(zip(hit.target.param_convertors, args, strict=True)), hit.partial


SEGMENTS = st.sampled_from(["items", "users", "me", "{a}", "{b:int}", "{c:float}", "{d:uuid}", "v{e}", "{f}.json", ""])
TEMPLATES = st.tuples(st.lists(SEGMENTS, min_size=1, max_size=4), st.booleans()).map(
    lambda parts: "/" + "/".join(parts[0]) + ("/{rest:path}" if parts[1] else "")
)
WORDS = st.sampled_from(
    ["items", "users", "me", "1", "-1", "1.5", "x.json", "v2", "", "b6ee4a52-1b36-4b0b-9c0e-5d3a0ab1a3c8", "a b"]
)
PATHS = st.lists(WORDS, min_size=1, max_size=5).map(lambda words: "/" + "/".join(words))


def distinct(template: str) -> bool:
    names = [part.split("}")[0].split(":")[0] for part in template.split("{")[1:]]
    return len(names) == len(set(names))


@given(
    st.lists(st.tuples(TEMPLATES.filter(distinct), st.sampled_from(["GET", "POST", "PUT"])), min_size=1, max_size=8),
    st.lists(PATHS, min_size=1, max_size=12),
)
def test_finds_what_the_loop_finds(declared: list[tuple[str, str]], paths: list[str]) -> None:
    routes = [Route(template, endpoint, methods=[method]) for template, method in declared]
    table = table_of(routes)
    for path in [*paths, *(template for template, _ in declared)]:
        for method in ("GET", "HEAD", "POST", "DELETE"):
            assert by_table(table, method, path) == by_loop(routes, method, path), (method, path)


def test_the_first_declared_wins() -> None:
    me = Route("/users/me", endpoint)
    anyone = Route("/users/{name}", endpoint)
    assert by_table(table_of([me, anyone]), "GET", "/users/me") == (me, {}, False)
    assert by_table(table_of([anyone, me]), "GET", "/users/me") == (anyone, {"name": "me"}, False)


def test_a_full_match_wins_over_an_earlier_partial_one() -> None:
    read = Route("/items", endpoint, methods=["GET"])
    write = Route("/items", endpoint, methods=["POST"])
    assert by_table(table_of([read, write]), "POST", "/items") == (write, {}, False)
    assert by_table(table_of([read, write]), "PUT", "/items") == (read, {}, True)


@pytest.mark.parametrize("path", ["/items", "/items/", "/items/1/2", "//items/1", "items/1"])
def test_segments_are_exact(path: str) -> None:
    assert table_of([Route("/items/{n}", endpoint)]).find("GET", path) is None


def test_opaque_candidates_keep_their_order() -> None:
    table = Table([Candidate("mount", None), Candidate("route", "/a", methods=frozenset({"GET"}))])
    assert table.opaque == [(0, "mount")]
    found = table.find("GET", "/a")
    assert found is not None
    assert found[0].order == 1
