"""A path operation with everything known about it: what was said, and what follows from it.

`Operation` is the base of routes as declared (`APIRoute`) and of routes as seen through the routers that include them
(`EffectiveRoute`): both have the same attributes, which the OpenAPI document, the general path and the
compiler read, and which third parties know.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from enum import Enum, IntEnum
from functools import cached_property
from typing import Any

from starlette.convertors import Convertor
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import get_name

from vivace.body_limits import FormLimits, checked_form_limits, checked_size
from vivace.datastructures import DefaultPlaceholder
from vivace.dependencies.body import body_field_of, should_embed
from vivace.dependencies.graph import flat_fields, get_dependant, with_dependencies
from vivace.dependencies.kinds import is_class
from vivace.dependencies.models import Dependant
from vivace.dependencies.signature import get_stream_item_type, get_typed_return_annotation
from vivace.fields import ModelField, create_model_field
from vivace.match.template import read_template, regex_of
from vivace.operation.options import settled
from vivace.sse import EventSourceResponse, ServerSentEvent
from vivace.utils import is_body_allowed_for_status_code

_COPIED = (
    "response_model_include response_model_exclude response_model_by_alias response_model_exclude_unset"
    " response_model_exclude_defaults response_model_exclude_none include_in_schema response_class"
    " dependency_overrides_provider callbacks openapi_extra generate_unique_id_function strict_content_type"
    " summary response_description deprecated operation_id"
).split()


class Operation:
    """The attributes of a path operation. `declare` sets them all; nothing here serves a request."""

    path: str
    path_format: str
    param_convertors: dict[str, Convertor[Any]]
    endpoint: Callable[..., Any]
    methods: set[str]
    name: str
    unique_id: str
    status_code: int | None
    tags: list[str | Enum]
    dependencies: list[Any]
    responses: dict[int | str, dict[str, Any]]
    response_model: Any
    response_field: ModelField | None
    response_fields: dict[int | str, ModelField]
    stream_item_type: Any
    _yields: Any  # the annotated item type, whether or not the response class makes a stream of items
    stream_item_field: ModelField | None
    is_sse_stream: bool
    is_json_stream: bool
    dependant: Dependant
    _read: tuple[Dependant, list[Any]]  # the graph as read, and with which dependencies: packages change both
    body_field: ModelField | None
    embed_body_fields: bool
    description: str
    summary: str | None
    response_description: str
    deprecated: bool | None
    operation_id: str | None
    response_model_include: Any
    response_model_exclude: Any
    response_model_by_alias: bool
    response_model_exclude_unset: bool
    response_model_exclude_defaults: bool
    response_model_exclude_none: bool
    include_in_schema: bool
    response_class: type[Response] | DefaultPlaceholder
    dependency_overrides_provider: Any
    callbacks: list[Any] | None
    openapi_extra: dict[str, Any] | None
    generate_unique_id_function: Callable[[Any], str] | DefaultPlaceholder
    strict_content_type: bool | DefaultPlaceholder
    max_body_size: int | None
    form_limits: FormLimits

    @cached_property
    def path_regex(self) -> re.Pattern[str]:
        """Matches the whole path; made when first asked for."""
        return regex_of(self.path)

    def declare(
        self,
        path: str,
        endpoint: Callable[..., Any],
        options: dict[str, Any],
        like: Operation | None = None,
    ) -> None:
        """Set every attribute from the path, the function and the completed options.

        `like` is the same operation as declared elsewhere: what does not differ is taken over from it.

        Raises:
            AssertionError, FastAPIError, ValueError: the declaration contradicts itself, or a type can't be validated.
        """
        self.path, self.endpoint = path, endpoint
        for name in _COPIED:
            setattr(self, name, options[name])
        self.name = get_name(endpoint) if options["name"] is None else options["name"]
        self.path_format, self.param_convertors = read_template(path)
        self.methods = {method.upper() for method in options["methods"] or ["GET"]}
        self.tags = options["tags"] or []
        self.responses = options["responses"] or {}
        self.dependencies = list(options["dependencies"] or [])
        self.max_body_size = checked_size(options["max_body_size"])
        self.form_limits = checked_form_limits(options["form_limits"])
        status = options["status_code"]
        self.status_code = int(status) if isinstance(status, IntEnum) else status
        self.description = options["description"] or inspect.cleandoc(endpoint.__doc__ or "")
        self.description = self.description.split("\f")[0].strip()
        self.unique_id = self.operation_id or settled(self.generate_unique_id_function)(self)
        assert callable(endpoint), "An endpoint must be a callable"
        self._read_endpoint(options["response_model"], like)

    def _read_endpoint(self, response_model: Any, like: Operation | None) -> None:
        self.dependant = self._graph(like)
        self._read_result(response_model, like)
        self.response_fields = self._additional_responses()
        body = list(unique_by_name(flat_fields(self.dependant, "body_params")))
        self.embed_body_fields = should_embed(body)
        self.body_field = body_field_of(body, self.unique_id, self.embed_body_fields)

    def _graph(self, like: Operation | None) -> Dependant:
        if like is not None and _same_graph(self, like):
            known = like._read[0].copied()
            known.path = self.path_format
            return known
        dependant = get_dependant(path=self.path_format, call=self.endpoint, scope="function")
        with_dependencies(dependant, self.dependencies)
        self._read = dependant.copied(), list(self.dependencies)
        return dependant

    def _read_result(self, response_model: Any, like: Operation | None) -> None:
        """What the function gives back: one value of a model, a stream of items, or a response of its own."""
        self._yields = None if like is None else like._yields
        streams = self.dependant.is_generator
        response_class = settled(self.response_class)
        self.is_sse_stream = streams and is_class(response_class, EventSourceResponse)
        self.is_json_stream = streams and not self.is_sse_stream and isinstance(self.response_class, DefaultPlaceholder)
        if isinstance(response_model, DefaultPlaceholder):
            response_model = self._annotated_result(streams)
        self.response_model = response_model
        self.response_field = self._response_field("Response_" + self.unique_id, response_model, self.status_code)
        self.stream_item_type = self._yields if self.is_sse_stream or self.is_json_stream else None
        self.stream_item_field = None
        if self.stream_item_type is not None:
            self.stream_item_field = create_model_field(
                "StreamItem_" + self.unique_id, self.stream_item_type, mode="serialization"
            )

    def _annotated_result(self, streams: bool) -> Any:
        annotation = get_typed_return_annotation(self.endpoint)
        if streams:
            item = get_stream_item_type(annotation)
            self._yields = None if _is_event(item) else item
            return None
        return None if is_class(annotation, Response) else annotation

    def _response_field(self, name: str, model: Any, status_code: int | str | None) -> ModelField | None:
        if model is None:
            return None
        assert is_body_allowed_for_status_code(status_code), f"Status code {status_code} must not have a response body"
        return create_model_field(name, model, mode="serialization")

    def _additional_responses(self) -> dict[int | str, ModelField]:
        fields: dict[int | str, ModelField] = {}
        for status, response in self.responses.items():
            assert isinstance(response, dict), "An additional response must be a dict"
            field = self._response_field(f"Response_{status}_{self.unique_id}", response.get("model"), status)
            if field is not None:
                fields[status] = field
        return fields

    @property
    def _embed_body_fields(self) -> bool:  # the name by which third parties know it
        return self.embed_body_fields

    @property
    def renders_json(self) -> bool:
        """Whether the result is rendered by `JSONResponse` itself, which the compiler may do in its place."""
        return settled(self.response_class) is JSONResponse

    @property
    def streams_bytes(self) -> bool:
        return self.dependant.is_generator and is_class(settled(self.response_class), StreamingResponse)


def _same_graph(one: Operation, other: Operation) -> bool:
    """Whether `one` asks for what was read for `other`: nothing was added on the way to it, or exchanged since."""
    graph, dependencies = other._read
    same_names = list(one.param_convertors) == list(other.param_convertors)
    same_call = one.endpoint is graph.call
    return same_names and same_call and list(map(id, one.dependencies)) == list(map(id, dependencies))


def _is_event(item: Any) -> bool:
    return is_class(item, ServerSentEvent)


def unique_by_name(fields: Any) -> list[ModelField]:
    """Body fields over a graph: one dependency used in two places contributes its fields once."""
    seen: dict[str, ModelField] = {}
    for field in fields:
        seen.setdefault(field.name, field)
    return list(seen.values())
