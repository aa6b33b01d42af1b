"""`get`, `put`, `post`, ...: one decorator for each HTTP method, for routers and applications alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Unpack

from vivace.operation.options import MethodOptions, OperationOptions
from vivace.types import DecoratedCallable



class Methods:
    """The decorators, in terms of `api_route`."""

    def api_route(self, path: str, **options: Unpack[MethodOptions]) -> Callable[[Any], Any]:
        raise NotImplementedError

    def get(self, path: str, **options: Unpack[OperationOptions]) -> Callable[[DecoratedCallable], DecoratedCallable]:
        """Declare a path operation for GET."""
        return self.api_route(path, methods=["GET"], **options)

    def put(self, path: str, **options: Unpack[OperationOptions]) -> Callable[[DecoratedCallable], DecoratedCallable]:
        """Declare a path operation for PUT."""
        return self.api_route(path, methods=["PUT"], **options)

    def post(self, path: str, **options: Unpack[OperationOptions]) -> Callable[[DecoratedCallable], DecoratedCallable]:
        """Declare a path operation for POST."""
        return self.api_route(path, methods=["POST"], **options)

    def delete(self, path: str, **options: Unpack[OperationOptions]) -> Callable[[DecoratedCallable], DecoratedCallable]:
        """Declare a path operation for DELETE."""
        return self.api_route(path, methods=["DELETE"], **options)

    def options(self, path: str, **options: Unpack[OperationOptions]) -> Callable[[DecoratedCallable], DecoratedCallable]:
        """Declare a path operation for OPTIONS."""
        return self.api_route(path, methods=["OPTIONS"], **options)

    def head(self, path: str, **options: Unpack[OperationOptions]) -> Callable[[DecoratedCallable], DecoratedCallable]:
        """Declare a path operation for HEAD."""
        return self.api_route(path, methods=["HEAD"], **options)

    def patch(self, path: str, **options: Unpack[OperationOptions]) -> Callable[[DecoratedCallable], DecoratedCallable]:
        """Declare a path operation for PATCH."""
        return self.api_route(path, methods=["PATCH"], **options)

    def trace(self, path: str, **options: Unpack[OperationOptions]) -> Callable[[DecoratedCallable], DecoratedCallable]:
        """Declare a path operation for TRACE."""
        return self.api_route(path, methods=["TRACE"], **options)
