"""`Cache`: the decorator, and what makes cached things go."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, ParamSpec, Protocol, TypeVar, overload

from vivace import Request
from vivace.kit.cache.cached import Cached
from vivace.kit.cache.flight import CacheUnavailable, Flights, Job, Made
from vivace.kit.cache.options import OnStoreDown, Options, Tags
from vivace.kit.cache.shelf import Shelf
from vivace.kit.store import Store, StoreUnavailable, Watch

P = ParamSpec("P")
T = TypeVar("T")

_logger = logging.getLogger("vivace.kit.cache")


class Decorator(Protocol):
    """What `@cache(...)` is: the function that it gives is awaited."""

    @overload
    def __call__(self, function: Callable[P, Awaitable[T]], /) -> Callable[P, Awaitable[T]]: ...
    @overload
    def __call__(self, function: Callable[P, T], /) -> Callable[P, Awaitable[T]]: ...


class Cache:
    """Keeps answers and results in a store.

    Args:
        store: where; in a namespace of its own.
        on_store_down: "open" runs what is cached as if it were not; "closed" answers 503; called functions raise
            `CacheUnavailable`, a `StoreUnavailable`.
        namespace: of the store.
    """

    def __init__(self, store: Store, *, on_store_down: OnStoreDown = "open", namespace: str = "cache") -> None:
        self.store = store.namespace(namespace)
        self.on_store_down = on_store_down
        self._flights = Flights(self.store)
        self._watch = Watch(_logger)

    def __call__(
        self,
        *,
        ttl: float,
        stale: float = 0.0,
        key: Callable[..., str] | None = None,
        tags: Tags = (),
        vary: Sequence[str] = (),
        user: Callable[[Request], str | None] | None = None,
        public: bool = False,
        max_age: int | None = None,
        run_dependencies: bool = True,
    ) -> Decorator:
        """Cache an endpoint of a router with `route_class=KitRoute`, or the results of any function.

        Args:
            ttl: seconds for which it is fresh.
            stale: seconds beyond, in which one request computes anew while the others get what is there.
            key: what tells answers apart, from the `Request` (default: host, path and query); or from a function's
                arguments (default: all of them).
            tags: for `invalidate`; `{name}` stands for a path parameter (as it stands in the URL) or an argument. Or a
                function that gives them, of what `key` takes.
            vary: names of request headers for whose values there are answers of their own; told to clients.
            user: who asks, from the request (None: nobody in particular). Each has answers of their own.
            public: everybody gets the same, also requests with `Authorization` or `Cookie`. By default these pass
                by the cache, unless `user` or `vary` tell them apart.
            max_age: seconds for which clients need not ask again; None has them ask each time (304 if nothing is new).
            run_dependencies: run them for answers from the cache, too: they may be what guards the endpoint. False
                answers before anything of the route runs: for what everybody may see.

        Raises:
            ValueError, TypeError: the options contradict each other.
        """
        options = Options(
            ttl=ttl,
            stale=stale,
            key=key,
            tags=tags,
            vary=vary,
            user=user,
            public=public,
            max_age=max_age,
            run_dependencies=run_dependencies,
        )

        def decorate(function: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
            return Cached(self, function, options).wrapper()

        return decorate

    @property
    def shelf(self) -> Shelf:
        """Where it keeps."""
        return self._flights.shelf

    async def invalidate(self, *tags: str) -> None:
        """Make everything go that has one of these tags, wherever it was cached."""
        await self._flights.shelf.invalidate(list(tags))

    async def clear(self) -> None:
        """Make everything go."""
        await self.store.clear()

    async def fetch(self, job: Job[T]) -> Made[T] | bytes | None:
        """The payload that is kept, or what was made; None if the store is down and that is to be borne.

        Raises:
            CacheUnavailable: it is down, and that is not to be borne.
        """
        try:
            self._watch.check()
            got = await self._flights.get(job)
        except StoreUnavailable as error:
            if job.began:  # the program's own store
                raise
            self._watch.failed(error)
            if self.on_store_down == "closed":
                raise CacheUnavailable(str(error)) from error
            return None
        self._watch.answered()
        return got

    async def drop(self, key: str) -> None:
        """Make one payload go, if the store answers."""
        with suppress(StoreUnavailable):
            await self._flights.shelf.drop(key)

    async def peek(self, key: str, tags: list[str]) -> bytes | None:
        """A fresh payload, if there is one and the store answers."""
        try:
            self._watch.check()
            found = await self._flights.shelf.look(key, tags)
        except StoreUnavailable as error:
            self._watch.failed(error)
            return None
        return found.payload if found.fresh else None
