"""A route, compiled: what it reads, the function that serves it, and why where it is not on the straight line."""

from __future__ import annotations

import linecache
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from pydantic import PydanticUserError
from pydantic_core import SchemaError
from starlette.types import ASGIApp

from vivace.concurrency import cleanup_scope
from vivace.exchange import Answer, ASGIExchange, Exchange
from vivace.fronts import Behind, Front, Run
from vivace.head import Head, json_head
from vivace.operation.operation import Operation
from vivace.plan.emit import Emitter
from vivace.plan.reasons import SLOW, Reason, reasons_against
from vivace.plan.steps import flatten


@dataclass(slots=True)
class Plan:
    """`run` answers an exchange, `general` a scope. A body that `run` returns goes out below `head`.

    `reads_body`: the door collects the body before it calls `run`. `cleans_up`: `run` tears asynchronous dependencies
    down, so that whatever is cancelled around it must not reach them. `name` is that of the route, as in "GET /items".
    """

    operation: Operation
    general: ASGIApp
    run: Run
    reads_body: bool
    head: Head
    source: str | None = None
    reasons: list[Reason] = field(default_factory=list)
    cleans_up: bool = False
    front: Front | None = None  # asked before
    name: str = field(init=False)

    def __post_init__(self) -> None:
        self.name = f"{'|'.join(sorted(self.operation.methods))} {self.operation.path}"

    async def answer(self, x: ASGIExchange) -> None:
        """Serve a request that came in by the ASGI door."""
        if self.reads_body:
            await x.read_body()
        if self.cleans_up:
            with cleanup_scope() as x.cleanup_scope:
                answer = await self.run(x)
        else:
            answer = await self.run(x)
        await x.deliver(self.head, answer)


def compile_plan(
    operation: Operation, general: ASGIApp, front: Front | None = None, fronted: ASGIApp | None = None
) -> Plan:
    """Compile the operation; `general` is its general path as an ASGI application, `fronted` that with the front."""
    before = general if fronted is None else fronted
    steps = flatten(operation.dependant, operation.embed_body_fields)
    reasons = reasons_against(operation, steps)
    if reasons:
        return general_plan(operation, before, *reasons)
    emitter = Emitter(operation, steps)
    try:
        source = emitter.emit()
    except (PydanticUserError, SchemaError) as error:  # a type that is not complete yet, for one
        return general_plan(operation, before, Reason(f"its types can't be compiled: {error}", SLOW))
    namespace = {**emitter.namespace, "general": _runs(general), "provider": _provider(operation)}
    run = _load(source, emitter.function, operation, namespace)
    cleans_up = any(step.dependant.is_async_gen_callable for step in steps.dependencies)
    if front is not None:
        behind = Behind(operation, run, _runs(before), emitter.answer.head, emitter.answer.gives_back)
        run = front.around(behind)
        if steps.dependencies:
            run = _unless_overridden(_provider(operation), run, behind.general)
    return Plan(operation, before, run, bool(steps.body), emitter.answer.head, source, cleans_up=cleans_up, front=front)


def _unless_overridden(provider: Any, run: Run, general: Run) -> Run:
    """The front sees the answers of overridden dependencies, too."""

    async def run_front(x: Exchange) -> Answer:
        if provider.dependency_overrides:
            return await general(x)
        return await run(x)

    return run_front


def general_plan(operation: Operation, general: ASGIApp, *reasons: Reason) -> Plan:
    """The plan of a route that can't be compiled, or has a handler of its own."""
    head = json_head(operation.status_code or 200)
    return Plan(operation, general, _runs(general), reads_body=False, head=head, reasons=[*reasons])


def _runs(app: ASGIApp) -> Run:
    """An ASGI application as the function of a plan: it answers by itself."""

    async def run_general(x: Exchange) -> None:
        await x.run(app)

    return run_general


def _load(source: str, function: str, operation: Operation, namespace: dict[str, object]) -> Run:
    """Execute the source under a filename of its own, known to tracebacks."""
    filename = f"<plan {'|'.join(sorted(operation.methods))} {operation.path} #{id(operation):x}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    exec(compile(source, filename, "exec"), namespace)  # noqa: S102  # the source is ours: `emit.py`
    run: Run = namespace[function]  # type: ignore[assignment]
    return run


class _NoOverrides:
    dependency_overrides: Mapping[object, object] = MappingProxyType({})


def _provider(operation: Operation) -> object:
    provider = operation.dependency_overrides_provider
    return provider if hasattr(provider, "dependency_overrides") else _NoOverrides
