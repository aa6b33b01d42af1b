"""Keyword parameters that are stated once, in a `TypedDict`, and taken in many places.

`def f(**options: Unpack[Options])` shows every option to editors and type checkers. What it doesn't do by itself is
here: refuse a wrong keyword at run time, and show the options to `help()`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import Parameter, Signature, signature
from types import MappingProxyType
from typing import Any, TypeVar

from vivace.datastructures import _Unset

Options = TypeVar("Options", bound=Mapping[str, Any])
Function = TypeVar("Function", bound=Callable[..., Any])


def only(spec: Any, options: Options, callee: str) -> Options:
    """The options themselves, once each is known to be one of `spec`, a `TypedDict`.

    Raises:
        TypeError: there is another. Python itself would have said so, had the parameters been written out.
    """
    for name in options:
        if name not in spec.__annotations__:
            raise TypeError(f"{callee}() got an unexpected keyword argument {name!r}")
    return options


def spelled_out(spec: Any, defaults: Mapping[str, Any] = MappingProxyType({})) -> Callable[[Function], Function]:
    """Give a function the signature it would have, had the options of `spec` been written out."""
    spelled = [
        Parameter(name, Parameter.KEYWORD_ONLY, default=defaults.get(name, _Unset), annotation=annotation)
        for name, annotation in spec.__annotations__.items()
    ]

    def decorate(function: Function) -> Function:
        written = signature(function)
        own = [p for p in written.parameters.values() if p.kind is not Parameter.VAR_KEYWORD]
        vars(function)["__signature__"] = Signature([*own, *spelled], return_annotation=written.return_annotation)
        return function

    return decorate
