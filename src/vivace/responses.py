"""Responses: Starlette's, server-sent events, and two old ones that are kept so that programs still run."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Any

from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from typing_extensions import deprecated, override

from vivace.exceptions import FastAPIDeprecationWarning
from vivace.sse import EventSourceResponse

__all__ = [
    "EventSourceResponse",
    "FileResponse",
    "HTMLResponse",
    "JSONResponse",
    "ORJSONResponse",
    "PlainTextResponse",
    "RedirectResponse",
    "Response",
    "StreamingResponse",
    "UJSONResponse",
]


def _optional(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        return None


orjson: ModuleType | None = _optional("orjson")
ujson: ModuleType | None = _optional("ujson")

_INSTEAD = "give the path operation a return type or a response_model, and it is serialized to JSON bytes directly."


@deprecated(f"ORJSONResponse is deprecated: {_INSTEAD}", category=FastAPIDeprecationWarning)
class ORJSONResponse(JSONResponse):
    """JSON by `orjson`, with its NumPy support and with keys that aren't strings."""

    @override
    def render(self, content: Any) -> bytes:
        if orjson is None:
            raise AssertionError("orjson must be installed to use ORJSONResponse")
        rendered: bytes = orjson.dumps(content, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY)
        return rendered


@deprecated(f"UJSONResponse is deprecated: {_INSTEAD}", category=FastAPIDeprecationWarning)
class UJSONResponse(JSONResponse):
    """JSON by `ujson`."""

    @override
    def render(self, content: Any) -> bytes:
        if ujson is None:
            raise AssertionError("ujson must be installed to use UJSONResponse")
        rendered: str = ujson.dumps(content, ensure_ascii=False)
        return rendered.encode()
