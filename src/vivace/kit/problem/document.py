"""The OpenAPI document of an application that answers with problems: another one, made of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any, Literal

from pydantic.json_schema import models_json_schema

from vivace.kit.problem.models import MEDIA_TYPE, InvalidPart, Problem, ValidationProblem

_REF = "#/components/schemas/{}"
_OURS = (InvalidPart, Problem, ValidationProblem)
_FASTAPIS = ("HTTPValidationError", "ValidationError")
_METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}

Object = dict[str, Any]


class Document:
    """Takes the place of `app.openapi`. The document is made again when the application's own has changed."""

    def __init__(self, original: Callable[[], Object]) -> None:
        self._original = original
        self._made_of: Object | None = None
        self._made: Object = {}

    def __call__(self) -> Object:
        original = self._original()
        if original is not self._made_of:
            self._made_of, self._made = original, with_problems(original)
        return self._made


def with_problems(document: Object) -> Object:
    """A copy in which every error that has no body of its own is a problem, and every operation has a `default`."""
    made = deepcopy(document)
    for operation in _operations(made):
        responses = operation.setdefault("responses", {})
        for status, response in responses.items():
            if _is_fastapis_refusal(response):
                response["content"] = _content("ValidationProblem")
            elif status[:1] in "45" and "content" not in response and "$ref" not in response:
                response["content"] = _content("Problem")
        responses.setdefault("default", {"description": "Any other error", "content": _content("Problem")})
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    schemas.update(_schemas())
    _drop_unused(made, schemas)
    made["components"]["schemas"] = dict(sorted(schemas.items()))
    return made


def _operations(document: Object) -> Iterator[Object]:
    """Those of paths. A callback or a webhook is answered by somebody else's program."""
    for item in document.get("paths", {}).values():
        yield from (operation for method, operation in item.items() if method in _METHODS)


def _is_fastapis_refusal(response: Object) -> bool:
    schema = response.get("content", {}).get("application/json", {}).get("schema", {})
    return bool(schema.get("$ref") == _REF.format("HTTPValidationError"))


def _content(name: str) -> Object:
    return {MEDIA_TYPE: {"schema": {"$ref": _REF.format(name)}}}


def _schemas() -> Object:
    """The schemas of our bodies, as components."""
    wanted: list[tuple[Any, Literal["serialization"]]] = [(model, "serialization") for model in _OURS]
    _, definitions = models_json_schema(wanted, ref_template=_REF.format("{model}"))
    schemas: Object = definitions["$defs"]
    return schemas


def _drop_unused(document: Object, schemas: Object) -> None:
    """FastAPI's own schemas, where nothing refers to them any more."""
    for name in _FASTAPIS:
        if name in schemas and _REF.format(name) not in set(_references(document)):
            del schemas[name]


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)
