"""The dependency that limits a rate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from vivace import HTTPException, Request, Response
from vivace.kit.limits.algorithms import STEPS
from vivace.kit.limits.by import By
from vivace.kit.limits.fields import LIMIT, POLICY, policy, remaining, seconds
from vivace.kit.limits.guarded import Guarded
from vivace.kit.limits.rate import Rate

Cost = int | Callable[[Request], int]


class Throttle:
    """One limit: asked for by `dependency`, or by a program's own code with `spend`."""

    def __init__(self, guarded: Guarded, name: str, rate: Rate, cost: Cost) -> None:
        self._guarded, self.name, self.rate, self._cost = guarded, name, rate, cost
        self._policy = policy(name, rate)
        self._step = STEPS[rate.algorithm]

    async def check(self, who: str, request: Request, response: Response) -> None:
        """Let the request pass, and tell the client what is left.

        Raises:
            HTTPException: 429, or 503 if the store is down and that is not to be borne.
        """
        cost = self._cost if isinstance(self._cost, int) else self._cost(request)
        verdict = await self.spend(who, cost)
        if verdict is None:
            return
        passes, left, reset, wait = verdict
        told = remaining(self.name, left, reset)
        if passes:
            _tell(response, POLICY, self._policy)
            _tell(response, LIMIT, told)
            return
        headers = {POLICY: self._policy, LIMIT: told}
        if wait >= 0:
            headers["Retry-After"] = str(max(seconds(wait), 1))
        raise HTTPException(429, f"Too many requests: {self.rate}", headers=headers)

    async def spend(self, who: str, cost: int = 1) -> list[int] | None:
        """Count, whatever it is for: whether it passes (1 or 0), what is left, ms until all is, ms until this would."""
        if cost < 0:
            raise ValueError(f"cost={cost} of limit {self.name!r}: 0 or more")
        rate = self.rate
        args = (rate.limit, rate.window_ms, rate.capacity, min(cost, rate.capacity + 1))
        return await self._guarded.ask(lambda: self._guarded.store.run(self._step, f"{self.name}|{who}", *args))


def _tell(response: Response, field: str, item: str) -> None:
    """A list grows with each limit on the way."""
    before = response.headers.get(field)
    response.headers[field] = f"{before}, {item}" if before else item


def rate_dependency(throttle: Throttle, by: Any) -> Callable[..., Any]:
    """What `Depends` takes; `by` is a function of the request, or a `Depends` of the program's own."""
    name_of = cast("By", by) if callable(by) else None
    if name_of is not None:

        async def limited(request: Request, response: Response) -> None:
            await throttle.check(name_of(request), request, response)

        dependency: Callable[..., Any] = limited
    else:

        async def limited_by(request: Request, response: Response, who: Any = by) -> None:
            await throttle.check(str(who), request, response)

        dependency = limited_by
    setattr(dependency, LIMITED, {"429": f"Too many requests: more than {throttle.rate}"})
    return dependency


LIMITED = "__vivace_limited__"  # the attribute of dependencies that may answer by themselves: statuses and texts
