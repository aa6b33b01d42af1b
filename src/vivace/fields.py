"""One typed value that crosses the border: a parameter, a body, a response.

A `ModelField` pairs a name with its annotation and its `FieldInfo`, and knows how to validate and how to
serialize one value of it. It is the *slow and obvious* way: a `TypeAdapter` of its own, built when first needed.
The compiled way (one validator for all fields of a route) lives in `vivace.plan`. This module knows nothing of
requests, routes or dependencies.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from copy import copy
from functools import cached_property, lru_cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import AliasChoices, BaseModel, ConfigDict, TypeAdapter, ValidationError, create_model
from pydantic.errors import PydanticSchemaGenerationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from pydantic_core.core_schema import CoreSchema

from vivace.exceptions import FastAPIError, PydanticV1NotSupportedError

Mode = Literal["validation", "serialization"]
Loc = tuple[int | str, ...]
Errors = list[dict[str, Any]]

Undefined = PydanticUndefined

# Annotations whose schema can't fail to build: their adapter may wait until it is needed.
_PLAIN = frozenset({str, int, float, bool, bytes, type(None), None, Any, dict, list, set, tuple, frozenset})


class ModelField:
    """A named, typed value with the metadata of its `FieldInfo`.

    Attributes:
        name: the Python name (of the parameter, or a made one for responses).
        field_info: annotation, default, aliases, constraints and documentation.
        mode: "validation" for input, "serialization" for output: it selects the JSON schema.
    """

    __slots__ = ("__dict__", "config", "field_info", "mode", "name")

    def __init__(
        self, field_info: FieldInfo, name: str, mode: Mode = "validation", config: ConfigDict | None = None
    ) -> None:
        self.field_info = field_info
        self.name = name
        self.mode: Mode = mode
        self.config = config

    def __repr__(self) -> str:
        return f"ModelField(name={self.name!r}, annotation={self.field_info.annotation!r}, mode={self.mode!r})"

    @property
    def alias(self) -> str:
        return self.field_info.alias or self.name

    @property
    def validation_alias(self) -> str | None:
        alias = self.field_info.validation_alias
        return alias if isinstance(alias, str) and alias else None

    @property
    def serialization_alias(self) -> str | None:
        return self.field_info.serialization_alias or None

    @property
    def required(self) -> bool:
        return self.field_info.is_required()

    @property
    def default(self) -> Any:
        """The plain default, or `Undefined` (also where a factory makes it: see `get_default`)."""
        return Undefined if self.required else self.field_info.get_default()

    @property
    def type_(self) -> Any:
        return self.field_info.annotation

    def get_default(self) -> Any:
        """A fresh default value, or None for a required field."""
        return None if self.required else self.field_info.get_default(call_default_factory=True)

    @cached_property
    def type_adapter(self) -> TypeAdapter[Any]:
        if self.is_bare and self.config is None:
            return bare_adapter(self.field_info.annotation)
        annotated: Any = Annotated[self.field_info.annotation, _alone(self.field_info)]
        return TypeAdapter(annotated, config=self.config)

    @property
    def is_bare(self) -> bool:
        """Whether the annotation is all there is: no default, no constraint, no documentation of its own."""
        return _is_no_marker(self.field_info) and self.field_info._attributes_set.keys() <= {"annotation"}

    @property
    def _type_adapter(self) -> TypeAdapter[Any]:  # the name by which third parties know it
        return self.type_adapter

    @property
    def core_schema(self) -> CoreSchema:
        return self.type_adapter.core_schema

    def validate(self, value: Any, _values: Any = None, *, loc: Loc = ()) -> tuple[Any, Errors]:
        """`(value, [])`, or `(None, errors)` with `loc` put before each error's own location.

        The second parameter is of the time of Pydantic v1: third parties still give one.
        """
        try:
            return self.type_adapter.validate_python(value, from_attributes=True), []
        except ValidationError as error:
            return None, locate(error, loc)

    def serialize(self, value: Any, *, mode: Literal["json", "python"] = "json", **filters: Any) -> Any:
        return self.type_adapter.dump_python(value, mode=mode, **filters)

    def serialize_json(self, value: Any, **filters: Any) -> bytes:
        return self.type_adapter.dump_json(value, **filters)


class _AloneInfo(FieldInfo):  # type: ignore[misc]  # as the markers, see `vivace.params`
    """Pydantic warns of a bare `FieldInfo` that gives names to a type that stands alone; we look them up ourselves."""


def _alone(info: FieldInfo) -> FieldInfo:
    """The info for an adapter of its own. An ellipsis can't be shown as a default: there it means that none is."""
    if not _is_no_marker(info) and info.default is not ...:
        return info
    alone = _AloneInfo() if _is_no_marker(info) else copy(info)
    for name in FieldInfo.__slots__:
        setattr(alone, name, getattr(info, name))
    if alone.default is ...:
        alone.default = Undefined
    return alone


def _is_no_marker(info: object) -> bool:
    return type(info) is FieldInfo


