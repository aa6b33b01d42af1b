"""`frontend()`: built files where no route answers. `tests/differential` holds the answers against FastAPI's."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import fastapi
import pytest
from hypothesis import given
from hypothesis import strategies as st

import vivace
from tests.doors import Call
from vivace import APIRouter, BackgroundTasks, Depends, FastAPI, HTTPException, Request, Response
from vivace.testclient import TestClient

PAGE = {"accept": "text/html"}


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    for name in ("index.html", "about/index.html", "assets/app.js"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def test_files_pages_and_directories(call: Call, dist: Path) -> None:
    app = FastAPI()
    app.frontend("/ui/", directory=dist)
    client = call(app)
    assert client.get("/ui/assets/app.js").text == "assets/app.js"
    assert client.get("/ui/").text == "index.html"
    assert client.get("/ui/about/").text == "about/index.html"
    assert client.get("/ui/dashboard/1", headers=PAGE).text == "index.html"
    assert client.get("/ui/dashboard/1").status_code == 404
    assert client.get("/uinot", headers=PAGE).status_code == 404
    for path in ("/ui", "/ui/about"):
        answer = client.get(path, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (307, f"http://testserver{path}/")


def test_routes_come_first_wherever_they_are(call: Call, dist: Path) -> None:
    app, front, api = FastAPI(), APIRouter(), APIRouter()
    front.frontend("/", directory=dist, fallback="index.html")
    api.get("/about/")(lambda: "route")
    app.include_router(front)
    app.include_router(api)
    client = call(app)
    assert client.get("/about/").json() == "route"
    assert client.get("/about", follow_redirects=False).headers["location"] == "http://testserver/about/"
    assert client.post("/about/").status_code == 405
    assert client.get("/openapi.json").json()["paths"].keys() == {"/about/"}
    assert client.get("/elsewhere", headers=PAGE).text == "index.html"


def test_the_longest_path_wins_across_routers(call: Call, dist: Path) -> None:
    calls: list[str] = []
    app, inner = FastAPI(), APIRouter(prefix="/inner", dependencies=[Depends(lambda: calls.append("inner"))])
    app.frontend("/", directory=dist)
    inner.frontend("/about", directory=dist / "about")
    app.include_router(inner, prefix="/in")
    client = call(app)
    assert client.get("/in/inner/about/").text == "about/index.html"
    assert calls == ["inner"]
    assert client.get("/in/inner/", headers=PAGE).text == "index.html"
    assert calls == ["inner"]


@pytest.mark.parametrize(("fallback", "page", "script"), [
    ("auto", "404.html", "404.html"),
    ("404.html", "404.html", "404.html"),
    ("index.html", "index.html", '{"detail":"Not Found"}'),
    (None, '{"detail":"Not Found"}', '{"detail":"Not Found"}'),
])  # fmt: skip
def test_fallbacks(call: Call, dist: Path, fallback: Any, page: str, script: str) -> None:
    (dist / "404.html").write_text("404.html")
    app = FastAPI()
    app.frontend("/", directory=dist, fallback=fallback)
    answers = [call(app).get("/missing", headers=headers) for headers in (PAGE, {})]
    assert [answer.text for answer in answers] == [page, script]
    assert [answer.status_code for answer in answers] == [
        200 if text == "index.html" else 404 for text in (page, script)
    ]


@pytest.mark.parametrize("method", ["POST", "OPTIONS", "DELETE"])
def test_other_methods(call: Call, dist: Path, method: str) -> None:
    calls: list[str] = []
    app = FastAPI(dependencies=[Depends(lambda: calls.append("dependency"))])
    app.frontend("/", directory=dist)
    statuses = [call(app).request(method, path, headers=PAGE).status_code for path in ("/", "/about", "/missing")]
    assert statuses == [405, 405, 404]
    assert calls == []
    assert call(app).head("/assets/app.js").headers["content-length"] == "13"


def test_dependencies_run_as_for_a_path_operation(call: Call, dist: Path) -> None:
    calls: list[str] = []

    def session(request: Request, response: Response, tasks: BackgroundTasks, token: str = "") -> Any:
        if not token:
            raise HTTPException(401)
        response.headers["x-token"] = token
        tasks.add_task(calls.append, "task")
        yield
        calls.append("closed")

    def overridden() -> None:
        raise AssertionError

    app, inner = FastAPI(dependencies=[Depends(session)]), APIRouter(dependencies=[Depends(overridden)])
    inner.frontend("/", directory=dist)
    app.include_router(inner, prefix="/ui", dependencies=[Depends(lambda number=0: int(number))])
    app.dependency_overrides[overridden] = lambda: calls.append("override")
    client = call(app)
    assert client.get("/ui/").status_code == 401
    answer = client.get("/ui/?token=t")
    assert (answer.text, answer.headers["x-token"]) == ("index.html", "t")
    assert calls == ["override", "task", "closed"]


def test_dependencies_validate(call: Call, dist: Path) -> None:
    def page(number: int) -> int:
        return number

    app = FastAPI(dependencies=[Depends(page)])
    app.frontend("/", directory=dist)
    assert call(app).get("/?number=x").json()["detail"][0]["loc"] == ["query", "number"]


def test_what_comes_later_is_seen(call: Call, dist: Path) -> None:
    app, inner = FastAPI(), APIRouter()
    app.include_router(inner, prefix="/in")
    client = call(app)
    assert client.get("/in/ui/").status_code == 404
    inner.frontend("/ui", directory=dist)
    assert client.get("/in/ui/").text == "index.html"
    inner.frontend("/other", directory=dist)
    assert client.get("/in/other/").text == "index.html"
    inner.get("/ui/")(lambda: "route")
    assert client.get("/in/ui/").json() == "route"


@pytest.mark.parametrize(("error", "status"), [
    (PermissionError(), 401),
    (ValueError("null byte"), 404),
    (OSError(errno.ENAMETOOLONG, "too long"), 404),
    (OSError(errno.EIO, "broken"), 500),
])  # fmt: skip
def test_files_that_can_t_be_read(call: Call, dist: Path, monkeypatch: Any, error: Exception, status: int) -> None:
    app = FastAPI()
    app.frontend("/", directory=dist)
    group = app.router._frontend_routes
    assert group is not None

    def lookup(path: str) -> Any:
        raise error

    monkeypatch.setattr(group.routes[0].app, "lookup_path", lookup)
    assert call(app, raises=False).get("/assets/app.js").status_code == status


@pytest.mark.parametrize(
    "path", ["/../secret", "/%2e%2e/secret", "/..%2fsecret", "//etc/passwd", "/%2fetc/passwd", "/..%5csecret", "/%00"]
)
def test_nothing_outside_is_served(call: Call, dist: Path, path: str) -> None:
    (dist / "inside").mkdir()
    (dist / "secret").write_text("secret")
    app = FastAPI()
    app.frontend("/", directory=dist / "inside")
    assert call(app).get(path).status_code == 404


# -- what is said when it is declared


@pytest.mark.parametrize("owner", [FastAPI, APIRouter])
@pytest.mark.parametrize(("environment", "check", "outcome"), [
    ("development", "auto", UserWarning),
    ("production", "auto", RuntimeError),
    ("development", True, RuntimeError),
])  # fmt: skip
def test_a_missing_directory(
    tmp_path: Path, monkeypatch: Any, owner: Any, environment: str, check: Any, outcome: Any
) -> None:
    monkeypatch.setenv("FASTAPI_ENV", environment)
    missing = tmp_path / "dist"
    words = f"Frontend directory '{missing}' does not exist. Resolved absolute path: '{missing}'"
    if outcome is UserWarning:
        with pytest.warns(UserWarning, match="does not exist") as caught:
            owner().frontend("/", directory=missing, check_dir=check)
        assert str(caught[0].message) == words
        assert caught[0].filename == __file__
    else:
        with pytest.raises(outcome) as raised:
            owner().frontend("/", directory=missing, check_dir=check)
        assert str(raised.value) == words


def test_a_directory_that_is_missing_at_a_request(call: Call, tmp_path: Path) -> None:
    app = FastAPI()
    app.frontend("/", directory=tmp_path / "dist", check_dir=False)
    with pytest.raises(RuntimeError, match="does not exist"):
        call(app).get("/")


def test_a_fallback_that_is_missing(call: Call, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"Frontend fallback file 'index.html' does not exist in directory"):
        FastAPI().frontend("/", directory=tmp_path, fallback="index.html")
    app = FastAPI()
    app.frontend("/", directory=tmp_path, fallback="index.html", check_dir=False)
    assert call(app).get("/script.js").status_code == 404
    with pytest.raises(RuntimeError, match=r"Frontend fallback file 'index.html' does not exist in directory"):
        call(app).get("/page", headers=PAGE)


@pytest.mark.parametrize(("path", "problem"), [
    ("", "cannot be empty"), ("ui", "must start with '/'"), ("//", "cannot be empty"),
])  # fmt: skip
def test_a_path_is_well_formed(dist: Path, path: str, problem: str) -> None:
    with pytest.raises(AssertionError, match=problem):
        FastAPI().frontend(path, directory=dist)


def test_a_fallback_is_one_of_three(dist: Path) -> None:
    with pytest.raises(AssertionError, match="fallback must be"):
        FastAPI().frontend("/", directory=dist, fallback="app.html")  # type: ignore[arg-type]


# -- who asks for a page

kinds = st.sampled_from(["text/html", "TEXT/HTML", "application/xhtml+xml", "text/*", "*/*", "application/json", ""])
parameters = st.sampled_from(
    ["", ";q=0", "; q=0.0", ";q=1", ";Q=0", ';q="0"', ";level=1", ";q=x", ";q", ";charset=utf-8;q=0"]
)
accepts = st.lists(st.tuples(kinds, parameters).map("".join), max_size=3).map(", ".join)


@given(accepts)
def test_a_page_is_asked_for_as_in_fastapi(accept: str) -> None:
    folder = Path(__file__).parent
    statuses = []
    for package in (vivace, fastapi):
        app = package.FastAPI(openapi_url=None)
        app.frontend("/", directory=folder, fallback="index.html", check_dir=False)
        client = TestClient(app, raise_server_exceptions=False)
        statuses.append(client.get("/page", headers={"accept": accept}).status_code)
    assert statuses[0] == statuses[1]  # 500 for a page: there is no such file here; 404 for all else
