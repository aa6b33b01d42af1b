"""One check of a dependency. It never takes longer than its limit, and never runs twice at once.

A check that hangs is given up, not waited for. If it can't even be cancelled (a function in a thread), no other run of
it is begun until it has ended, so that polling doesn't pile up threads.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Literal

import anyio.to_thread
from anyio import CapacityLimiter
from pydantic import BaseModel, Field

from vivace.kit._redact import without_passwords

logger = logging.getLogger("vivace.health")

Probe = Callable[[], Awaitable[object]] | Callable[[], object]


class CheckReport(BaseModel):
    """What one check found. Why it failed stands in the log, not here: whoever may ask is no operator."""

    status: Literal["ok", "failed", "timed out"]
    seconds: float = Field(description="How long it took")
    critical: bool = Field(description="Whether the process is not ready without it")


@dataclass(eq=False)
class Check:
    """`probe` fails by raising, or by returning False. `timeout` is in seconds."""

    name: str
    probe: Probe
    timeout: float
    critical: bool
    _running: asyncio.Task[Any] | None = field(default=None, init=False)

    async def run(self) -> CheckReport:
        """Run it, or join the run that hangs since the last time."""
        start = perf_counter()
        task = self._task()
        await asyncio.wait([task], timeout=self.timeout)
        status = self._judge(task)
        return CheckReport(status=status, seconds=round(perf_counter() - start, 6), critical=self.critical)

    def _task(self) -> asyncio.Task[Any]:
        loop, running = asyncio.get_running_loop(), self._running
        if running is None or running.done() or running.get_loop() is not loop:
            running = self._running = loop.create_task(self._probe(), name=f"health check {self.name}")
        return running

    async def _probe(self) -> object:
        if self._is_async:
            return await self.probe()  # type: ignore[misc]  # so it is
        # A thread of its own: the requests must not be able to starve the check, nor it them.
        result = await anyio.to_thread.run_sync(self.probe, limiter=CapacityLimiter(1))
        return await result if inspect.isawaitable(result) else result

    @property
    def _is_async(self) -> bool:
        return inspect.iscoroutinefunction(self.probe) or inspect.iscoroutinefunction(type(self.probe).__call__)

    def _judge(self, task: asyncio.Task[Any]) -> Literal["ok", "failed", "timed out"]:
        if not task.done():
            if self._is_async:
                task.cancel()
            logger.warning("health check %s: no answer within %g s", self.name, self.timeout)
            return "timed out"
        if task.cancelled():
            return "failed"
        error = task.exception()
        if error is None and task.result() is not False:
            return "ok"
        said = "it returned False" if error is None else without_passwords(f"{type(error).__name__}: {error}")
        logger.warning("health check %s: %s", self.name, said)
        return "failed"
