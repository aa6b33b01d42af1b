"""A function's result as a payload, by its annotated type; and the key of a call, by its arguments.

Nothing here can be made to run code: what comes out of a store is read as JSON and validated.
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable
from typing import Any

from pydantic import PydanticUserError, TypeAdapter
from pydantic_core import PydanticSerializationError, to_json

from vivace.kit.cache.options import Options


class Codec:
    """How the results of a function are kept."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self._adapter: TypeAdapter[Any] | None = None

    def dump(self, value: Any) -> bytes:
        """As JSON.

        Raises:
            TypeError: the result would not come back as it is.
        """
        adapter, text = self._the_adapter(), b""
        try:
            text = adapter.dump_json(value, warnings="error", by_alias=False, round_trip=True)
            same = self.load(text) == value
        except (ValueError, PydanticSerializationError):
            same = False
        if not same:
            raise TypeError(
                f"{self._name} gave a {type(value).__name__} that does not come back from JSON as it was:"
                " annotate the function's return type with a type that pydantic can validate"
            )
        return text

    def load(self, payload: bytes) -> Any:
        """The result; ValueError if it is not of the annotated type (any more)."""
        return self._the_adapter().validate_json(payload, by_alias=False, by_name=True)

    def _the_adapter(self) -> TypeAdapter[Any]:
        """Made when first used: annotations may name what is defined further below."""
        if self._adapter is None:
            hints = typing.get_type_hints(self._function, include_extras=True)
            try:
                self._adapter = TypeAdapter(hints.get("return", Any))
            except PydanticUserError as error:
                raise TypeError(f"{self._name}: its return type can't be cached: {error}") from error
        return self._adapter

    @property
    def _name(self) -> str:
        return f"{self._function.__module__}.{self._function.__qualname__}"


class Call:
    """One call of a function: its arguments by name, and the key they make."""

    def __init__(self, signature: inspect.Signature, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        self.args, self.kwargs, self.arguments = args, kwargs, bound.arguments

    def key(self, name: str, options: Options) -> str:
        """The given function's, or all arguments.

        Raises:
            TypeError: an argument is nothing that a key can be made of.
        """
        if options.key is not None:
            return options.key(*self.args, **self.kwargs)
        try:
            return to_json([_told(value) for value in self.arguments.values()]).decode()
        except PydanticSerializationError:
            unfit = [key for key, value in self.arguments.items() if not _tellable(value)]
            raise TypeError(
                f"{name}: no key can be made of {', '.join(map(repr, unfit))}."
                " Say what tells its calls apart: @cache(..., key=lambda ...: '...')"
            ) from None


def _told(value: Any) -> Any:
    """With its type, so that 1, True, "1" and 1.0 are four arguments."""
    return [type(value).__qualname__, value]


def _tellable(value: Any) -> bool:
    try:
        to_json(value)
    except PydanticSerializationError:
        return False
    return True
