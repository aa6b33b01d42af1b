"""The HTML of the documentation pages, as functions of addresses and settings.

Called by themselves they load Swagger UI and ReDoc from a CDN, as the functions of these names do in FastAPI. The
pages of an application (`pages.py`) pass addresses of the installed package instead.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterable
from typing import Annotated, Any

from annotated_doc import Doc
from starlette.responses import HTMLResponse

from vivace.encoders import jsonable_encoder
from vivace.openapi.assets import oauth2_redirect_script

swagger_ui_default_parameters: Annotated[
    dict[str, Any], Doc("What Swagger UI is told where `swagger_ui_parameters` says nothing else.")
] = {
    "dom_id": "#swagger-ui",
    "layout": "BaseLayout",
    "deepLinking": True,
    "showExtensions": True,
    "showCommonExtensions": True,
}

_CDN = "https://cdn.jsdelivr.net/npm"
_FAVICON = "https://fastapi.tiangolo.com/img/favicon.png"
_FONTS = "https://fonts.googleapis.com/css?family=Montserrat:300,400,700|Roboto:300,400,700"

# What HTML would take for its own inside a <script>, and what would end a string in single quotes.
_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&'"}


def get_swagger_ui_html(
    *,
    openapi_url: Annotated[str, Doc("Where the OpenAPI document is.")],
    title: Annotated[str, Doc("The page's title.")],
    swagger_js_url: Annotated[str, Doc("Where Swagger UI's script is.")] = (
        f"{_CDN}/swagger-ui-dist@5/swagger-ui-bundle.js"
    ),
    swagger_css_url: Annotated[str, Doc("Where Swagger UI's style sheet is.")] = (
        f"{_CDN}/swagger-ui-dist@5/swagger-ui.css"
    ),
    swagger_favicon_url: Annotated[str, Doc("The page's icon.")] = _FAVICON,
    oauth2_redirect_url: Annotated[
        str | None, Doc("The path that an authorization server sends the user back to; None: Swagger UI's own guess.")
    ] = None,
    init_oauth: Annotated[
        dict[str, Any] | None,
        Doc("What `ui.initOAuth` is called with: https://swagger.io/docs/open-source-tools/swagger-ui/usage/oauth2/"),
    ] = None,
    swagger_ui_parameters: Annotated[
        dict[str, Any] | None,
        Doc(
            "Settings, over `swagger_ui_default_parameters`: "
            "https://swagger.io/docs/open-source-tools/swagger-ui/usage/configuration/"
        ),
    ] = None,
) -> HTMLResponse:
    """The page that shows an OpenAPI document with Swagger UI, where every operation can be tried."""
    settings = [f"url: '{_js_text(openapi_url)}'"]
    settings += _settings({**swagger_ui_default_parameters, **(swagger_ui_parameters or {})})
    if oauth2_redirect_url:
        settings.append(f"oauth2RedirectUrl: window.location.origin + '{_js_text(oauth2_redirect_url)}'")
    settings.append("presets: [SwaggerUIBundle.presets.apis, SwaggerUIBundle.SwaggerUIStandalonePreset]")
    start = "const ui = SwaggerUIBundle({\n  " + ",\n  ".join(settings) + ",\n})"
    if init_oauth:
        start += f"\nui.initOAuth({_js_value(jsonable_encoder(init_oauth))})"
    return _page(
        title,
        head=[f'<link rel="stylesheet" href="{html.escape(swagger_css_url)}">', _icon(swagger_favicon_url)],
        body=['<div id="swagger-ui"></div>', _script(swagger_js_url), f"<script>\n{start}\n</script>"],
    )


def get_redoc_html(
    *,
    openapi_url: Annotated[str, Doc("Where the OpenAPI document is.")],
    title: Annotated[str, Doc("The page's title.")],
    redoc_js_url: Annotated[str, Doc("Where ReDoc's script is.")] = f"{_CDN}/redoc@2/bundles/redoc.standalone.js",
    redoc_favicon_url: Annotated[str, Doc("The page's icon.")] = _FAVICON,
    with_google_fonts: Annotated[bool, Doc("Load the fonts that ReDoc is designed with, from Google.")] = True,
) -> HTMLResponse:
    """The page that shows an OpenAPI document with ReDoc, for reading."""
    head = ["<style>body { margin: 0; padding: 0 }</style>", _icon(redoc_favicon_url)]
    if with_google_fonts:
        head.append(f'<link rel="stylesheet" href="{_FONTS}">')
    return _page(
        title,
        head=head,
        body=[
            "<noscript>ReDoc is a program that runs in the browser: please allow JavaScript.</noscript>",
            f'<redoc spec-url="{html.escape(openapi_url)}"></redoc>',
            _script(redoc_js_url),
        ],
    )


def get_swagger_ui_oauth2_redirect_html() -> HTMLResponse:
    """The page that an authorization server sends the user back to: it hands the token to Swagger UI, and closes."""
    return _page("Swagger UI: OAuth2 Redirect", head=[], body=[f"<script>{oauth2_redirect_script()}</script>"])


def _page(title: str, head: Iterable[str], body: Iterable[str]) -> HTMLResponse:
    lines = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{html.escape(title, quote=False)}</title>",
        *head,
        "</head>",
        "<body>",
        *body,
        "</body>",
        "</html>",
    ]
    return HTMLResponse("\n".join(lines) + "\n")


def _icon(url: str) -> str:
    return f'<link rel="shortcut icon" href="{html.escape(url)}">'


def _script(url: str) -> str:
    return f'<script src="{html.escape(url)}"></script>'


def _settings(parameters: dict[str, Any]) -> list[str]:
    return [f"{_js_value(key)}: {_js_value(jsonable_encoder(value))}" for key, value in parameters.items()]


def _js_value(value: Any) -> str:
    """A value as JavaScript, safe inside a <script>."""
    return json.dumps(value).translate(_ESCAPES)


def _js_text(text: str) -> str:
    """A text for between single quotes."""
    return _js_value(text)[1:-1]
