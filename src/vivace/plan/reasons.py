"""Why a route, or a part of it, can't be put on the straight line. Each reason is shown by `vivace explain`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import AliasChoices, AliasPath

from vivace import params
from vivace.dependencies.kinds import model_of
from vivace.dependencies.models import Dependant, walk
from vivace.fields import ModelField, input_aliases
from vivace.operation.operation import Operation
from vivace.plan.steps import Steps


@dataclass(frozen=True, slots=True)
class Reason:
    """What stands in the way, and what it costs the route that asked for it."""

    what: str
    cost: str


SLOW = "the general path: about ten times the straight line"


def reasons_against(operation: Operation, steps: Steps) -> list[Reason]:
    """Everything for which the route has to take the general path; empty for one that can be compiled."""
    return [Reason(what, SLOW) for what in _found(operation, steps)]


def _found(operation: Operation, steps: Steps) -> Iterator[str]:
    if operation.dependant.is_generator:
        yield "the endpoint yields: its response is a stream"
    for place, field in steps.params.values():
        yield from _about_parameter(operation, place, field)
    for field in steps.body.values():
        if isinstance(field.field_info, params.Form):
            yield f"form parameter {field.name!r}: forms are parsed by Request.form()"
        elif operation.embed_body_fields and _follows_path(field):
            yield f"body parameter {field.name!r} has an AliasPath, which is not followed here"
    for dependant in walk(operation.dependant):
        if dependant.concurrency is not None:
            yield f"dependency {_name(dependant)} has a max_concurrency"
    yield from _about_teardown(steps)
    for name in steps.clashes:
        yield f"two body parameters named {name!r} have different types"


def _about_parameter(operation: Operation, place: str, field: ModelField) -> Iterator[str]:
    if model_of(field.field_info.annotation) is not None:
        yield f"{place} parameter {field.name!r} is a model of several parameters"
    if field.field_info.validate_default:
        yield f"{place} parameter {field.name!r} validates its default"
    if len(input_aliases(field)) > 1:
        yield f"{place} parameter {field.name!r} has several aliases"
    if place == "path" and input_aliases(field)[0] not in operation.param_convertors:
        yield f"path parameter {field.name!r} is not in the path of this route"


def _follows_path(field: ModelField) -> bool:
    alias = field.field_info.validation_alias
    choices = alias.choices if isinstance(alias, AliasChoices) else [alias]
    return any(isinstance(choice, AliasPath) for choice in choices)


def _about_teardown(steps: Steps) -> Iterator[str]:
    """Teardown nests like the calls; a function-scoped one that was entered first would have to leave first."""
    scopes = [s.dependant.computed_scope for s in steps.dependencies if s.dependant.is_generator]
    if "request" in scopes[scopes.index("function") :] if "function" in scopes else False:
        yield "a dependency torn down after the response is entered after one torn down before it"


def _name(dependant: Dependant) -> str:
    return getattr(dependant.call, "__name__", repr(dependant.call))
