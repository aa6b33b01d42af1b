"""A route, compiled: what it reads, the function that serves it, and why where it is not on the straight line."""

from __future__ import annotations

import linecache
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from pydantic import PydanticUserError
from pydantic_core import SchemaError
from starlette.types import ASGIApp

from vivace.exchange import Exchange
from vivace.operation.operation import Operation
from vivace.plan.emit import Emitter
from vivace.plan.reasons import SLOW, Reason, reasons_against
from vivace.plan.steps import flatten

Run = Callable[[Exchange], Awaitable[None]]


@dataclass(slots=True)
class Plan:
    """`run` answers an exchange, `general` a scope.

    `reads_body`: the door collects the body before it calls `run`. `cleans_up`: `run` tears asynchronous dependencies
    down; the ASGI door calls it by `ASGIExchange.run_sheltered`.
    """

    operation: Operation
    general: ASGIApp
    run: Run
    reads_body: bool
    source: str | None = None
    reasons: list[Reason] = field(default_factory=list)
    cleans_up: bool = False


def compile_plan(operation: Operation, general: ASGIApp) -> Plan:
    """Compile the operation; `general` is its general path as an ASGI application."""

    async def run_general(x: Exchange) -> None:
        await x.run(general)

    steps = flatten(operation.dependant, operation.embed_body_fields)
    reasons = reasons_against(operation, steps)
    if reasons:
        return Plan(operation, general, run_general, reads_body=False, reasons=reasons)
    emitter = Emitter(operation, steps)
    try:
        source = emitter.emit()
    except (PydanticUserError, SchemaError) as error:  # a type that is not complete yet, for one
        return general_plan(operation, general, Reason(f"its types can't be compiled: {error}", SLOW))
    namespace = {**emitter.namespace, "general": run_general, "provider": _provider(operation)}
    run = _load(source, emitter.function, operation, namespace)
    cleans_up = any(step.dependant.is_async_gen_callable for step in steps.dependencies)
    return Plan(operation, general, run, bool(steps.body), source, cleans_up=cleans_up)


def general_plan(operation: Operation, general: ASGIApp, reason: Reason) -> Plan:
    """The plan of a route that has a handler of its own."""

    async def run_general(x: Exchange) -> None:
        await x.run(general)

    return Plan(operation, general, run_general, reads_body=False, reasons=[reason])


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
