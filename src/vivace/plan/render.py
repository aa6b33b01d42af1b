"""Untyped results to JSON bytes: what `json.dumps(jsonable_encoder(result))` gives, without walking the value twice.

Three ways, the first that may be taken:

- `_alike(result)`: nothing in it is written differently by pydantic-core, which then writes it in one go;
- the standard library's encoder, written in C, hands what it can't encode to `jsonable_encoder`;
- `_exact`: as it is said above.

Two things that `jsonable_encoder` does before any encoding are caught afterwards: keys that start with "_sa"
(SQLAlchemy's own) are left out, and keys may be of any type.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any

from pydantic import BaseModel, RootModel
from pydantic_core import SchemaSerializer, core_schema

from vivace.encoders import jsonable_encoder


def render_json(result: Any) -> bytes:
    """The JSON of any value that `jsonable_encoder` takes.

    Raises:
        ValueError: it holds NaN, an infinity, or what can't be encoded at all.
    """
    try:
        body = _write(result, by_alias=True) if _alike(result) else _encoded(result)
    except (TypeError, ValueError, RecursionError):  # the exact way raises what is to be raised
        return _exact(result)
    # A byte is looked for ten times as fast as bytes, of which `find` takes half as long as `in`.
    return _exact(result) if _UNDERSCORE in body and body.find(b'"_sa') >= 0 else body


_UNDERSCORE = ord("_")


def _exact(result: Any) -> bytes:
    text = json.dumps(jsonable_encoder(result), ensure_ascii=False, allow_nan=False, indent=None, separators=(",", ":"))
    return text.encode()


# -- pydantic-core

# A serializer of its own warns of model fields that hold what they should not; the function `to_json` does not.
_write = SchemaSerializer(core_schema.any_schema()).to_json

_SCALARS = frozenset({str, int, bool, type(None)})


def _alike(value: Any) -> bool:
    """Whether pydantic-core writes the value as the standard library does."""
    kind = type(value)
    parts: Iterable[Any]
    if kind is dict:
        for key, part in value.items():
            if type(key) is not str or (type(part) not in _SCALARS and not _alike(part)):
                return False
        return True
    if kind is list:
        parts = value
    elif kind is float:
        # Out of this range the notations differ (1e-05, 0.00001), or there is none (NaN).
        return bool(1e-4 <= value < 1e16 or -1e16 < value <= -1e-4 or value == 0.0)
    elif _shows_its_values(kind):  # type: ignore[arg-type]  # classes can be hashed, whatever their metaclass
        parts = value.__dict__.values()
    else:
        return kind in _SCALARS
    for part in parts:  # noqa: SIM110  # a generator would cost twice as much
        if type(part) not in _SCALARS and not _alike(part):
            return False
    return True


@lru_cache(maxsize=1024)
def _shows_its_values(kind: type) -> bool:
    """Whether a class is a model that is written as the values in its `__dict__`, and by nothing of its own."""
    if not issubclass(kind, BaseModel) or issubclass(kind, RootModel) or kind.model_dump is not BaseModel.model_dump:
        return False
    if kind.model_computed_fields or kind.model_config.get("extra") == "allow":
        return False
    return not _serializes(kind.__pydantic_core_schema__)


def _serializes(schema: Any) -> bool:
    """Whether a core schema names a serializer anywhere."""
    if isinstance(schema, Mapping):
        return "serialization" in schema or any(_serializes(part) for key, part in schema.items() if key != "metadata")
    return isinstance(schema, list | tuple) and any(map(_serializes, schema))


# -- the standard library


def _encodable(value: Any) -> Any:
    """`jsonable_encoder` for what JSON has no notation for; a model's own serializer is asked without detours."""
    if isinstance(value, BaseModel) and type(value).model_dump is BaseModel.model_dump:
        return value.__pydantic_serializer__.to_python(value, mode="json", by_alias=True)
    return jsonable_encoder(value)


try:
    from _json import make_encoder
except ImportError:  # PyPy, and CPython built without its accelerators
    _encoded = _exact
else:
    _encode = make_encoder(None, _encodable, encode_basestring, None, ":", ",", False, False, False)

    def _encoded(result: Any) -> bytes:
        return "".join(_encode(result, 0)).encode()
