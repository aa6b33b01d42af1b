"""The dependency that limits a rate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from vivace import HTTPException, Request, Response
from vivace.fronts import Exchange, Fields, light
from vivace.kit.limits.algorithms import STEPS, Verdict
from vivace.kit.limits.by import By, light_by
from vivace.kit.limits.fields import LIMIT, POLICY, policy, remaining, seconds
from vivace.kit.limits.guarded import Guarded
from vivace.kit.limits.rate import Rate

Cost = int | Callable[[Request], int]


class Throttle:
    """One limit: asked for by `dependency`, or by a program's own code with `spend`."""

    def __init__(self, guarded: Guarded, name: str, rate: Rate, cost: Cost) -> None:
        self._guarded, self.name, self.rate, self._cost = guarded, name, rate, cost
        self._policy = policy(name, rate)
        self._policy_bytes = self._policy.encode()
        self._step = STEPS[rate.algorithm]
        self._terms = (rate.limit, rate.window_ms, rate.capacity)
        self._keys: dict[str, bytes] = {}

    async def check(self, who: str, request: Request, response: Response) -> None:
        """Let the request pass, and tell the client what is left.

        Raises:
            HTTPException: 429, or 503 if the store is down and that is not to be borne.
        """
        cost = self._cost if isinstance(self._cost, int) else self._cost(request)
        verdict = await self.spend(who, cost)
        if verdict is not None:
            told = self._told(verdict)
            _tell(response, POLICY, self._policy)
            _tell(response, LIMIT, told)

    async def check_light(self, who: str, x: Exchange, fields: Fields) -> None:
        """The same on the straight line; in a store of this process without waiting."""
        cost = self._cost if isinstance(self._cost, int) else self._cost(x.request)
        verdict = self._spend_now(who, cost)
        if verdict is None:
            verdict = await self.spend(who, cost)
        if verdict is not None:
            told = self._told(verdict).encode()
            if fields:
                _add(fields, _POLICY, self._policy_bytes)
                _add(fields, _LIMIT, told)
            else:
                fields[_POLICY], fields[_LIMIT] = self._policy_bytes, told

    def _told(self, verdict: Verdict) -> str:
        """What is left for who passes."""
        passes, left, reset, wait = verdict
        told = remaining(self.name, left, reset)
        if passes:
            return told
        headers = {POLICY: self._policy, LIMIT: told}
        if wait >= 0:
            headers["Retry-After"] = str(max(seconds(wait), 1))
        raise HTTPException(429, f"Too many requests: {self.rate}", headers=headers)

    async def spend(self, who: str, cost: int = 1) -> list[int] | None:
        """Count, whatever it is for: whether it passes (1 or 0), what is left, ms until all is, ms until this would."""
        args = (*self._terms, self._checked(cost))
        return await self._guarded.ask(lambda: self._guarded.store.run(self._step, f"{self.name}|{who}", *args))

    def _spend_now(self, who: str, cost: int) -> Verdict | None:
        """The same without waiting; None where the store has to be waited for."""
        store, key = self._guarded.store, self._keys.get(who)
        if key is None:
            key = store.full_key(f"{self.name}|{who}")
            if len(self._keys) >= _REMEMBERED:
                self._keys.clear()
            if len(who) <= _LONGEST:
                self._keys[who] = key
        return store.run_now(self._step, key, *self._terms, self._checked(cost))

    def _checked(self, cost: int) -> int:
        """A cost; what is more than can ever pass is the same as one more."""
        if cost < 0:
            raise ValueError(f"cost={cost} of limit {self.name!r}: 0 or more")
        return min(cost, self.rate.capacity + 1)


_POLICY, _LIMIT = POLICY.lower().encode(), LIMIT.lower().encode()
_REMEMBERED, _LONGEST = 4096, 256  # names whose keys are remembered, and characters of one


def _tell(response: Response, field: str, item: str) -> None:
    """A list grows with each limit on the way."""
    before = response.headers.get(field)
    response.headers[field] = f"{before}, {item}" if before else item


def _add(fields: Fields, field: bytes, item: bytes) -> None:
    """The same."""
    fields[field] = b"%b, %b" % (fields[field], item) if field in fields else item


def rate_dependency(throttle: Throttle, by: Any) -> Callable[..., Any]:
    """What `Depends` takes; `by` is a function of the request, or a `Depends` of the program's own."""
    name_of = cast("By", by) if callable(by) else None
    if name_of is not None:

        async def limited(request: Request, response: Response) -> None:
            await throttle.check(name_of(request), request, response)

        async def limited_light(request: Exchange, response: Fields) -> None:
            await throttle.check_light(lightly(request), request, response)

        lightly = light_by(name_of)
        dependency: Callable[..., Any] = light(limited, limited_light)
    else:

        async def limited_by(request: Request, response: Response, who: Any = by) -> None:
            await throttle.check(str(who), request, response)

        async def limited_light_by(request: Exchange, response: Fields, who: Any) -> None:
            await throttle.check_light(str(who), request, response)

        dependency = light(limited_by, limited_light_by)
    setattr(dependency, LIMITED, {"429": f"Too many requests: more than {throttle.rate}"})
    return dependency


LIMITED = "__vivace_limited__"  # the attribute of dependencies that may answer by themselves: statuses and texts
