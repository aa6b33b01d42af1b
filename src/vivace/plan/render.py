"""Untyped results to JSON bytes: what `json.dumps(jsonable_encoder(result))` gives, without walking the value twice.

The encoder is the standard library's, written in C, so that every number and string comes out as `JSONResponse` writes
it. What it can't encode it hands to `jsonable_encoder`. Two things that `jsonable_encoder` does before any encoding are
caught afterwards: keys that start with "_sa" (SQLAlchemy's own) are left out, and keys may be of any type.
"""

from __future__ import annotations

import json
from json.encoder import encode_basestring
from typing import Any

from pydantic import BaseModel

from vivace.encoders import jsonable_encoder


def _exact(result: Any) -> bytes:
    text = json.dumps(jsonable_encoder(result), ensure_ascii=False, allow_nan=False, indent=None, separators=(",", ":"))
    return text.encode()


def _encodable(value: Any) -> Any:
    """`jsonable_encoder` for what JSON has no notation for; a model's own serializer is asked without detours."""
    if isinstance(value, BaseModel) and type(value).model_dump is BaseModel.model_dump:
        return value.__pydantic_serializer__.to_python(value, mode="json", by_alias=True)
    return jsonable_encoder(value)


try:
    from _json import make_encoder
except ImportError:  # PyPy, and CPython built without its accelerators
    render_json = _exact
else:
    _encode = make_encoder(None, _encodable, encode_basestring, None, ":", ",", False, False, False)

    def render_json(result: Any) -> bytes:
        """The JSON of any value that `jsonable_encoder` takes.

        Raises:
            ValueError: it holds NaN, an infinity, or what can't be encoded at all.
        """
        try:
            body = "".join(_encode(result, 0)).encode()
        except (TypeError, RecursionError):
            return _exact(result)
        return _exact(result) if b'"_sa' in body else body
