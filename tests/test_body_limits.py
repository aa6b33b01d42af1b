"""`max_body_size` and `form_limits`: what counts, what is refused, and how."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import pytest

from tests.doors import Call
from tests.doors import call as call
from vivace import APIRouter, Body, Depends, FastAPI, File, Form, Request, UploadFile, WebSocket
from vivace.responses import PlainTextResponse
from vivace.routing import APIRoute
from vivace.testclient import TestClient

ANNOUNCED = (413, "text/plain; charset=utf-8", "Content Too Large")
COUNTED = (413, "application/json", '{"detail":"Content Too Large"}')


def seen(answer: Any) -> tuple[int, str, str]:
    return answer.status_code, answer.headers["content-type"], answer.text


def chunked(body: bytes) -> Iterator[bytes]:
    """A body whose length is not announced."""
    yield body


async def compiled(data: Annotated[bytes, Body(media_type="application/octet-stream")]) -> Any:
    return PlainTextResponse(data)


async def by_request(request: Request) -> Any:
    return PlainTextResponse(await request.body())


async def by_stream(request: Request) -> Any:
    return PlainTextResponse(b"".join([piece async for piece in request.stream()]))


ENDPOINTS = [compiled, by_request, by_stream]


@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize(
    ("limit", "size", "fits"), [(None, 6, True), (5, 5, True), (5, 6, False), (0, 0, True), (0, 1, False)]
)
def test_a_body_of_the_limit_fits(call: Call, endpoint: Any, limit: Any, size: int, fits: bool) -> None:
    app = FastAPI(max_body_size=limit)
    app.post("/")(endpoint)
    client, body = call(app), b"x" * size
    if not size and endpoint is compiled:
        return  # no body at all is another matter
    announced, counted = client.post("/", content=body), client.post("/", content=chunked(body))
    if fits:
        assert (announced.content, counted.content) == (body, body)
    else:
        assert (seen(announced), seen(counted)) == (ANNOUNCED, COUNTED)
    assert client.post("/", content=b"x" * (5 if limit is None else min(limit, 5))).status_code in (200, 422)


@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize("middleware", [False, True])
@pytest.mark.parametrize("whose", ["app", "route"])
def test_the_limit_holds_behind_middleware(call: Call, endpoint: Any, middleware: bool, whose: str) -> None:
    app = FastAPI(max_body_size=5 if whose == "app" else None)
    app.post("/", max_body_size=5 if whose == "route" else None)(endpoint)
    if middleware:

        @app.middleware("http")
        async def through(request: Request, call_next: Any) -> Any:
            return await call_next(request)

    client = call(app)
    assert seen(client.post("/", content=b"123456")) == ANNOUNCED
    assert seen(client.post("/", content=chunked(b"123456"))) == COUNTED
    assert client.post("/", content=b"12345").content == b"12345"


def test_nothing_runs_for_a_body_that_is_announced_too_large(call: Call) -> None:
    app, ran = FastAPI(), []

    def dependency() -> None:
        ran.append("dependency")

    @app.post("/", max_body_size=5, dependencies=[Depends(dependency)])
    async def endpoint() -> None:
        ran.append("endpoint")

    assert seen(call(app).post("/", content=b"123456")) == ANNOUNCED
    assert ran == []


def test_a_body_that_turns_out_too_large_is_an_error_for_the_application(call: Call) -> None:
    app, ran = FastAPI(max_body_size=5), []

    @app.exception_handler(413)
    async def refused(request: Request, error: Any) -> Any:
        return PlainTextResponse(f"{request.url.path}: {error.detail}", 413)

    @app.post("/json")
    async def endpoint(data: dict[str, int]) -> None:
        ran.append(data)

    @app.post("/kept")
    async def kept(request: Request) -> Any:
        try:
            return await request.body()
        except Exception as error:  # noqa: BLE001
            return str(error)

    client = call(app)
    assert client.post("/json", content=chunked(b'{"a": 1}')).text == "/json: Content Too Large"
    assert client.post("/kept", content=chunked(b"123456")).json() == "413: Content Too Large"
    assert ran == []


# app, router around, include_router, router, path operation
PRECEDENCE = [
    ((None, None, None, None, None), True),
    ((5, None, None, None, None), False),
    ((5, 10, None, None, None), True),
    ((10, 5, None, None, None), False),
    ((5, 5, 10, None, None), True),
    ((10, 10, 5, None, None), False),
    ((5, 5, 5, 10, None), True),
    ((10, 10, 10, 5, None), False),
    ((5, 5, 5, 5, 10), True),
    ((10, 10, 10, 10, 5), False),
    ((10, 10, 10, 10, 0), False),
    ((None, None, 0, None, None), False),
]


@pytest.mark.parametrize("endpoint", [compiled, by_request])
@pytest.mark.parametrize(("limits", "fits"), PRECEDENCE)
def test_the_innermost_limit_counts(call: Call, endpoint: Any, limits: tuple[Any, ...], fits: bool) -> None:
    of_app, of_outer, of_inclusion, of_router, of_route = limits
    router, outer = APIRouter(max_body_size=of_router), APIRouter(max_body_size=of_outer)
    router.post("/", max_body_size=of_route)(endpoint)
    outer.include_router(router, prefix="/inner", max_body_size=of_inclusion)
    app = FastAPI(max_body_size=of_app)
    app.include_router(outer, prefix="/outer")
    assert call(app).post("/outer/inner/", content=b"123456").status_code == (200 if fits else 413)


def test_one_router_may_be_included_with_several_limits(call: Call) -> None:
    router, app = APIRouter(), FastAPI(max_body_size=10)
    router.post("/")(compiled)
    app.include_router(router, prefix="/app")
    app.include_router(router, prefix="/small", max_body_size=5)
    client = call(app)
    assert [client.post(f"/{where}/", content=b"123456").status_code for where in ("app", "small")] == [200, 413]


def test_a_limit_may_be_set_on_the_application_later(call: Call) -> None:
    app = FastAPI()
    app.post("/")(compiled)
    app.max_body_size = 5
    assert call(app).post("/", content=b"123456").status_code == 413


@pytest.mark.parametrize("child_is", [FastAPI, APIRouter])
@pytest.mark.parametrize(("outer", "inner", "fits"), [(5, None, False), (5, 10, True), (10, 5, False)])
def test_what_is_mounted_inherits_or_overrides(call: Call, child_is: Any, outer: int, inner: Any, fits: bool) -> None:
    child, app = child_is(max_body_size=inner), FastAPI(max_body_size=outer)
    child.post("/")(compiled)
    app.mount("/child", child)
    client = call(app)
    for body in (b"123456", chunked(b"123456")):
        assert client.post("/child/", content=body).status_code == (200 if fits else 413)


def test_a_mount_or_frontend_in_a_router_has_the_limit_of_the_router(call: Call, tmp_path: Any) -> None:
    (tmp_path / "index.html").write_text("hello")
    mounted, router, app = FastAPI(), APIRouter(), FastAPI()
    mounted.post("/")(compiled)
    router.mount("/mounted", mounted)
    router.frontend("/", directory=tmp_path)
    app.include_router(router, prefix="/small", max_body_size=5)
    app.include_router(router, prefix="/large", max_body_size=6)
    client = call(app)
    for where, status in (("small", 413), ("large", 200)):
        assert client.post(f"/{where}/mounted/", content=b"123456").status_code == status
        assert client.request("GET", f"/{where}/index.html", content=b"123456").status_code == status


def test_the_middleware_of_a_mounted_application_may_read_too_much(call: Call) -> None:
    child, app = FastAPI(), FastAPI(max_body_size=5)
    child.post("/")(compiled)

    @child.middleware("http")
    async def reader(request: Request, call_next: Any) -> Any:
        await request.body()
        return await call_next(request)

    app.mount("/child", child)
    client = call(app)
    assert seen(client.post("/child/", content=chunked(b"123456"))) == COUNTED
    assert seen(client.post("/child/", content=b"123456")) == ANNOUNCED
    assert client.post("/child/", content=b"12345").content == b"12345"


@pytest.mark.parametrize(
    ("of_app", "of_route", "status"),
    [(5, 10, 413), (10, 5, 413), (10, 10, 200)],
    ids=["read within the application's", "found too large by the route", "fits"],
)
def test_middleware_that_reads_the_body_has_the_application_s_limit(
    call: Call, of_app: int, of_route: int, status: int
) -> None:
    app = FastAPI(max_body_size=of_app)
    app.post("/", max_body_size=of_route)(by_request)

    @app.middleware("http")
    async def reader(request: Request, call_next: Any) -> Any:
        await request.body()
        return await call_next(request)

    assert call(app).post("/", content=chunked(b"123456")).status_code == status


def test_websockets_have_no_body() -> None:
    app = FastAPI(max_body_size=0)

    @app.websocket("/")
    async def echo(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text(await websocket.receive_text())

    with TestClient(app).websocket_connect("/") as session:
        session.send_text("longer than the limit")
        assert session.receive_text() == "longer than the limit"


@pytest.mark.parametrize("size", [-1, True, 1.5, "5"])
@pytest.mark.parametrize(
    "declare",
    [
        lambda size: FastAPI(max_body_size=size),
        lambda size: APIRouter(max_body_size=size),
        lambda size: FastAPI().include_router(APIRouter(), max_body_size=size),
        lambda size: FastAPI().post("/", max_body_size=size)(compiled),
        lambda size: APIRoute("/", compiled, max_body_size=size),
    ],
)
def test_a_size_that_is_none_is_refused(declare: Any, size: Any) -> None:
    with pytest.raises(ValueError, match="max_body_size must be a non-negative integer or None, in bytes; it is"):
        declare(size)


# -- forms


async def field(text: Annotated[str, Form()]) -> str:
    return text


def parts(texts: int = 1, files: int = 0, size: int = 1) -> Any:
    return [("text", (None, "x" * size))] * texts + [("file", ("a.txt", b"y" * 100))] * files


@pytest.mark.parametrize(
    ("limits", "fits", "too_many", "detail"),
    [
        ({"max_fields": 2}, {"texts": 2}, {"texts": 3}, "Too many fields. Maximum number of fields is 2."),
        ({"max_files": 1}, {"files": 1}, {"files": 2}, "Too many files. Maximum number of files is 1."),
        ({"max_files": 0}, {}, {"files": 1}, "Too many files. Maximum number of files is 0."),
        ({"max_part_size": 2048}, {"size": 2048, "files": 9}, {"size": 2049}, "Part exceeded maximum size of 2KB."),
    ],
)
def test_a_form_has_limits(call: Call, limits: Any, fits: Any, too_many: Any, detail: str) -> None:
    app = FastAPI()
    app.post("/", form_limits=limits)(field)
    client = call(app)
    assert client.post("/", files=parts(**fits)).status_code == 200
    answer = client.post("/", files=parts(**too_many))
    assert (answer.status_code, answer.json()) == (400, {"detail": detail})


def test_a_urlencoded_form_has_the_same_limits(call: Call) -> None:
    app = FastAPI(form_limits={"max_fields": 1})
    app.post("/", form_limits={"max_part_size": 10})(field)
    client = call(app)
    assert client.post("/", data={"text": "abc"}).json() == "abc"
    assert client.post("/", data={"text": "abc", "more": "d"}).status_code == 400
    assert client.post("/", data={"text": "abcdefghijk"}).status_code == 400


def test_each_limit_is_that_of_the_innermost_who_says_it(call: Call) -> None:
    router, outer = APIRouter(form_limits={"max_fields": 1}), APIRouter()
    router.post("/", form_limits={"max_part_size": 3})(field)
    outer.include_router(router, form_limits={"max_fields": 4})
    app = FastAPI(form_limits={"max_part_size": 1})
    app.include_router(outer, prefix="/one", form_limits={"max_files": 0})
    app.include_router(outer, prefix="/two", form_limits={"max_files": 1})
    client = call(app)

    def statuses(path: str) -> list[int]:
        forms = [parts(size=3), parts(size=4), parts(texts=2), parts(files=1)]
        return [client.post(path, files=form).status_code for form in forms]

    assert statuses("/one/") == [200, 400, 400, 400]
    assert statuses("/two/") == [200, 400, 400, 200]


def test_an_application_s_form_limits_hold_for_what_is_mounted_and_for_routes_made_by_hand(call: Call) -> None:
    app = FastAPI(form_limits={"max_part_size": 2}, routes=[APIRoute("/", field, methods=["POST"])])
    app.mount("/child", FastAPI(routes=[APIRoute("/", field, methods=["POST"], form_limits={"max_fields": 1})]))
    client = call(app)
    for path in ("/", "/child/"):
        assert [client.post(path, files=parts(size=size)).status_code for size in (2, 3)] == [200, 400]
    assert [client.post(path, files=parts(texts=2)).status_code for path in ("/", "/child/")] == [200, 400]


def test_a_form_that_the_program_reads_has_the_program_s_limits(call: Call) -> None:
    app = FastAPI(form_limits={"max_fields": 0})

    @app.post("/")
    async def by_hand(request: Request) -> Any:
        async with request.form(max_fields=1) as form:
            return form["text"]

    client = call(app)
    assert client.post("/", data={"text": "ok"}).json() == "ok"
    assert client.post("/", data={"text": "ok", "more": "x"}).status_code == 400


def test_what_was_uploaded_is_closed_when_the_rest_is_too_large(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    from starlette import formparsers

    made: list[Any] = []

    class Spool(formparsers.SpooledTemporaryFile):  # type: ignore[type-arg]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            made.append(self)

    monkeypatch.setattr(formparsers, "SpooledTemporaryFile", Spool)
    app = FastAPI(max_body_size=100_000)

    @app.post("/")
    async def upload(file: Annotated[UploadFile, File()]) -> int | None:
        return file.size

    head = b'--b\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\n'

    def pieces() -> Iterator[bytes]:
        yield head + b"x" * 90_000
        yield b"x" * 90_000 + b"\r\n--b--\r\n"

    answer = call(app).post("/", content=pieces(), headers={"content-type": "multipart/form-data; boundary=b"})
    assert seen(answer) == COUNTED
    assert all(file.closed for file in made)


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ({"max_parts": 1}, "form_limits has no 'max_parts': there are max_files, max_fields, max_part_size"),
        ({"max_files": -1}, "form_limits: max_files must be a non-negative integer; it is -1"),
        ({"max_fields": False}, "form_limits: max_fields must be"),
        ({"max_part_size": 1.5}, "form_limits: max_part_size must be"),
        ([("max_files", 1)], "form_limits must be a dictionary with max_files, max_fields, max_part_size"),
    ],
)
@pytest.mark.parametrize(
    "declare",
    [
        lambda limits: FastAPI(form_limits=limits),
        lambda limits: APIRouter(form_limits=limits),
        lambda limits: FastAPI().include_router(APIRouter(), form_limits=limits),
        lambda limits: APIRoute("/", field, form_limits=limits),
    ],
)
def test_form_limits_that_are_none_are_refused(declare: Any, limits: Any, told: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011  # the text is compared below
        declare(limits)
    assert str(caught.value).startswith(told)


def test_limits_are_copied(call: Call) -> None:
    limits: Any = {"max_fields": 1}
    app = FastAPI(form_limits=limits)
    limits["max_fields"] = 0
    app.post("/")(field)
    assert call(app).post("/", data={"text": "ok"}).json() == "ok"
