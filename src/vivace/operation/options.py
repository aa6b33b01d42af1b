"""The keyword parameters of a path operation, stated once.

`get`, `post`, ..., `api_route`, `add_api_route` and `APIRoute` all take them: they say `**options: Unpack[...]` with
one of these dictionaries, so that editors and type checkers show each parameter with its type and text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Annotated, Any, TypedDict

from annotated_doc import Doc
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from vivace import params
from vivace.body_limits import FormLimits
from vivace.datastructures import Default, DefaultPlaceholder
from vivace.types import IncEx
from vivace.utils import generate_unique_id


class OperationOptions(TypedDict, total=False):
    """What may be said of a path operation besides its path and its methods."""

    response_model: Annotated[
        Any,
        Doc("The type to validate, filter and document the result with; by default the return annotation. None: none."),
    ]
    status_code: Annotated[int | None, Doc("The status of a successful response; 200 by default.")]
    tags: Annotated[list[str | Enum] | None, Doc("Groups in the documentation.")]
    dependencies: Annotated[
        Sequence[params.Depends] | None, Doc("Dependencies to run for their effect: their results go nowhere.")
    ]
    summary: Annotated[str | None, Doc("One line for the documentation; by default made of the function's name.")]
    description: Annotated[
        str | None, Doc("Markdown for the documentation; by default the docstring, up to a form feed.")
    ]
    response_description: Annotated[str, Doc("What the successful response is, for the documentation.")]
    responses: Annotated[
        dict[int | str, dict[str, Any]] | None,
        Doc("Further responses by status (404, '4XX', 'default'): OpenAPI response objects, `model` among their keys."),
    ]
    deprecated: Annotated[bool | None, Doc("Mark as deprecated in the documentation.")]
    operation_id: Annotated[str | None, Doc("OpenAPI `operationId`; by default made by `generate_unique_id_function`.")]
    response_model_include: Annotated[IncEx | None, Doc("Only these attributes go out.")]
    response_model_exclude: Annotated[IncEx | None, Doc("These attributes don't go out.")]
    response_model_by_alias: Annotated[bool, Doc("Name attributes by their aliases; true by default.")]
    response_model_exclude_unset: Annotated[bool, Doc("Leave out what was never set.")]
    response_model_exclude_defaults: Annotated[bool, Doc("Leave out what equals its default.")]
    response_model_exclude_none: Annotated[bool, Doc("Leave out what is None.")]
    include_in_schema: Annotated[bool, Doc("Show in the documentation; true by default.")]
    response_class: Annotated[type[Response], Doc("The class that renders the result; `JSONResponse` by default.")]
    name: Annotated[str | None, Doc("The name for `url_path_for`; by default the function's.")]
    callbacks: Annotated[
        list[BaseRoute] | None, Doc("Path operations that this one may call at the client, for the documentation.")
    ]
    openapi_extra: Annotated[dict[str, Any] | None, Doc("Merged into the operation in the OpenAPI document.")]
    generate_unique_id_function: Annotated[Callable[[Any], str], Doc("Makes the operation's id, from the route.")]
    max_body_size: Annotated[
        int | None, Doc("Bytes that a request's body may have at most, else 413; None: as the router has it.")
    ]
    form_limits: Annotated[
        FormLimits | None, Doc("What a form may hold, else 400: `max_files`, `max_fields`, `max_part_size`.")
    ]


class MethodOptions(OperationOptions, total=False):
    methods: Annotated[list[str] | None, Doc("HTTP methods; GET by default.")]


class AddRouteOptions(OperationOptions, total=False):
    methods: Annotated[set[str] | list[str] | None, Doc("HTTP methods; GET by default.")]
    strict_content_type: Annotated[bool, Doc("Take a body for JSON only if its Content-Type says so; true by default.")]


class RouteOptions(AddRouteOptions, total=False):
    dependency_overrides_provider: Annotated[
        Any, Doc("The object, usually the application, whose `dependency_overrides` count.")
    ]


DEFAULTS: dict[str, Any] = {
    "response_model": Default(None),
    "status_code": None,
    "tags": None,
    "dependencies": None,
    "summary": None,
    "description": None,
    "response_description": "Successful Response",
    "responses": None,
    "deprecated": None,
    "operation_id": None,
    "response_model_include": None,
    "response_model_exclude": None,
    "response_model_by_alias": True,
    "response_model_exclude_unset": False,
    "response_model_exclude_defaults": False,
    "response_model_exclude_none": False,
    "include_in_schema": True,
    "response_class": Default(JSONResponse),
    "name": None,
    "callbacks": None,
    "openapi_extra": None,
    "generate_unique_id_function": Default(generate_unique_id),
    "max_body_size": None,
    "form_limits": None,
    "methods": None,
    "strict_content_type": Default(True),
    "dependency_overrides_provider": None,
}


def complete(options: dict[str, Any], known: type[Any]) -> dict[str, Any]:
    """The options with every default filled in.

    Raises:
        TypeError: an option that `known` (one of the dictionaries above) does not have.
    """
    allowed = known.__annotations__
    for name in options:
        if name not in allowed:
            known_names = ", ".join(allowed)
            raise TypeError(f"got an unexpected keyword argument {name!r}; a path operation takes: {known_names}")
    return {**DEFAULTS, **options}


def first_given(*candidates: Any) -> Any:
    """The first value that was given on purpose; else the first default."""
    for candidate in candidates:
        if not isinstance(candidate, DefaultPlaceholder):
            return candidate
    return candidates[0]


def settled(value: Any) -> Any:
    """The value itself, out of its `Default(...)` wrapping."""
    return value.value if isinstance(value, DefaultPlaceholder) else value
