"""What the documentation pages load: pinned, served from the installed package. The pages need no internet.

The files come from npm by `scripts/vendor_docs_assets.py`, each package in a folder named for its version. An address
thus never changes its content, and browsers may keep it for good.
"""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

SWAGGER_UI = "swagger-ui-dist@5.35.0"
REDOC = "redoc@2.5.4"

FOLDER = Path(__file__).parent
_MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css"}  # all else are licences
_FOR_GOOD = "public, max-age=31536000, immutable"


def asset_url(page_url: str, package: str, name: str) -> str:
    """Where a page finds a file: below itself, so that what a proxy lets through for the page holds for its files."""
    return f"{page_url.rstrip('/')}/{package}/{name}"


def asset_route(page_url: str, package: str) -> Route:
    """The route that serves the files of a package to the page at `page_url`."""
    files = {path.name: path for path in (FOLDER / package).iterdir()}

    def serve(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in files:
            raise HTTPException(404)
        return _respond(files[name], request)

    return Route(asset_url(page_url, package, "{name}"), serve, name=package, include_in_schema=False)


def _respond(path: Path, request: Request) -> Response:
    headers = {"cache-control": _FOR_GOOD, "vary": "Accept-Encoding"}
    media_type = _MEDIA_TYPES.get(path.suffix, "text/plain")
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(path.read_bytes(), headers=headers, media_type=media_type)
    return Response(_packed(path), headers=headers | {"content-encoding": "gzip"}, media_type=media_type)


@cache
def _packed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), mtime=0)


@cache
def favicon_url() -> str:
    """The icon itself, as an address."""
    return "data:image/svg+xml," + quote((FOLDER / "favicon.svg").read_text("utf-8").strip(), safe=" =:/")


@cache
def oauth2_redirect_script() -> str:
    """What the page that an authorization server sends the user back to runs: it hands the token to Swagger UI."""
    return (FOLDER / SWAGGER_UI / "oauth2-redirect.js").read_text("utf-8")
