"""A dependency graph flattened: which callables run, in which order, and where each argument comes from.

The order is that of the general path (`vivace.dependencies.solve`): dependencies before dependants, left to right, a
shared one where it is first needed. Each argument of a step is named after what the emitted function holds it in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from vivace.dependencies.models import CacheKey, Dependant
from vivace.fields import ModelField
from vivace.fronts import light_form
from vivace.plan.schemes import credential_scheme

# The places that strings come from, with the attribute of `Dependant` that lists their fields.
PLACES = {"path": "path_params", "query": "query_params", "header": "header_params", "cookie": "cookie_params"}


@dataclass(slots=True)
class Step:
    """One call: `result = call(**arguments)`. Arguments are the names of other results, parameters or specials."""

    dependant: Dependant
    result: str
    arguments: dict[str, str] = field(default_factory=dict)

    @property
    def call(self) -> Callable[..., Any]:
        """The light form of the dependency, where it has one."""
        assert self.dependant.call is not None
        return light_form(self.dependant.call) or self.dependant.call

    @property
    def is_light(self) -> bool:
        return light_form(self.dependant.call) is not None


@dataclass(slots=True)
class Steps:
    """The flattened graph: its calls in order, the endpoint last, and all parameters by the key they are held under."""

    embed_body: bool = False
    calls: list[Step] = field(default_factory=list)
    params: dict[str, tuple[str, ModelField]] = field(default_factory=dict)  # key -> (place, field)
    body: dict[str, ModelField] = field(default_factory=dict)
    specials: set[str] = field(default_factory=set)
    fields: bool = False  # a light dependency may add fields to the head of the answer
    clashes: list[str] = field(default_factory=list)  # body names that two parameters of different types share

    @property
    def endpoint(self) -> Step:
        return self.calls[-1]

    @property
    def dependencies(self) -> list[Step]:
        return self.calls[:-1]

    def tear_down(self, scope: str) -> bool:
        """Whether a dependency of this scope has something to do after its `yield`."""
        return any(s.dependant.is_generator and s.dependant.computed_scope == scope for s in self.dependencies)


_SPECIALS = {
    "request_param_name": "request",
    "http_connection_param_name": "request",
    "response_param_name": "response",
    "background_tasks_param_name": "background_tasks",
}

_LIGHT = {"request": "x", "response": "fields"}  # what a light form takes in their place


def flatten(root: Dependant, embed_body: bool = False) -> Steps:
    """The steps of a graph. `embed_body`: the body is an object with a key for each of its parameters."""
    steps = Steps(embed_body=embed_body)
    shared: dict[CacheKey, str] = {}
    _visit(root, steps, shared, "")
    return steps


def _visit(dependant: Dependant, steps: Steps, shared: dict[CacheKey, str], prefix: str) -> str:
    """Add the calls that `dependant` needs and then its own; answer the name of its result."""
    arguments: dict[str, str] = {}
    for sub in dependant.dependencies:
        result = shared.get(sub.cache_key) if sub.use_cache else None
        if result is None:
            result = _visit(sub, steps, shared, _prefix(sub, steps))
            shared.setdefault(sub.cache_key, result)
        if sub.name is not None:
            arguments[sub.name] = result
    arguments |= _own_arguments(dependant, steps, prefix)
    step = Step(dependant, prefix or "result", arguments)
    steps.calls.append(step)
    return step.result


def _own_arguments(dependant: Dependant, steps: Steps, prefix: str) -> dict[str, str]:
    if credential_scheme(dependant) is not None:
        return {}
    arguments: dict[str, str] = {}
    for place, attribute in PLACES.items():
        for f in getattr(dependant, attribute):
            key = _free(f"{prefix}_{f.name}" if prefix else f.name, steps.params)
            steps.params[key] = (place, f)
            arguments[f.name] = f"params[{key!r}]"
    for f in dependant.body_params:
        known = steps.body.setdefault(f.name, f)
        if known.field_info.annotation != f.field_info.annotation:
            steps.clashes.append(f.name)
        arguments[f.name] = f"body[{f.name!r}]" if steps.embed_body else "body"
    is_light = light_form(dependant.call) is not None
    for slot, special in _SPECIALS.items():
        name = getattr(dependant, slot)
        if name and is_light and special in _LIGHT:
            steps.fields = steps.fields or special == "response"
            arguments[name] = _LIGHT[special]
        elif name:
            steps.specials.add(special)
            arguments[name] = special
    if dependant.security_scopes_param_name:
        arguments[dependant.security_scopes_param_name] = f"SecurityScopes({dependant.oauth_scopes!r})"
    return arguments


def _prefix(dependant: Dependant, steps: Steps) -> str:
    """A name for the dependency's result that reads well in the emitted source."""
    call = dependant.call
    name = getattr(call, "__name__", None) or type(call).__name__
    name = "".join(c if c.isalnum() else "_" for c in name).strip("_").lower() or "dependency"
    return _free(f"{name}_{len(steps.calls)}", {s.result for s in steps.calls})


def _free(name: str, taken: Any) -> str:
    while name in taken:
        name += "_"
    return name
