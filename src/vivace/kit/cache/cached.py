"""One function with its cache: called as a function, or before a `KitRoute`."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool

from vivace import Request, Response
from vivace.exchange import ASGIExchange
from vivace.fronts import Behind, Exchange, Front, Run
from vivace.kit.cache.answer import request_key
from vivace.kit.cache.exchange import CachedExchange
from vivace.kit.cache.flight import Job, Made
from vivace.kit.cache.options import Options
from vivace.kit.cache.value import Call, Codec
from vivace.kit.route import Around, Handler, mark

if TYPE_CHECKING:
    from vivace.kit.cache.cache import Cache


class Cached(Around, Front):
    """What `@cache(...)` knows of a function."""

    def __init__(self, cache: Cache, function: Callable[..., Any], options: Options) -> None:
        if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
            raise TypeError(f"{function.__qualname__} yields: what comes piece by piece is not cached")
        self.cache, self.function, self.options = cache, function, options
        self.name = f"{function.__module__}.{function.__qualname__}"
        self._signature = inspect.signature(function)
        self._codec = Codec(function)

    def wrapper(self) -> Callable[..., Awaitable[Any]]:
        @wraps(self.function)
        async def cached(*args: Any, **kwargs: Any) -> Any:
            return await self.call(args, kwargs)

        mark(cached, self)
        return cached

    def __repr__(self) -> str:
        return f"the cache of {self.name}: ttl={self.options.ttl:g} s"

    def around(self, behind: Behind) -> Run:
        from vivace.kit.cache.line import Line

        return Line(self, behind).serve

    def wrap(self, handler: Handler) -> Handler:
        options = self.options

        async def rest(x: Exchange) -> Response:
            return await handler(x.request)

        async def cached(request: Request) -> Response:
            x = ASGIExchange.of(request)
            key = self.key(x)
            if key is None:
                return await handler(request)
            tags = options.tag_names(request.path_params, request)
            exchange = CachedExchange(self, rest, x, key, tags, runs=options.run_dependencies)
            response = await exchange.respond()
            assert response is not None  # a handler gives one
            return response

        return cached

    def key(self, x: Exchange) -> str | None:
        """Under which key the answer to a request is kept; None: it passes by the cache."""
        key = request_key(x, self.options) if x.method in ("GET", "HEAD") else None
        return None if key is None else f"{self.name}|{key}"

    async def call(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """As a function, by its arguments."""
        options = self.options
        self._check_called()
        call = Call(self._signature, args, kwargs)
        key = f"{self.name}|{call.key(self.name, options)}"
        tags = options.tag_names(call.arguments, *args, **kwargs)

        async def make() -> Made[Any]:
            value = await self.run(args, kwargs)
            return Made(value, self._codec.dump(value))

        got = await self.cache.fetch(Job(key, tags, options, make))
        if isinstance(got, bytes):
            try:
                return self._codec.load(got)
            except ValueError:  # kept by another version of the program
                await self.cache.drop(key)
                got = None
        return await self.run(args, kwargs) if got is None else got.value

    async def run(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The function itself; a `def` one in a thread."""
        if inspect.iscoroutinefunction(self.function):
            return await self.function(*args, **kwargs)
        return await run_in_threadpool(self.function, *args, **kwargs)

    def _check_called(self) -> None:
        if self.options.user is not None or self.options.vary:
            raise TypeError(
                f"{self.name} has user= or vary=, and was called as a function. They are for endpoints: declare it on a"
                " router with route_class=KitRoute"
            )
