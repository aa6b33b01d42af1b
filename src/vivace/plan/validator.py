"""One pydantic-core validator for all parameters of a route, and the question of what a body validator may read.

The parameters of a whole dependency graph become the keys of one `TypedDict`: one call into Rust instead of one per
parameter. Defaults are filled in by the validator. Only success matters here: errors are built by the general path.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy
from typing import Annotated, Any

from pydantic import TypeAdapter
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, SchemaValidator, core_schema
from typing_extensions import TypedDict

from vivace.fields import ModelField, bare_adapter

Key = str


def combined_validator(fields: Mapping[Key, ModelField]) -> SchemaValidator:
    """Validates `{key: string or strings}`; a missing key takes its default, or fails."""
    schemas = {key: _simple_schema(field.field_info) for key, field in fields.items()}
    if None not in schemas.values():
        members = {key: core_schema.typed_dict_field(s) for key, s in schemas.items() if s is not None}
        return SchemaValidator(core_schema.typed_dict_schema(members))
    annotated: dict[str, Any] = {key: Annotated[f.field_info.annotation, _nameless(f)] for key, f in fields.items()}
    return _validator(TypeAdapter(TypedDict("grouped", annotated)))  # type: ignore[operator]


# What Pydantic makes of the commonest annotations; to ask it costs a hundred times as much as to know.
_SIMPLE: dict[Any, CoreSchema] = {
    str: core_schema.str_schema(),
    int: core_schema.int_schema(),
    float: core_schema.float_schema(),
    bool: core_schema.bool_schema(),
    str | None: core_schema.nullable_schema(core_schema.str_schema()),
    int | None: core_schema.nullable_schema(core_schema.int_schema()),
    float | None: core_schema.nullable_schema(core_schema.float_schema()),
    bool | None: core_schema.nullable_schema(core_schema.bool_schema()),
}


def _simple_schema(info: FieldInfo) -> CoreSchema | None:
    """The schema of an unconstrained scalar with its default; None for anything else."""
    try:
        schema = _SIMPLE.get(info.annotation)
    except TypeError:
        return None
    if schema is None or info.metadata or info.discriminator is not None or info.default_factory is not None:
        return None
    return schema if info.is_required() else core_schema.with_default_schema(schema, default=info.default)


def takes_any_string(field: ModelField) -> bool:
    """Whether there is nothing to validate about a string, and nothing but None stands in for one that is absent."""
    info = field.field_info
    if info.metadata or info.discriminator is not None:
        return False
    return info.annotation is str if info.is_required() else info.annotation == (str | None) and info.default is None


def body_validator(field: ModelField) -> SchemaValidator:
    info = field.field_info
    if isinstance(info.annotation, type) and not info.metadata and info.discriminator is None:
        return _validator(bare_adapter(info.annotation))
    return _validator(field.type_adapter)


def embedded_validator(fields: Mapping[Key, ModelField]) -> SchemaValidator:
    """Validates a JSON object with a key for each body field, under the names that clients use."""
    members: dict[str, Any] = {key: Annotated[f.field_info.annotation, f.field_info] for key, f in fields.items()}
    grouped = TypedDict("grouped", members)  # type: ignore[misc]
    return _validator(TypeAdapter(grouped))


def _validator(adapter: TypeAdapter[Any]) -> SchemaValidator:
    return adapter.validator  # type: ignore[return-value]  # or a plugin's stand-in, with the same methods


def _nameless(field: ModelField) -> FieldInfo:
    """The field's rules without its aliases: the emitted function has looked the value up already."""
    info = copy(field.field_info)
    for name in _NAMES:
        setattr(info, name, None)
    info._attributes_set = {name: said for name, said in info._attributes_set.items() if name not in _NAMES}
    return info


_NAMES = ("alias", "alias_priority", "validation_alias", "serialization_alias")


# Schema kinds that accept from JSON text just what they accept from the values that `json.loads` makes of it, with the
# same result. Not among them: decimals (`1.0` from JSON is `Decimal("1")`, from the float `Decimal("1.0")`), whatever a
# strict mode reads differently, and functions, which may ask in which mode they run.
_SAME_FROM_JSON = frozenset(
    "any none bool int float str list dict tuple set frozenset model model-fields model-field typed-dict"
    " typed-dict-field dataclass dataclass-args dataclass-field nullable default literal enum definitions"
    " definition-ref date time datetime timedelta uuid url".split()
)
_IN_UNION = frozenset(
    "any none bool int float str list dict model model-fields model-field typed-dict typed-dict-field nullable"
    " default literal definitions definition-ref".split()
)


def reads_json(field: ModelField) -> bool:
    """Whether `validate_json(bytes)` may stand for `validate_python(json.loads(bytes))`.

    Where it may not, the plan parses first; both are followed by the general path when they fail.
    """
    info = field.field_info
    plain = isinstance(info.annotation, type) and not info.metadata
    adapter = bare_adapter(info.annotation) if plain else field.type_adapter
    return all(_same(kind, node, in_union) for kind, node, in_union in _kinds(adapter.core_schema, False))


def _same(kind: str, node: Mapping[str, Any], in_union: bool) -> bool:
    if node.get("strict") or (node.get("config") or {}).get("strict"):
        return False
    if kind in ("union", "tagged-union"):
        return True
    return kind in (_IN_UNION if in_union else _SAME_FROM_JSON)


def _kinds(node: Any, in_union: bool) -> Iterator[tuple[str, Mapping[str, Any], bool]]:
    """Every schema in a schema, with whether it stands in a union, where the members' exactness is compared."""
    if isinstance(node, Mapping):
        kind = node.get("type")
        if isinstance(kind, str):
            yield kind, node, in_union
        below = in_union or kind in ("union", "tagged-union")
        for key, value in node.items():
            if key not in ("metadata", "serialization", "config", "default", "cls", "expected", "ref"):
                yield from _kinds(value, below)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from _kinds(value, in_union)
