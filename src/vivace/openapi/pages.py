"""The routes of an application's document and of the pages that show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse

from vivace.openapi.assets import REDOC, SWAGGER_UI, asset_route, asset_url, favicon_url
from vivace.openapi.docs import get_redoc_html, get_swagger_ui_html, get_swagger_ui_oauth2_redirect_html

if TYPE_CHECKING:
    from vivace.applications import FastAPI


def add_documentation(app: FastAPI) -> None:
    """Declare what the application's `openapi_url`, `docs_url`, `redoc_url` ask for; without a document, nothing."""
    if not app.openapi_url:
        return
    pages = Documentation(app, app.openapi_url)
    app.add_route(app.openapi_url, pages.openapi, include_in_schema=False)
    if app.docs_url:
        app.add_route(app.docs_url, pages.swagger_ui_html, include_in_schema=False)
        if app.swagger_ui_oauth2_redirect_url:
            redirect_url = app.swagger_ui_oauth2_redirect_url
            app.add_route(redirect_url, pages.swagger_ui_redirect, include_in_schema=False)
        app.router.routes.append(asset_route(app.docs_url, SWAGGER_UI))
    if app.redoc_url:
        app.add_route(app.redoc_url, pages.redoc_html, include_in_schema=False)
        app.router.routes.append(asset_route(app.redoc_url, REDOC))


class Documentation:
    """The endpoints. Their names are the names of the routes.

    Every address begins with the root path of the request: what a proxy, or an application above, has stripped.
    """

    def __init__(self, app: FastAPI, openapi_url: str) -> None:
        self.app = app
        self.openapi_url = openapi_url

    async def openapi(self, request: Request) -> JSONResponse:
        """The document."""
        return JSONResponse(self._with_root_path(self.app.openapi(), _root_path(request)))

    def _with_root_path(self, document: dict[str, Any], root_path: str) -> dict[str, Any]:
        """The document with the root path of this request as its first server. The application's own stays as it is."""
        servers = document.get("servers", [])
        if not root_path or not self.app.root_path_in_servers or any(s.get("url") == root_path for s in servers):
            return document
        return {**document, "servers": [{"url": root_path}, *servers]}

    async def swagger_ui_html(self, request: Request) -> HTMLResponse:
        """The page with Swagger UI."""
        app, root = self.app, _root_path(request)
        page = root + (app.docs_url or "")
        redirect_url = app.swagger_ui_oauth2_redirect_url
        return get_swagger_ui_html(
            openapi_url=root + self.openapi_url,
            title=f"{app.title} - Swagger UI",
            swagger_js_url=asset_url(page, SWAGGER_UI, "swagger-ui-bundle.js"),
            swagger_css_url=asset_url(page, SWAGGER_UI, "swagger-ui.css"),
            swagger_favicon_url=favicon_url(),
            oauth2_redirect_url=redirect_url and root + redirect_url,
            init_oauth=app.swagger_ui_init_oauth,
            swagger_ui_parameters=app.swagger_ui_parameters,
        )

    async def swagger_ui_redirect(self, request: Request) -> HTMLResponse:  # noqa: ARG002  # Starlette hands it over
        """Where an authorization server sends the user of that page back to."""
        return get_swagger_ui_oauth2_redirect_html()

    async def redoc_html(self, request: Request) -> HTMLResponse:
        """The page with ReDoc."""
        page = _root_path(request) + (self.app.redoc_url or "")
        return get_redoc_html(
            openapi_url=_root_path(request) + self.openapi_url,
            title=f"{self.app.title} - ReDoc",
            redoc_js_url=asset_url(page, REDOC, "redoc.standalone.js"),
            redoc_favicon_url=favicon_url(),
            with_google_fonts=False,
        )


def _root_path(request: Request) -> str:
    root_path: str = request.scope.get("root_path", "")
    return root_path.rstrip("/")
