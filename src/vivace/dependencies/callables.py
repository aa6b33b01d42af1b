"""What kind of callable a dependency is: read from the code, through everything that wraps it.

Annotations say nothing here. Answers are kept by identity: callables may be equal, or not hashable at all, and still
be different ones.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from typing import Any

_KEPT = 4096  # answers of each kind: more than the callables of a large application


class _Same:
    """A callable as a key: equal to itself alone."""

    __slots__ = ("call",)

    def __init__(self, call: Any) -> None:
        self.call = call

    def __hash__(self) -> int:
        return id(self.call)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.call is other.call


def is_gen_callable(call: Any) -> bool:
    """Whether it yields, and is no coroutine function: a dependency with teardown that runs in a thread."""
    return kept_is_gen(_Same(call))


def is_async_gen_callable(call: Any) -> bool:
    """Whether it is an asynchronous generator function: a dependency with teardown that is awaited."""
    return kept_is_async_gen(_Same(call))


def is_coroutine_callable(call: Any) -> bool:
    """Whether calling it gives something to await; everything else is called in a thread."""
    return kept_is_coroutine(_Same(call))


@lru_cache(_KEPT)
def kept_is_gen(key: _Same) -> bool:
    return _any_layer(key.call, inspect.isgeneratorfunction)


@lru_cache(_KEPT)
def kept_is_async_gen(key: _Same) -> bool:
    return _any_layer(key.call, inspect.isasyncgenfunction)


@lru_cache(_KEPT)
def kept_is_coroutine(key: _Same) -> bool:
    return _any_layer(key.call, inspect.iscoroutinefunction)


def unwrap(call: Callable[..., Any] | None) -> Any:
    """The callable below `functools.partial` and `functools.wraps` layers."""
    target: Any = call
    while True:
        if isinstance(target, partial):
            target = target.func
        elif hasattr(target, "__wrapped__"):
            target = target.__wrapped__
        else:
            return target


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
