"""The calls of a route in their order, dependencies with `yield` around the rest, and their teardown."""

from __future__ import annotations

from contextlib import contextmanager
from inspect import iscoroutinefunction
from typing import Any

from vivace.concurrency import contextmanager_in_threadpool
from vivace.dependencies.teardown import ENDED, did_not_stop, did_not_yield
from vivace.plan import inputs
from vivace.plan.emit.source import Source
from vivace.plan.schemes import credential_scheme
from vivace.plan.steps import Step, Steps
from vivace.security.oauth2 import SecurityScopes
from vivace.threads import run_in_thread

# Names that the emitted function holds other things in.
_RESERVED = frozenset(
    "x params body content result request response fields background_tasks query pairs cookies value own sent"
    " error".split()
)


class Calls:
    """Dependencies, then the endpoint. `outer`: the depth where those of function scope have been torn down."""

    def __init__(self, source: Source, steps: Steps) -> None:
        self.source, self.steps = source, steps
        self.open: list[str | None] = []  # of each open block the generator that is to be finished; None: `async with`
        self.outer = source.depth

    def dependencies(self) -> None:
        """Every dependency in call order; those with `yield` hold open the blocks in which the rest runs.

        An asynchronous teardown must run to its end though the request is cancelled. Where cancellation comes again and
        again (anyio's scopes) that takes a scope around the whole request, which costs 6 us: a third of a request on
        the wire. So the door is asked to do what has to be done there (`x.finish`), and on the wire that is nothing.
        """
        for step in self.steps.dependencies:
            if step.dependant.is_generator:
                if step.dependant.computed_scope == "request":
                    self.outer = self.source.depth + 1
                self._enter(step)
            elif not self._scheme(step):
                self.source.line(f"{step.result} = {self._called(step)}")

    def _enter(self, step: Step) -> None:
        """Run a dependency up to its `yield`, and open a block."""
        if not step.dependant.is_async_gen_callable:
            manager = self.source.name(self._call_name(step), in_threads(step))
            self.source.line(f"async with {manager}({self._arguments(step)}) as {step.result}:")
            self.open.append(None)
        else:
            call, steps = self.source.name(self._call_name(step), step.call), f"{step.result}_steps"
            self.source.namespace |= {"ENDED": ENDED, "did_not_yield": did_not_yield, "did_not_stop": did_not_stop}
            self.source.line(f"{steps} = {call}({self._arguments(step)})")
            self.source.line(f"if ({step.result} := await anext({steps}, ENDED)) is ENDED:")
            self.source.line("    did_not_yield()")
            self.source.line("try:")
            self.open.append(steps)
        self.source.depth += 1

    def leave(self, depth: int) -> None:
        """Close blocks: what follows stands at this depth, where the dependencies in them have been torn down."""
        while self.source.depth > depth:
            self.source.depth -= 1
            steps = self.open.pop()
            if steps is not None:
                self.source.line("except BaseException as error:")
                self.source.line(f"    if not await x.throw({steps}, error):")
                self.source.line("        raise")
                self.source.line("else:")
                self.source.line(f"    if await x.finish({steps}) is not ENDED:")
                self.source.line(f"        await did_not_stop({steps})")

    def _scheme(self, step: Step) -> bool:
        """A security scheme of ours is its rule applied to one string: no Request is made for it."""
        scheme = credential_scheme(step.dependant)
        if scheme is None:
            return False
        place, name = scheme.source
        authenticate = self.source.name(f"authenticate_{step.result}", scheme.authenticate)
        reads = {
            "header": ("header", f"header(x.headers, {name.lower().encode('latin-1')!r})"),
            "query": ("query_dict", f"query_dict(x.query).get({name!r})"),
            "cookie": ("cookie_dict", f"cookie_dict(x.headers).get({name!r})"),
        }
        reader, text = reads[place]
        self.source.name(reader, getattr(inputs, reader))
        self.source.line(f"{step.result} = {authenticate}({text})")
        return True

    def _called(self, step: Step) -> str:
        target = self.source.name(self._call_name(step), step.call)
        arguments = self._arguments(step)
        if step.is_light and not iscoroutinefunction(step.call):
            return f"{target}({arguments})"
        if step.dependant.is_coroutine_callable:
            return f"await {target}({arguments})"
        run = self.source.name("run_in_thread", run_in_thread)
        return f"await {run}({target}{', ' + arguments if arguments else ''})"

    def _call_name(self, step: Step) -> str:
        name = getattr(step.call, "__name__", type(step.call).__name__)
        taken = name in _RESERVED or any(name in (other.result, f"{other.result}_steps") for other in self.steps.calls)
        return name if name.isidentifier() and not taken else f"call_{step.result}"

    def _arguments(self, step: Step) -> str:
        if any("SecurityScopes(" in source for source in step.arguments.values()):
            self.source.name("SecurityScopes", SecurityScopes)
        return ", ".join(f"{name}={source}" for name, source in step.arguments.items())

    def endpoint(self) -> None:
        self.source.line(f"result = {self._called(self.steps.endpoint)}")


def in_threads(step: Step) -> Any:
    """A synchronous generator dependency as an asynchronous context manager."""
    in_thread = contextmanager(step.call)

    def manager(**arguments: Any) -> Any:
        return contextmanager_in_threadpool(in_thread(**arguments))

    return manager
