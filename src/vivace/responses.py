"""Responses: Starlette's, server-sent events, and two old ones that are kept so that programs still run."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Any

from starlette.responses import FileResponse as FileResponse
from starlette.responses import HTMLResponse as HTMLResponse
from starlette.responses import JSONResponse as JSONResponse
from starlette.responses import PlainTextResponse as PlainTextResponse
from starlette.responses import RedirectResponse as RedirectResponse
from starlette.responses import Response as Response
from starlette.responses import StreamingResponse as StreamingResponse
from typing_extensions import deprecated

from vivace.exceptions import FastAPIDeprecationWarning
from vivace.sse import EventSourceResponse as EventSourceResponse


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

    def render(self, content: Any) -> bytes:
        assert orjson is not None, "orjson must be installed to use ORJSONResponse"
        rendered: bytes = orjson.dumps(content, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY)
        return rendered


@deprecated(f"UJSONResponse is deprecated: {_INSTEAD}", category=FastAPIDeprecationWarning)
class UJSONResponse(JSONResponse):
    """JSON by `ujson`."""

    def render(self, content: Any) -> bytes:
        assert ujson is not None, "ujson must be installed to use UJSONResponse"
        rendered: str = ujson.dumps(content, ensure_ascii=False)
        return rendered.encode()
