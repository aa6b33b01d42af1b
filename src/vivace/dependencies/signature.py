"""Reading a callable's signature: parameters with their annotations evaluated, whatever wraps the callable.

Annotations may be strings (PEP 563, quoted names) or lazily evaluated (Python 3.14); what can't be evaluated, because
a name is only imported for type checkers, stays a `ForwardRef`.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable, Generator, Iterable, Iterator
from functools import partial
from typing import Any, ForwardRef, get_args, get_origin

from pydantic._internal._typing_extra import try_eval_type

from vivace.dependencies.callables import unwrap

_STREAMS = (AsyncIterable, AsyncIterator, AsyncGenerator, Iterable, Iterator, Generator)


def get_typed_signature(call: Callable[..., Any]) -> inspect.Signature:
    """The signature with string annotations replaced by what they name."""
    signature = _signature(call)
    names = _namespace(call)
    parameters = [
        p.replace(annotation=get_typed_annotation(p.annotation, names)) for p in signature.parameters.values()
    ]
    return signature.replace(parameters=parameters)


def get_typed_return_annotation(call: Callable[..., Any]) -> Any:
    """The evaluated return annotation; None where there is none or where it says None."""
    annotation = _signature(call).return_annotation
    if annotation is inspect.Signature.empty:
        return None
    return get_typed_annotation(annotation, _namespace(call))


def get_typed_annotation(annotation: Any, names: dict[str, Any]) -> Any:
    if isinstance(annotation, type):
        return None if annotation is type(None) else annotation
    if isinstance(annotation, str):
        annotation = ForwardRef(annotation)
    evaluated, _ = try_eval_type(annotation, names, names)
    return None if evaluated is type(None) else evaluated


def get_stream_item_type(annotation: Any) -> Any:
    """`T` of `AsyncIterable[T]` and its kin, `Any` when it is bare, None when it is no stream."""
    origin = get_origin(annotation) or annotation
    if origin not in _STREAMS:
        return None
    args = get_args(annotation)
    return args[0] if args else Any


def _signature(call: Callable[..., Any]) -> inspect.Signature:
    if sys.version_info >= (3, 14):  # unresolvable names stay ForwardRef instead of raising
        import annotationlib

        return inspect.signature(call, annotation_format=annotationlib.Format.FORWARDREF)
    return inspect.signature(call)


def _namespace(call: Callable[..., Any]) -> dict[str, Any]:
    """The globals in which the annotations of `call` were written."""
    target = unwrap(call)
    if inspect.isclass(target):
        return vars(sys.modules[target.__module__]) if target.__module__ in sys.modules else {}
    if not hasattr(target, "__globals__") and not isinstance(target, partial):
        target = unwrap(type(target).__call__ if callable(target) else target)
    return getattr(target, "__globals__", {})
