"""`get_openapi`: routes in, the OpenAPI document out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from starlette.routing import BaseRoute

from vivace.encoders import jsonable_encoder
from vivace.openapi import security
from vivace.openapi.constants import METHODS_WITH_BODY, REF_PREFIX
from vivace.openapi.models import OpenAPI
from vivace.openapi.operations import Described, OperationIds, described, fields_of
from vivace.openapi.responses import validation_error_definition, validation_error_response_definition
from vivace.openapi.schemas import Schemas
from vivace.routing import RouteContext


def get_openapi(
    *,
    title: str,
    version: str,
    openapi_version: str = "3.1.0",
    summary: str | None = None,
    description: str | None = None,
    routes: Sequence[BaseRoute | RouteContext],
    webhooks: Sequence[BaseRoute | RouteContext] | None = None,
    tags: list[dict[str, Any]] | None = None,
    servers: list[dict[str, str | Any]] | None = None,
    terms_of_service: str | None = None,
    contact: dict[str, str | Any] | None = None,
    license_info: dict[str, str | Any] | None = None,
    separate_input_output_schemas: bool = True,
    external_docs: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The OpenAPI document of the path operations among `routes`, as JSON's types.

    Args:
        title: the API's name.
        version: the API's own version.
        openapi_version: what the document says of itself. What is written is OpenAPI 3.1 in any case.
        summary: one line about the API.
        description: Markdown.
        routes: routes, routers in them, or `RouteContext`s of them; what is no path operation is passed over.
        webhooks: path operations that the API calls at others.
        tags: order and texts of the tags.
        servers: where the API is.
        terms_of_service: an address.
        contact: whom to ask.
        license_info: of the API.
        separate_input_output_schemas: two schemas for a model that reads and writes differently.
        external_docs: where there is more to read.

    Raises:
        ValidationError: what was given for the document is not of OpenAPI's form.
    """
    info = {
        "title": title,
        "version": version,
        "summary": summary,
        "description": description,
        "termsOfService": terms_of_service,
        "contact": contact,
        "license": license_info,
    }
    document: dict[str, Any] = {"openapi": openapi_version, "info": _given(info)}
    document |= _given({"servers": servers, "tags": tags, "externalDocs": external_docs})
    document |= _operations(described(routes), described(webhooks or []), separate_input_output_schemas)
    return jsonable_encoder(OpenAPI(**document), by_alias=True, exclude_none=True)  # type: ignore[no-any-return]


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


def _operations(paths: list[Described], webhooks: list[Described], separate: bool) -> dict[str, Any]:
    """The parts of the document that come from routes: paths, webhooks, and the components that they refer to."""
    operations = [*paths, *webhooks]
    schemas = Schemas(fields_of(operations), separate=separate)
    ids = OperationIds()
    made: dict[str, Any] = {"paths": _path_items(paths, schemas, ids)}
    hooks = _path_items(webhooks, schemas, ids)
    components = _given({"schemas": _definitions(operations, schemas), "securitySchemes": _schemes(operations)})
    return made | _given({"components": components, "webhooks": hooks})


def _path_items(operations: Iterable[Described], schemas: Schemas, ids: OperationIds) -> dict[str, Any]:
    """By path; several routes of one path share its item."""
    items: dict[str, Any] = {}
    for operation in operations:
        if item := operation.path_item(schemas, ids):
            items.setdefault(operation.route.path_format, {}).update(item)
    return items


def _definitions(operations: Iterable[Described], schemas: Schemas) -> dict[str, Any]:
    found = dict(schemas.definitions)
    if any(operation.route.include_in_schema and operation.refuses for operation in operations):
        found.setdefault("ValidationError", validation_error_definition)
        found.setdefault("HTTPValidationError", validation_error_response_definition)
    return dict(sorted(found.items()))


def _schemes(operations: Iterable[Described]) -> dict[str, Any]:
    shown = (operation for operation in operations if operation.route.include_in_schema)
    return security.schemes(dependant for operation in shown for dependant in operation.dependants)


__all__ = [
    "METHODS_WITH_BODY",
    "REF_PREFIX",
    "get_openapi",
    "validation_error_definition",
    "validation_error_response_definition",
]
