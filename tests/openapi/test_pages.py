"""An application's document and pages, and the files that the pages load."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from vivace import FastAPI
from vivace.openapi.assets import FOLDER, REDOC, SWAGGER_UI

LOADED = re.compile(r'(?:src|href)="([^"]*)"')


def loaded(page: str) -> list[str]:
    """The addresses of the files that a page loads."""
    return [url for url in LOADED.findall(page) if not url.startswith("data:")]


@pytest.fixture
def client() -> TestClient:
    return TestClient(FastAPI(title="Mine & yours"))


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
@pytest.mark.parametrize("root_path", ["", "/behind/a/proxy"])
def test_a_page_loads_its_files_from_the_application(path: str, root_path: str) -> None:
    client = TestClient(FastAPI(), root_path=root_path)
    page = client.get(path).text
    assert loaded(page)
    for url in loaded(page):
        assert url.startswith(f"{root_path}{path}/")
        assert client.get(url.removeprefix(root_path)).status_code == 200


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/docs/oauth2-redirect"])
def test_a_page_mentions_no_other_host(client: TestClient, path: str) -> None:
    page = client.get(path).text
    assert not [url for url in re.findall(r"https?://[^\s\"'<>]*", page) if "w3.org" not in url]


@pytest.mark.parametrize("package", [SWAGGER_UI, REDOC])
def test_the_files_themselves_load_nothing_from_elsewhere(package: str) -> None:
    for path in (FOLDER / package).iterdir():
        content = path.read_text("utf-8")
        assert "cdn." not in content
        assert "fonts.googleapis" not in content


def test_a_file_may_be_kept_for_good_and_comes_packed(client: TestClient) -> None:
    url = f"/docs/{SWAGGER_UI}/swagger-ui.css"
    packed = client.get(url, headers={"accept-encoding": "gzip"})
    plain = client.get(url, headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content == (FOLDER / SWAGGER_UI / "swagger-ui.css").read_bytes()
    for response in (packed, plain):
        assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert response.headers["vary"] == "Accept-Encoding"
        assert response.headers["content-type"] == "text/css; charset=utf-8"
    assert int(packed.headers["content-length"]) == len(gzip.compress(plain.content, mtime=0))


def test_scripts_have_the_type_that_browsers_ask_for(client: TestClient) -> None:
    response = client.get(f"/redoc/{REDOC}/redoc.standalone.js")
    assert response.headers["content-type"] == "text/javascript; charset=utf-8"


@pytest.mark.parametrize("name", ["missing.js", "..%2F__init__.py", "../__init__.py", ""])
def test_nothing_else_is_served(client: TestClient, name: str) -> None:
    assert client.get(f"/docs/{SWAGGER_UI}/{name}").status_code == 404


def test_licences_are_in_the_package(client: TestClient) -> None:
    for page, package in (("/docs", SWAGGER_UI), ("/redoc", REDOC)):
        assert client.get(f"{page}/{package}/LICENSE").text.strip()
        assert Path(FOLDER / package / "LICENSE").is_file()


def test_the_title_is_the_applications(client: TestClient) -> None:
    assert "<title>Mine &amp; yours - Swagger UI</title>" in client.get("/docs").text
    assert "<title>Mine &amp; yours - ReDoc</title>" in client.get("/redoc").text


def test_pages_can_be_moved_to_the_root() -> None:
    client = TestClient(FastAPI(docs_url="/", redoc_url=None))
    assert loaded(client.get("/").text)[0] == f"/{SWAGGER_UI}/swagger-ui.css"
    assert client.get(f"/{SWAGGER_UI}/swagger-ui.css").status_code == 200


@pytest.mark.parametrize(
    ("options", "missing"),
    [
        ({"openapi_url": None}, ["/openapi.json", "/docs", "/redoc", "/docs/oauth2-redirect"]),
        ({"docs_url": None}, ["/docs", "/docs/oauth2-redirect"]),
        ({"redoc_url": None}, ["/redoc"]),
        ({"swagger_ui_oauth2_redirect_url": None}, ["/docs/oauth2-redirect"]),
    ],
)
def test_what_is_switched_off_is_not_there(options: dict[str, None], missing: list[str]) -> None:
    client = TestClient(FastAPI(**options))
    paths = ["/openapi.json", "/docs", "/redoc", "/docs/oauth2-redirect"]
    assert [path for path in paths if client.get(path).status_code == 404] == missing


def test_the_pages_are_not_in_the_document(client: TestClient) -> None:
    assert client.get("/openapi.json").json()["paths"] == {}


def test_the_root_path_of_a_request_is_its_first_server_and_no_others() -> None:
    app = FastAPI(servers=[{"url": "https://example.com"}])
    behind = TestClient(app, root_path="/v1/").get("/openapi.json").json()
    assert behind["servers"] == [{"url": "/v1"}, {"url": "https://example.com"}]
    assert TestClient(app).get("/openapi.json").json()["servers"] == [{"url": "https://example.com"}]


def test_a_server_that_is_named_already_is_not_named_twice() -> None:
    app = FastAPI(servers=[{"url": "/v1"}])
    assert TestClient(app, root_path="/v1").get("/openapi.json").json()["servers"] == [{"url": "/v1"}]


def test_the_root_path_is_no_server_where_that_is_not_wanted() -> None:
    app = FastAPI(root_path_in_servers=False)
    assert "servers" not in TestClient(app, root_path="/v1").get("/openapi.json").json()