def bare_adapter(annotation: Any) -> TypeAdapter[Any]:
    """The adapter of a type by itself; a class shares one among all its fields.

    Other annotations don't: `int | str` equals `str | int`, and is not the same.
    """
    return _class_adapter(annotation) if isinstance(annotation, type) else TypeAdapter(annotation)


@lru_cache(maxsize=4096)
def _class_adapter(cls: type) -> TypeAdapter[Any]:
    return TypeAdapter(cls)


def locate(error: ValidationError, loc: Loc) -> Errors:
    """The errors of a `ValidationError` as FastAPI reports them: no documentation URL, each under `loc`."""
    return [{**e, "loc": (*loc, *e["loc"])} for e in error.errors(include_url=False)]


def missing_error(loc: Loc, value: Any = None) -> dict[str, Any]:
    return {"type": "missing", "loc": loc, "msg": "Field required", "input": value}


def create_model_field(
    name: str,
    type_: Any,
    default: Any = Undefined,
    field_info: FieldInfo | None = None,
    alias: str | None = None,
    mode: Mode = "validation",
) -> ModelField:
    """Make a field and make sure that its type can be one.

    Raises:
        FastAPIError: the annotation is nothing that Pydantic can validate.
        PydanticV1NotSupportedError: the annotation is a Pydantic v1 model.
    """
    refuse_pydantic_v1(type_)
    info = field_info or _field_info(type_, default, alias)
    field = ModelField(info, name, mode)
    if not _surely_valid(type_) or info.metadata or info.discriminator is not None:
        try:
            _ = field.type_adapter
        except PydanticSchemaGenerationError as error:
            raise FastAPIError(
                f"Invalid args for response field! Hint: check that {type_} is a valid Pydantic field type. "
                "If you are using a return type annotation that is not a valid Pydantic field (e.g. "
                "Union[Response, dict, None]) you can disable generating the response model from the type "
                "annotation with the path operation decorator parameter response_model=None. "
                "Read more: https://fastapi.tiangolo.com/tutorial/response-model/"
            ) from error
    return field


def _field_info(type_: Any, default: Any, alias: str | None) -> FieldInfo:
    given: dict[str, Any] = {"default": default, "alias": alias}
    return FieldInfo(annotation=type_, **{k: v for k, v in given.items() if v is not None and v is not Undefined})


def _surely_valid(annotation: Any) -> bool:
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        return True
    try:
        if annotation in _PLAIN:
            return True
    except TypeError:
        return False
    origin = get_origin(annotation)
    return origin in (list, set, tuple, dict, Union, UnionType) and all(
        a is ... or _surely_valid(a) for a in get_args(annotation)
    )


def refuse_pydantic_v1(annotation: Any) -> None:
    """Pydantic v1 models would be accepted as arbitrary classes and fail late and obscurely."""
    for part in (annotation, *get_args(annotation)):
        if inspect.isclass(part) and any(base.__module__.startswith("pydantic.v1") for base in part.__mro__):
            raise PydanticV1NotSupportedError(
                "pydantic.v1 models are no longer supported by FastAPI. "
                f"Please update the response model {annotation!r}."
            )


def merged(marker: FieldInfo, annotation: Any) -> FieldInfo:
    """A copy of the marker for `annotation`, with what else stands in its `Annotated`: who speaks last is right."""
    said = FieldInfo.from_annotation(annotation)
    own = copy(marker)
    for name in FieldInfo.__slots__:
        setattr(own, name, getattr(said, name))
    own._final = False  # it is still a marker: what nobody has said may be said elsewhere
    return own


def create_body_model(fields: Sequence[ModelField], model_name: str) -> type[BaseModel]:
    """The model of a body that holds several parameters, one attribute each."""
    definitions: Any = {f.name: (f.field_info.annotation, f.field_info) for f in fields}
    return create_model(model_name, **definitions)


def model_fields_of(model: type[BaseModel]) -> list[ModelField]:
    """A model's fields as parameters of their own: how a parameter model is taken apart."""
    fields = []
    for name, info in model.model_fields.items():
        config = None if _brings_config(info.annotation) else model.model_config
        fields.append(ModelField(info, name, config=config))
    return fields


def _brings_config(annotation: Any) -> bool:
    """Pydantic refuses a config for types that have one of their own."""
    if not inspect.isclass(annotation):
        return False
    return issubclass(annotation, BaseModel) or hasattr(annotation, "__pydantic_config__") or _is_typed(annotation)


def _is_typed(annotation: Any) -> bool:
    return hasattr(annotation, "__dataclass_fields__") or hasattr(annotation, "__total__")


def input_aliases(field: ModelField) -> list[str]:
    """The names under which a request may carry the field, in order of preference.

    An `AliasPath` is no name: Pydantic follows it, into what the field's model gets as extra values.
    """
    chosen = field.field_info.validation_alias
    if isinstance(chosen, AliasChoices):
        names = [choice for choice in chosen.choices if isinstance(choice, str)]
        return names if len(names) == len(chosen.choices) else [field.alias]
    return [chosen if isinstance(chosen, str) and chosen else field.alias]
