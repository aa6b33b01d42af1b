"""The dependency that limits a rate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from vivace import HTTPException, Request, Response
from vivace.fronts import Exchange, Fields, light
from vivace.kit.limits.algorithms import STEPS, Verdict
from vivace.kit.limits.by import By, light_by
from vivace.kit.limits.fields import LIMIT, POLICY, lines, policy, remaining, seconds
from vivace.kit.limits.guarded import Guarded
from vivace.kit.limits.rate import Rate

Cost = int | Callable[[Request], int]


class Throttle:
    """One limit: asked for by `dependency`, or by a program's own code with `spend`."""

    def __init__(self, guarded: Guarded, name: str, rate: Rate, cost: Cost) -> None:
        self._guarded, self.name, self.rate, self._cost = guarded, name, rate, cost
        self.is_here = guarded.store.is_here
        self._run_now = guarded.store.run_now
        self._policy, self._remaining = policy(name, rate), remaining(name)
        self._lines = lines(self._policy, self._remaining)
        self._step = STEPS[rate.algorithm]
        self._terms = (rate.limit, rate.window_ms, rate.capacity)
        self._one = (*self._terms, 1)  # what one unit is asked with
        self._keys: dict[str, bytes] = {}

    async def check(self, who: str, request: Request, response: Response) -> None:
        """Let the request pass, and tell the client what is left.

        Raises:
            HTTPException: 429, or 503 if the store is down and that is not to be borne.
        """
        cost = self._cost if isinstance(self._cost, int) else self._cost(request)
        verdict = await self.spend(who, cost)
        if verdict is not None:
            passes, left, reset, wait = verdict
            if not passes:
                raise self._refusal(left, reset, wait)
            response.headers.append(POLICY, self._policy)
            response.headers.append(LIMIT, self._remaining % (left, seconds(reset)))

    async def check_light(self, who: str, x: Exchange, fields: Fields) -> None:
        """The same on the straight line."""
        cost = self._cost if isinstance(self._cost, int) else self._cost(x.request)
        verdict = await self.spend(who, cost)
        if verdict is not None:
            self._tell(fields, *verdict)

    def check_now(self, who: str, x: Exchange, fields: Fields) -> None:
        """The same where the store is in this process."""
        cost = self._cost if isinstance(self._cost, int) else self._cost(x.request)
        self._tell(fields, *self._spend_now(who, cost))

    def _tell(self, fields: Fields, passes: int, left: int, reset: int, wait: int) -> None:
        if not passes:
            raise self._refusal(left, reset, wait)
        fields.append(self._lines % (left, seconds(reset)))

    def _refusal(self, left: int, reset: int, wait: int) -> HTTPException:
        headers = {POLICY: self._policy, LIMIT: self._remaining % (left, seconds(reset))}
        if wait >= 0:
            headers["Retry-After"] = str(max(seconds(wait), 1))
        return HTTPException(429, f"Too many requests: {self.rate}", headers=headers)

    async def spend(self, who: str, cost: int = 1) -> list[int] | None:
        """Count, whatever it is for: whether it passes (1 or 0), what is left, ms until all is, ms until this would."""
        if self.is_here:
            return self._spend_now(who, cost)
        args = (*self._terms, self._checked(cost))
        return await self._guarded.ask(lambda: self._guarded.store.run(self._step, f"{self.name}|{who}", *args))

    def _spend_now(self, who: str, cost: int) -> Verdict:
        args = self._one if cost == 1 else (*self._terms, self._checked(cost))
        return self._run_now(self._step, self._keys.get(who) or self._key(who), args)

    def _key(self, who: str) -> bytes:
        """The store's key for a name, which costs as much to make as the rest: it is remembered."""
        key = self._guarded.store.full_key(f"{self.name}|{who}")
        if len(self._keys) >= _REMEMBERED:
            self._keys.clear()
        if len(who) <= _LONGEST:
            self._keys[who] = key
        return key

    def _checked(self, cost: int) -> int:
        """A cost; what is more than can ever pass is the same as one more."""
        if cost < 0:
            raise ValueError(f"cost={cost} of limit {self.name!r}: 0 or more")
        return min(cost, self.rate.capacity + 1)


_REMEMBERED, _LONGEST = 4096, 256  # names whose keys are remembered, and characters of one


def rate_dependency(throttle: Throttle, by: Any) -> Callable[..., Any]:
    """What `Depends` takes; `by` is a function of the request, or a `Depends` of the program's own."""
    return _by_function(throttle, cast("By", by)) if callable(by) else _by_dependency(throttle, by)


def _by_function(throttle: Throttle, by: By) -> Callable[..., Any]:
    lightly, check_now = light_by(by), throttle.check_now

    async def limited(request: Request, response: Response) -> None:
        await throttle.check(by(request), request, response)

    async def limited_light(request: Exchange, response: Fields) -> None:
        await throttle.check_light(lightly(request), request, response)

    def limited_now(request: Exchange, response: Fields) -> None:
        check_now(lightly(request), request, response)

    return light(limited, limited_now if throttle.is_here else limited_light)


def _by_dependency(throttle: Throttle, by: Any) -> Callable[..., Any]:
    async def limited(request: Request, response: Response, who: Any = by) -> None:
        await throttle.check(str(who), request, response)

    async def limited_light(request: Exchange, response: Fields, who: Any) -> None:
        await throttle.check_light(str(who), request, response)

    def limited_now(request: Exchange, response: Fields, who: Any) -> None:
        throttle.check_now(str(who), request, response)

    return light(limited, limited_now if throttle.is_here else limited_light)
