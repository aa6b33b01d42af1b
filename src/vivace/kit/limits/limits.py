"""`Limits`: where limits of all kinds are made."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Self

from vivace import Request
from vivace.kit.limits.by import By, address
from vivace.kit.limits.concurrency import Slots, concurrency_dependency
from vivace.kit.limits.document import limited_at_once, limited_by_rate
from vivace.kit.limits.fields import checked_name
from vivace.kit.limits.guarded import Guarded, OnStoreDown
from vivace.kit.limits.idempotency import Idempotent, Terms
from vivace.kit.limits.rate import Rate
from vivace.kit.limits.records import Records
from vivace.kit.limits.throttle import Cost, Throttle, rate_dependency
from vivace.kit.store import Store

Dependency = Callable[..., Any]


def authorization(request: Request) -> str:
    """Who asks, by the `Authorization` header."""
    return request.headers.get("authorization", "")


class Limits:
    """Makes limits that are kept in a store.

    A program with idempotent endpoints opens it in its lifespan, after the store: `async with store, limits: yield`.

    Args:
        store: where; in a namespace of its own.
        on_store_down: "open" lets everything pass, "closed" answers 503, when the store can't be reached.
        namespace: of the store.
    """

    def __init__(self, store: Store, *, on_store_down: OnStoreDown = "open", namespace: str = "limits") -> None:
        self._store = store.namespace(namespace)
        self._guarded = Guarded(self._store.namespace("rate"), on_store_down)
        self._records = Records(self._store.namespace("idempotency"))
        self._names: set[str] = set()

    def rate(self, rate: Rate | str, *, by: By | Any = address, cost: Cost = 1, name: str | None = None) -> Dependency:
        """A dependency that limits a rate: `Depends(limits.rate("10/minute"))`, on a route, a router or the
        application.

        Wherever the same dependency is used, the same is counted: `by=together(address, route)` counts each route for
        itself. Answers tell what is left (`RateLimit`, `RateLimit-Policy`); beyond the limit it is 429 with
        `Retry-After`.

        Args:
            rate: a `Rate`, or "10/minute" for one by sliding window.
            by: who is limited, a function of the request, or `Depends(...)` of a dependency that gives a name.
            cost: what a request costs, a number or a function of the request.
            name: in the store and in header fields; by default made from the rate, and numbered.

        Raises:
            ValueError: the rate is none, or the name is taken.
        """
        throttle = self.throttle(rate, cost=cost, name=name)
        return limited_by_rate(rate_dependency(throttle, by), throttle.rate)

    def throttle(self, rate: Rate | str, *, cost: Cost = 1, name: str | None = None) -> Throttle:
        """The same to be asked by a program's own code: `await throttle.spend("who")`."""
        parsed = rate if isinstance(rate, Rate) else Rate.parse(rate)
        return Throttle(self._guarded, self._named(name, f"{parsed.limit}-per-{parsed.window:g}s"), parsed, cost)

    def concurrency(
        self, most: int, *, by: By | Any = address, lease: float = 60.0, name: str | None = None
    ) -> Dependency:
        """A dependency that limits how many requests are under way at once; beyond, it is 429.

        Args:
            most: how many.
            by: who is limited, as for `rate`.
            lease: seconds after which a request counts no more, should its process have died.
            name: in the store.
        """
        slots = Slots(self._guarded, self._named(name, f"{most}-at-once"), most, lease)
        return limited_at_once(concurrency_dependency(slots, by), most)

    def idempotent(
        self,
        *,
        ttl: float = 86400.0,
        lease: float = 60.0,
        wait: float = 30.0,
        required: bool = False,
        by: By | Any = authorization,
        on_store_down: OnStoreDown = "closed",
    ) -> Callable[[Callable[..., Any]], Callable[..., Awaitable[Any]]]:
        """A decorator for endpoints of routers with `route_class=KitRoute`: the same `Idempotency-Key`, the same
        answer.

        The endpoint runs once; its dependencies run for every request. What is answered with 5xx, or before the
        endpoint began, may be tried again. Another request under the same key is 422.

        Args:
            ttl: seconds for which an answer can be asked for again.
            lease: seconds after which another request may begin, should the process of the first have died. While the
                endpoint is at it, it is prolonged.
            wait: seconds for which a duplicate waits for the first one's answer; then 409.
            required: refuse requests without a key.
            by: whose key it is; others may use the same. A function of the request, or `Depends(...)` of a dependency
                that gives a name, such as the user's id: with it, a duplicate waits after its dependencies have run.
            on_store_down: "closed" answers 503, "open" does it without protection.
        """
        terms = Terms(ttl=ttl, lease=lease, wait=wait, required=required, by=by)
        guarded = Guarded(self._records.store, on_store_down)

        def decorate(function: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
            return Idempotent(guarded, self._records, function, terms).wrapper()

        return decorate

    async def aclose(self) -> None:
        """Write the answers of idempotent requests that the store could not be given yet: one try, of up to two
        seconds. Before the store is closed: `async with store, limits: yield` in the application's lifespan.
        """
        await self._records.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def _named(self, name: str | None, default: str) -> str:
        """A name that no other limit has, so that what is counted apart stays apart."""
        if name is None:
            name, number = default, 1
            while name in self._names:
                number += 1
                name = f"{default}-{number}"
        elif name in self._names:
            raise ValueError(f"name={name!r} is the name of another limit: to count together, use the same dependency")
        self._names.add(checked_name(name))
        return name
