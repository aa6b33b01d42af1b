"""Every way to change a list of routes is noticed."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy, deepcopy
from typing import Any

import pytest
from starlette.routing import Route

from vivace.routing.tree import EPOCH, Routes


def answer(request: Any) -> Any: ...


def two() -> Routes:
    return Routes([Route("/a", answer), Route("/b", answer)])


def insert(routes: Routes) -> None:
    routes.insert(0, Route("/c", answer))


def assign(routes: Routes) -> None:
    routes[0] = Route("/c", answer)


def assign_slice(routes: Routes) -> None:
    routes[:] = []


def delete(routes: Routes) -> None:
    del routes[0]


def delete_slice(routes: Routes) -> None:
    del routes[:]


def add_in_place(routes: Routes) -> None:
    routes += [Route("/c", answer)]


def multiply_in_place(routes: Routes) -> None:
    routes *= 2


CHANGES: list[Callable[[Routes], Any]] = [
    lambda routes: routes.append(Route("/c", answer)),
    lambda routes: routes.extend([Route("/c", answer)]),
    insert,
    lambda routes: routes.remove(routes[0]),
    lambda routes: routes.pop(),
    lambda routes: routes.clear(),
    lambda routes: routes.sort(key=lambda route: route.path, reverse=True),  # type: ignore[attr-defined]
    lambda routes: routes.reverse(),
    assign,
    assign_slice,
    delete,
    delete_slice,
    add_in_place,
    multiply_in_place,
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_noticed(change: Callable[[Routes], Any]) -> None:
    routes = two()
    version, epoch = routes.version, EPOCH.now
    change(routes)
    assert routes.version is not version
    assert EPOCH.now is not epoch


def test_every_method_of_list_that_changes_it_is_here() -> None:
    reading = {"copy", "count", "index"}
    named = {name for name in vars(list) if not name.startswith("_")} - reading
    assert named <= set(vars(Routes))


def test_a_change_that_fails_halfway_is_noticed() -> None:
    def more() -> Any:
        yield Route("/c", answer)
        raise ValueError

    routes = two()
    version = routes.version
    with pytest.raises(ValueError):  # noqa: PT011
        routes.extend(more())
    assert len(routes) == 3
    assert routes.version is not version


def test_reading_changes_nothing() -> None:
    routes = two()
    version = routes.version
    assert [route for route in routes if route in routes] == routes[:]
    assert routes.version is version


@pytest.mark.parametrize("copied", [copy, deepcopy])
def test_a_copy_lives_for_itself(copied: Callable[[Routes], Routes]) -> None:
    routes = two()
    other = copied(routes)
    assert other == routes
    version = routes.version
    other.append(Route("/c", answer))
    assert len(routes) == 2
    assert routes.version is version
