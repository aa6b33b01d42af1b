"""The pages' HTML as a function of addresses and settings."""

from __future__ import annotations

import inspect
import json
import re
from typing import Any

import fastapi.openapi.docs as genuine
import pytest
from starlette.responses import HTMLResponse

from vivace.openapi import docs

NASTY = "'\"</script><script>alert(1)</script>&"


def text(response: HTMLResponse) -> str:
    return bytes(response.body).decode()


def settings(page: str) -> dict[str, Any]:
    """What Swagger UI is called with, as far as it is JSON."""
    pairs = re.findall(r'^  ("[^"]*"): (.*),$', page, re.MULTILINE)
    return {json.loads(key): json.loads(value) for key, value in pairs}


@pytest.mark.parametrize("name", ["get_swagger_ui_html", "get_redoc_html", "get_swagger_ui_oauth2_redirect_html"])
def test_signatures_are_those_of_fastapi(name: str) -> None:
    def shape(function: Any) -> list[tuple[str, Any, Any]]:
        return [(p.name, p.kind, p.default) for p in inspect.signature(function).parameters.values()]

    assert shape(getattr(docs, name)) == shape(getattr(genuine, name))


def test_swagger_ui_loads_what_it_is_given() -> None:
    page = text(
        docs.get_swagger_ui_html(openapi_url="/o.json", title="T", swagger_js_url="/a.js", swagger_css_url="/a.css")
    )
    assert '<script src="/a.js"></script>' in page
    assert '<link rel="stylesheet" href="/a.css">' in page
    assert "url: '/o.json'" in page
    assert "<title>T</title>" in page


def test_called_alone_the_functions_use_the_cdn_as_fastapi_does() -> None:
    assert "https://cdn.jsdelivr.net/npm/swagger-ui-dist@5/" in text(
        docs.get_swagger_ui_html(openapi_url="/", title="")
    )
    redoc = text(docs.get_redoc_html(openapi_url="/", title=""))
    assert "https://cdn.jsdelivr.net/npm/redoc@2/" in redoc
    assert "fonts.googleapis.com" in redoc


def test_swagger_ui_has_fastapis_defaults_and_then_the_callers_settings() -> None:
    assert docs.swagger_ui_default_parameters == genuine.swagger_ui_default_parameters
    page = text(
        docs.get_swagger_ui_html(openapi_url="/", title="", swagger_ui_parameters={"deepLinking": False, "x": [1]})
    )
    assert settings(page) == docs.swagger_ui_default_parameters | {"deepLinking": False, "x": [1]}


def test_oauth_is_initialised_when_asked() -> None:
    page = text(docs.get_swagger_ui_html(openapi_url="/", title="", init_oauth={"appName": "A"}))
    assert 'ui.initOAuth({"appName": "A"})' in page
    assert "initOAuth" not in text(docs.get_swagger_ui_html(openapi_url="/", title=""))


def test_the_redirect_page_is_named_only_when_there_is_one() -> None:
    page = text(docs.get_swagger_ui_html(openapi_url="/", title="", oauth2_redirect_url="/back"))
    assert "oauth2RedirectUrl: window.location.origin + '/back'" in page
    assert "oauth2RedirectUrl" not in text(docs.get_swagger_ui_html(openapi_url="/", title=""))


def test_nothing_breaks_out_of_its_place() -> None:
    pages = [
        docs.get_swagger_ui_html(
            openapi_url=NASTY,
            title=NASTY,
            swagger_js_url=NASTY,
            swagger_css_url=NASTY,
            swagger_favicon_url=NASTY,
            oauth2_redirect_url=NASTY,
            init_oauth={NASTY: NASTY},
            swagger_ui_parameters={NASTY: NASTY},
        ),
        docs.get_redoc_html(openapi_url=NASTY, title=NASTY, redoc_js_url=NASTY, redoc_favicon_url=NASTY),
    ]
    for page in map(text, pages):
        assert "alert(1)</script>" not in page
        assert "<script>alert" not in page
        assert f"'{NASTY[0]}" not in page


def test_the_redirect_page_hands_the_token_to_the_page_that_opened_it() -> None:
    assert "window.opener.swaggerUIRedirectOauth2" in text(docs.get_swagger_ui_oauth2_redirect_html())
