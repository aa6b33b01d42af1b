"""The Operation Objects of a route (OpenAPI 3.1.0, section 4.8.10)."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from copy import deepcopy
from functools import cached_property
from typing import Any

from starlette.routing import BaseRoute

from vivace.dependencies.models import Dependant
from vivace.fields import ModelField
from vivace.openapi import security
from vivace.openapi.answers import answers_of
from vivace.openapi.bodies import Body, body_of
from vivace.openapi.constants import METHODS_WITH_BODY
from vivace.openapi.parameters import Parameter, parameter_objects, parameters_of
from vivace.openapi.responses import REFUSAL, responses_of, says_how_it_refuses
from vivace.openapi.schemas import Schemas
from vivace.operation.operation import Operation
from vivace.routing import APIRoute, RouteContext, iter_route_contexts
from vivace.utils import deep_dict_update


class Described:
    """One route, and what the document will say of it, as far as that can be known before there are schemas."""

    def __init__(self, route: Operation) -> None:
        self.route = route
        self.dependants = list(_each_once(route.dependant, set()))
        self.parameters: list[Parameter] = parameters_of(self.dependants)
        self.body: Body | None = body_of(route, self.dependants)

    @cached_property
    def callbacks(self) -> list[Described]:
        """The operations that this one may call at its client."""
        return described(self.route.callbacks or [])

    def path_item(self, schemas: Schemas, ids: OperationIds) -> dict[str, Any]:
        """By method in lower case; nothing if the route is not to be shown."""
        route = self.route
        assert route.methods is not None, "Methods must be a list"
        if not route.include_in_schema:
            return {}
        return {method.lower(): self._operation(method, schemas, ids) for method in route.methods}

    def _operation(self, method: str, schemas: Schemas, ids: OperationIds) -> dict[str, Any]:
        made = _texts(self.route, ids)
        if asked := security.requirements(self.dependants):
            made["security"] = asked
        if parameters := parameter_objects(self.parameters, schemas):
            made["parameters"] = parameters
        if self.body is not None and method in METHODS_WITH_BODY:
            made["requestBody"] = self.body.as_object(schemas)
        if self.callbacks:
            made["callbacks"] = {
                callback.route.name: {callback.route.path: callback.path_item(schemas, ids)}
                for callback in self.callbacks
            }
        made["responses"] = responses_of(self.route, schemas)
        if self.refuses:
            made["responses"]["422"] = REFUSAL
        for status, answer in answers_of(self.dependants).items():
            made["responses"].setdefault(status, answer)
        if self.route.openapi_extra:
            made = deepcopy(made)  # parts of it are other operations', too
            deep_dict_update(made, self.route.openapi_extra)
        return made

    @cached_property
    def refuses(self) -> bool:
        """Whether FastAPI's own answer to invalid requests is to be shown."""
        takes_anything = bool(self.parameters) or self.body is not None
        return takes_anything and not says_how_it_refuses(self.route)


class OperationIds:
    """The operation ids of a document so far: they must be unique in it."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def give(self, route: Operation) -> str:
        """The id of the route; warns if another has it, too."""
        given = route.operation_id or route.unique_id
        if given in self._given:
            name = getattr(route.endpoint, "__name__", "unnamed_endpoint")
            file = getattr(route.endpoint, "__globals__", {}).get("__file__")
            place = f" at {file}" if file else ""
            warnings.warn(f"Duplicate Operation ID {given} for function {name}{place}", stacklevel=1)
        self._given.add(given)
        return given


def described(routes: Iterable[BaseRoute | RouteContext]) -> list[Described]:
    """The path operations among the routes, through all routers that include them."""
    contexts = iter_route_contexts(routes)  # type: ignore[arg-type]  # contexts stand for themselves
    return [Described(_operation(context)) for context in contexts if isinstance(context.original_route, APIRoute)]


def _operation(context: RouteContext) -> Operation:
    """A context has all attributes of the operation that it shows."""
    return context  # type: ignore[return-value]


def fields_of(operations: Iterable[Described]) -> Iterator[ModelField]:
    """Every field that the document will ask a schema of. The order is FastAPI's, see `Schemas`."""
    shown = [op for op in operations if op.route.include_in_schema]
    for op in shown:
        yield from fields_of(op.callbacks)
    for op in shown:
        yield from op.body.fields if op.body else ()
    for op in shown:
        results = (op.route.response_field, *op.route.response_fields.values(), op.route.stream_item_field)
        yield from (field for field in results if field is not None)
    for op in shown:
        yield from (parameter.field for parameter in op.parameters)


def _texts(route: Operation, ids: OperationIds) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if route.tags:
        made["tags"] = route.tags
    made["summary"] = route.summary or route.name.replace("_", " ").title()
    if route.description:
        made["description"] = route.description
    made["operationId"] = ids.give(route)
    if route.deprecated:
        made["deprecated"] = route.deprecated
    return made


def _each_once(dependant: Dependant, seen: set[Any]) -> Iterator[Dependant]:
    """The graph, parents first; what is shared is shown once, so that the walk does not grow with the ways to it."""
    if dependant.cache_key in seen:
        return
    seen.add(dependant.cache_key)
    yield dependant
    for below in dependant.dependencies:
        yield from _each_once(below, seen)
