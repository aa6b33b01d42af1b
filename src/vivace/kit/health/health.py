"""`Health`: all checks at once, their result kept for a moment, and the endpoints that tell it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Any, Literal, TypeVar

from pydantic import BaseModel

from vivace import APIRouter, FastAPI, Response
from vivace.kit.health.check import Check, CheckReport, Probe

P = TypeVar("P", bound=Probe)


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Report(BaseModel):
    """What all checks found. `degraded`: only such fail as are not critical."""

    status: Literal["ok", "degraded", "failed"]
    checks: dict[str, CheckReport]


class Health:
    """Checks of what a process depends on.

    ```python
    health = Health()


    @health.check("mail", critical=False)
    async def mail() -> None: ...


    health.install(app)  # GET /health/live, GET /health/ready
    ```

    Args:
        timeout: seconds that a check may take, where it is given no limit of its own.
        keep: seconds that a result is kept. Whoever asks meanwhile, or while the checks run, gets the same one.
        clock: what tells the seconds; for tests.
    """

    def __init__(self, *, timeout: float = 2.0, keep: float = 1.0, clock: Callable[[], float] = monotonic) -> None:
        self._timeout = timeout
        self._keep = keep
        self._clock = clock
        self._checks: dict[str, Check] = {}
        self._kept: tuple[float, Report] | None = None
        self._running: asyncio.Task[Report] | None = None

    def check(self, name: str, *, timeout: float | None = None, critical: bool = True) -> Callable[[P], P]:
        """Have a function run as a check: it fails by raising, or by returning False.

        Args:
            name: told in the report.
            timeout: seconds; by default that of all checks.
            critical: whether the process is not ready (503) as long as it fails.

        Raises:
            ValueError: there is a check of that name, or the timeout is not above zero.
        """
        limit = self._timeout if timeout is None else timeout
        if name in self._checks:
            raise ValueError(f"There is a health check {name!r} already")
        if limit <= 0:
            raise ValueError(f"Health check {name!r}: a timeout of {limit} s is none")

        def decorator(probe: P) -> P:
            self._checks[name] = Check(name, probe, limit, critical)
            return probe

        return decorator

    async def report(self) -> Report:
        """All checks, run side by side, or what they found a moment ago."""
        if self._kept is not None and self._clock() - self._kept[0] < self._keep:
            return self._kept[1]
        loop, running = asyncio.get_running_loop(), self._running
        if running is None or running.done() or running.get_loop() is not loop:
            running = self._running = loop.create_task(self._run(), name="health checks")
        return await asyncio.shield(running)  # one client that leaves must not end it for the others

    async def _run(self) -> Report:
        checks = list(self._checks.values())
        found = await asyncio.gather(*(check.run() for check in checks))
        failing = [check for check, result in zip(checks, found, strict=True) if result.status != "ok"]
        status: Any = "ok" if not failing else "failed" if any(c.critical for c in failing) else "degraded"
        report = Report(status=status, checks={c.name: result for c, result in zip(checks, found, strict=True)})
        self._kept = self._clock(), report
        return report

    def install(self, app: FastAPI | APIRouter, prefix: str = "/health", *, include_in_schema: bool = False) -> None:
        """Add the endpoints: `{prefix}/live` asks nothing, `{prefix}/ready` runs the checks and answers 200 or 503."""
        router = APIRouter(prefix=prefix, tags=["health"], include_in_schema=include_in_schema)
        router.add_api_route("/live", live)
        router.add_api_route("/ready", self._ready, name="ready", responses={503: {"model": Report}})
        app.include_router(router)

    async def _ready(self, response: Response) -> Report:
        """Whether requests should be sent here."""
        report = await self.report()
        response.status_code = 503 if report.status == "failed" else 200
        response.headers["cache-control"] = "no-store"
        return report


async def live() -> Alive:
    """Whether the process answers at all; if not, start it anew."""
    return Alive()
