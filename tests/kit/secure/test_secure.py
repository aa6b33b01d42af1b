"""The preset at the edge: headers, request ids, hosts and origins, on every answer."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.responses import HTMLResponse
from starlette.websockets import WebSocketDisconnect

from tests.doors import Call
from vivace import FastAPI, HTTPException, Request, Response, WebSocket
from vivace.kit.problem import use_problems
from vivace.kit.secure import Policy, current_request_id, secure

OTHERS = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}


@pytest.fixture(autouse=True)
def _own_log_records() -> Iterator[None]:
    factory = logging.getLogRecordFactory()
    yield
    logging.setLogRecordFactory(factory)


def program(**options: Any) -> FastAPI:
    app = FastAPI()
    secure(app, **options)

    @app.get("/data")
    async def data() -> dict[str, str | None]:
        return {"id": current_request_id()}

    @app.get("/thread")
    def thread() -> dict[str, str | None]:
        logging.getLogger("shop").warning("asked")
        return {"id": current_request_id()}

    @app.get("/page", response_class=HTMLResponse)
    def page() -> str:
        return "<p>hello"

    @app.get("/own")
    def own(response: Response) -> None:
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Request-ID"] = "mine"

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("secret")

    @app.get("/health/live")
    def live() -> None: ...

    @app.post("/data")
    def change() -> str:
        return "changed"

    @app.websocket("/ws")
    async def ws(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_json(current_request_id())
        await websocket.close()

    return app


# -- headers


def test_every_answer_has_the_security_headers(call: Call) -> None:
    response = call(program()).get("/data")
    headers = response.headers
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert "camera=()" in headers["permissions-policy"]


@pytest.mark.parametrize(("path", "status"), [("/nowhere", 404), ("/broken", 500)])
def test_errors_have_them_too(call: Call, path: str, status: int) -> None:
    response = call(program(), raises=False).get(path)
    assert response.status_code == status
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["x-request-id"]


def test_hsts_is_sent_over_https_only(call: Call) -> None:
    app = program()
    assert "strict-transport-security" not in call(app).get("/data").headers
    secured = call(app, base_url="https://testserver").get("/data")
    assert secured.headers["strict-transport-security"] == "max-age=31536000"


def test_pages_and_documentation_have_policies_of_their_own(call: Call) -> None:
    client = call(program())
    page = client.get("/page").headers["content-security-policy"]
    assert "default-src 'self'" in page
    assert "unsafe-inline" not in page
    docs = client.get("/docs").headers["content-security-policy"]
    assert "script-src 'self' 'unsafe-inline'" in docs
    assert "https:" not in docs


def test_documentation_is_known_below_a_root_path(call: Call) -> None:
    docs = call(program(), root_path="/api").get("/api/docs").headers["content-security-policy"]
    assert "unsafe-inline" in docs


def test_a_header_that_the_program_sets_stays(call: Call) -> None:
    response = call(program()).get("/own")
    assert response.headers.get_list("referrer-policy") == ["same-origin"]


def test_a_policy_leaves_out_what_is_none(call: Call) -> None:
    policy = Policy(data=None, frame_options=None, nosniff=False, referrer="origin")
    headers = call(program(policy=policy)).get("/data").headers
    assert headers["referrer-policy"] == "origin"
    assert not {"content-security-policy", "x-frame-options", "x-content-type-options"} & set(headers)


def test_a_line_break_in_a_policy_is_refused_where_it_is_written() -> None:
    with pytest.raises(ValueError, match="referrer-policy: a header has no line breaks"):
        secure(FastAPI(), policy=Policy(referrer="origin\r\nset-cookie: a=b"))


# -- request ids


def test_a_request_gets_an_id_that_its_endpoint_sees_and_the_client_gets(call: Call) -> None:
    client = call(program())
    for path in ("/data", "/thread"):
        response = client.get(path)
        assert re.fullmatch("[0-9a-f]{32}", response.headers["x-request-id"])
        assert response.json()["id"] == response.headers["x-request-id"]


def test_ids_differ_from_request_to_request(call: Call) -> None:
    client = call(program())
    assert client.get("/data").json() != client.get("/data").json()


def test_an_id_is_taken_from_the_client(call: Call) -> None:
    response = call(program()).get("/data", headers={"x-request-id": "trace-7:a.b_c"})
    assert response.headers.get_list("x-request-id") == ["trace-7:a.b_c"]


@pytest.mark.parametrize("forged", ["a b", "x" * 129, "é", '{"admin":1}', ""])
def test_an_id_that_could_forge_a_log_line_is_replaced(call: Call, forged: str) -> None:
    response = call(program()).get("/data", headers={"x-request-id": forged.encode("latin-1")})
    assert re.fullmatch("[0-9a-f]{32}", response.headers["x-request-id"])


def test_ids_of_clients_can_be_declined(call: Call) -> None:
    response = call(program(accept_request_ids=False)).get("/data", headers={"x-request-id": "abc"})
    assert response.headers["x-request-id"] != "abc"


def test_the_program_can_not_send_two_ids(call: Call) -> None:
    assert len(call(program()).get("/own").headers.get_list("x-request-id")) == 1


def test_log_records_have_the_id(call: Call, caplog: pytest.LogCaptureFixture) -> None:
    app = program()
    call(app).get("/thread", headers={"x-request-id": "trace-7"})
    logging.getLogger("shop").warning("outside")
    ids = {record.message: record.request_id for record in caplog.records if record.name == "shop"}  # type: ignore[attr-defined]
    assert ids == {"asked": "trace-7", "outside": "-"}


def test_records_are_stamped_once_however_often_it_is_asked() -> None:
    program()
    factory = logging.getLogRecordFactory()
    program()
    assert logging.getLogRecordFactory() is factory


def test_a_websocket_has_an_id(call: Call) -> None:
    with call(program()).websocket_connect("/ws", headers={"x-request-id": "trace-7"}) as session:
        assert session.receive_json() == "trace-7"


# -- hosts


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("shop.example", 200),
        ("SHOP.example:8443", 200),
        ("a.b.api.example", 200),
        ("api.example", 400),
        ("evil-shop.example", 400),
        ("shop.example.evil", 400),
        ("[::1]:80", 200),
    ],
)
def test_only_trusted_hosts_are_answered(call: Call, host: str, status: int) -> None:
    app = program(hosts=["shop.example", "*.api.example", "[::1]"])
    response = call(app).get("/data", headers={"host": host})
    assert response.status_code == status
    assert response.headers["x-content-type-options"] == "nosniff"


def test_health_checks_know_no_name(call: Call) -> None:
    client = call(program(hosts=["shop.example"]))
    assert client.get("/health/live", headers={"host": "10.0.0.7:8000"}).status_code == 200


@pytest.mark.parametrize("host", ["*", "a.*.example", "https://shop.example"])
def test_what_is_no_host_is_refused_where_it_is_written(host: str) -> None:
    with pytest.raises(ValueError, match="is no host"):
        secure(FastAPI(), hosts=[host])


# -- origins


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),  # no browser
        ({"sec-fetch-site": "same-origin", "origin": "http://testserver"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"sec-fetch-site": "same-site", "origin": "http://other.testserver"}, 403),
        (OTHERS, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"origin": "https://testserver"}, 200),  # an old browser, and a proxy that ends TLS
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site", "origin": "https://App.example"}, 200),
    ],
)
def test_what_changes_something_comes_from_here(call: Call, headers: dict[str, str], status: int) -> None:
    app = program(origins=["https://app.example"])
    response = call(app).post("/data", headers=headers)
    assert response.status_code == status
    if status == 403:
        assert response.json() == {"detail": "Cross-origin request refused"}


def test_reading_is_allowed_from_anywhere(call: Call) -> None:
    assert call(program()).get("/data", headers=OTHERS).status_code == 200


def test_a_websocket_of_another_site_is_refused(call: Call) -> None:
    client = call(program())
    with pytest.raises(WebSocketDisconnect) as closed, client.websocket_connect("/ws", headers=OTHERS):
        pass
    assert closed.value.code == 1008


def test_the_check_can_be_left_out(call: Call) -> None:
    assert call(program(origins=None)).post("/data", headers=OTHERS).status_code == 200


@pytest.mark.parametrize("origin", ["app.example", "https://app.example/", "*"])
def test_what_is_no_origin_is_refused_where_it_is_written(origin: str) -> None:
    with pytest.raises(ValueError, match="is no origin"):
        secure(FastAPI(), origins=[origin])


# -- with the rest of the application


def test_a_refusal_is_told_as_the_application_tells_errors(call: Call) -> None:
    app = program(hosts=["testserver"])
    use_problems(app)
    client = call(app)
    assert client.post("/data", headers=OTHERS).json()["title"] == "Forbidden"
    response = client.get("/data", headers={"host": "evil.example"})
    assert response.headers["content-type"] == "application/problem+json"


def test_a_handler_that_is_no_coroutine_tells_it_too(call: Call) -> None:
    app = program()

    @app.exception_handler(HTTPException)
    def teapot(request: Request, error: HTTPException) -> Response: ...

    @app.exception_handler(403)
    def forbidden(request: Request, error: HTTPException) -> Response:
        return Response("no", status_code=403)

    assert call(app).post("/data", headers=OTHERS).text == "no"


def test_it_does_not_come_too_late(call: Call) -> None:
    app = program()
    call(app).get("/data")
    with pytest.raises(RuntimeError, match="comes too late"):
        secure(app)
