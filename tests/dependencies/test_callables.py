"""What kind of callable a dependency is."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from vivace.dependencies.callables import is_async_gen_callable, is_coroutine_callable, is_gen_callable

Kind = Callable[[Any], bool]


def plain() -> None: ...


async def coroutine() -> None: ...


def generator() -> Iterator[None]:
    yield


async def async_generator() -> AsyncIterator[None]:
    yield


def calling(function: Any, **attributes: Any) -> Any:
    """An object that is called as `function` is."""

    return type("Calling", (), {"__call__": staticmethod(function), **attributes})()


WRAPS: dict[str, Callable[[Any], Any]] = {
    "itself": lambda function: function,
    "partial": functools.partial,
    "wrapped": lambda function: functools.wraps(function)(lambda *_: function()),
    "object": calling,
    "not hashable": lambda function: calling(function, __hash__=None),
    "partial of an object": lambda function: functools.partial(calling(function)),
}


@pytest.mark.parametrize("wrap", WRAPS.values(), ids=WRAPS)
@pytest.mark.parametrize(
    ("function", "is_kind"),
    [(coroutine, is_coroutine_callable), (generator, is_gen_callable), (async_generator, is_async_gen_callable)],
)
def test_a_kind_is_known_through_what_wraps_it(function: Any, is_kind: Kind, wrap: Callable[[Any], Any]) -> None:
    call = wrap(function)
    kinds = is_coroutine_callable, is_gen_callable, is_async_gen_callable
    assert [kind for kind in kinds if kind(call)] == [is_kind]
    assert not is_kind(wrap(plain))


def test_equal_callables_of_different_kinds_are_told_apart() -> None:
    alike = {"__eq__": lambda self, other: True, "__hash__": lambda self: 1}
    one, other = calling(coroutine, **alike), calling(plain, **alike)
    assert one == other
    assert (is_coroutine_callable(one), is_coroutine_callable(other)) == (True, False)


def test_an_annotation_says_nothing() -> None:
    def promises() -> AsyncIterator[None]: ...  # type: ignore[empty-body]

    assert not is_async_gen_callable(promises)
