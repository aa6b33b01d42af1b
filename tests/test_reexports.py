"""What Starlette brings is to be had under FastAPI's module names, as the same objects."""

from __future__ import annotations

import importlib
import logging

import pytest

from vivace.logger import logger

NAMES = {
    "concurrency": ["iterate_in_threadpool", "run_in_threadpool", "run_until_first_complete"],
    "middleware": ["Middleware"],
    "middleware.cors": ["CORSMiddleware"],
    "middleware.gzip": ["GZipMiddleware"],
    "middleware.httpsredirect": ["HTTPSRedirectMiddleware"],
    "middleware.trustedhost": ["TrustedHostMiddleware"],
    "requests": ["HTTPConnection", "Request"],
    "responses": [
        *("FileResponse", "HTMLResponse", "JSONResponse", "PlainTextResponse"),
        *("RedirectResponse", "Response", "StreamingResponse"),
    ],
    "staticfiles": ["StaticFiles"],
    "templating": ["Jinja2Templates"],
    "websockets": ["WebSocket", "WebSocketDisconnect", "WebSocketState"],
}


@pytest.mark.parametrize(("module", "name"), [(module, name) for module, names in NAMES.items() for name in names])
def test_the_same_object_as_fastapis(module: str, name: str) -> None:
    ours = getattr(importlib.import_module(f"vivace.{module}"), name)
    assert ours is getattr(importlib.import_module(f"fastapi.{module}"), name)


def test_the_logger_bears_the_package_s_name() -> None:
    assert logger is logging.getLogger("vivace")
