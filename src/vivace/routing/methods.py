"""`get`, `put`, `post`, ...: one decorator for each HTTP method, for routers and applications alike."""

from __future__ import annotations

from typing import Protocol, Unpack

from vivace.keywords import spelled_out
from vivace.operation.options import DEFAULTS, OperationOptions
from vivace.types import DecoratedCallable


class Decorator(Protocol):
    """What leaves a function as it is, whatever its type."""

    def __call__(self, function: DecoratedCallable, /) -> DecoratedCallable: ...


_written_out = spelled_out(OperationOptions, DEFAULTS)


class Methods:
    """The decorators, in terms of one that takes the method."""

    def _declare(self, method: str, path: str, options: OperationOptions) -> Decorator:
        raise NotImplementedError

    @_written_out
    def get(self, path: str, **options: Unpack[OperationOptions]) -> Decorator:
        """Declare a path operation for GET."""
        return self._declare("GET", path, options)

    @_written_out
    def put(self, path: str, **options: Unpack[OperationOptions]) -> Decorator:
        """Declare a path operation for PUT."""
        return self._declare("PUT", path, options)

    @_written_out
    def post(self, path: str, **options: Unpack[OperationOptions]) -> Decorator:
        """Declare a path operation for POST."""
        return self._declare("POST", path, options)

    @_written_out
    def delete(self, path: str, **options: Unpack[OperationOptions]) -> Decorator:
        """Declare a path operation for DELETE."""
        return self._declare("DELETE", path, options)

    @_written_out
    def options(self, path: str, **options: Unpack[OperationOptions]) -> Decorator:
        """Declare a path operation for OPTIONS."""
        return self._declare("OPTIONS", path, options)

    @_written_out
    def head(self, path: str, **options: Unpack[OperationOptions]) -> Decorator:
        """Declare a path operation for HEAD."""
        return self._declare("HEAD", path, options)

    @_written_out
    def patch(self, path: str, **options: Unpack[OperationOptions]) -> Decorator:
        """Declare a path operation for PATCH."""
        return self._declare("PATCH", path, options)

    @_written_out
    def trace(self, path: str, **options: Unpack[OperationOptions]) -> Decorator:
        """Declare a path operation for TRACE."""
        return self._declare("TRACE", path, options)
