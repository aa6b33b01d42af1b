"""Every error is a problem (RFC 9457), in answers and in the document, for applications that ask for it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, TypeAdapter

from tests.doors import Call
from vivace import Body, FastAPI, Header, HTTPException, Query
from vivace.kit.problem import Problem, ProblemException, ProblemResponse, ValidationProblem, use_problems

HIDDEN = "hunter2-xyzzy"
PROBLEM = "application/problem+json"


class Line(BaseModel):
    count: int


class Order(BaseModel):
    lines: list[Line]
    notes: dict[str, int] = {}


@pytest.fixture
def app() -> FastAPI:
    app = FastAPI()
    use_problems(app)
    details: dict[str, Any] = {
        "words": "No such item",
        "none": None,
        "mapping": {"code": 7, "title": "Gone for good", "status": 200, "type": 5, "on": date(2024, 1, 2)},
        "list": [{"code": 1}],
        "parts": [{"type": "taken", "loc": ["header", "key"], "msg": "It is taken", "input": "secret"}],
        "number": 5,
    }

    @app.get("/raise/{kind}")
    def fail(kind: str) -> None:
        raise HTTPException(404, detail=details[kind], headers={"X-Kind": kind})

    @app.get("/credit")
    def credit() -> None:
        raise ProblemException(403, type="https://shop.example/credit", title="No credit", detail="30 < 50", balance=30)

    @app.get("/not-modified")
    def not_modified() -> None:
        raise HTTPException(304)

    @app.get("/unhandled")
    def unhandled() -> None:
        raise RuntimeError(HIDDEN)

    @app.post("/orders")
    def order(
        order: Annotated[Order, Body()],
        limit: Annotated[int, Query()] = 1,
        x_token: Annotated[int, Header()] = 0,
    ) -> Order:
        return order

    return app


@pytest.mark.parametrize(
    ("kind", "members"),
    [
        ("words", {"title": "Not Found", "status": 404, "detail": "No such item"}),
        ("none", {"title": "Not Found", "status": 404}),
        ("mapping", {"title": "Gone for good", "status": 404, "code": 7, "on": "2024-01-02"}),
        ("list", {"title": "Not Found", "status": 404, "errors": [{"code": 1}]}),
        (
            "parts",
            {
                "title": "The request is not valid",
                "status": 404,
                "errors": [{"detail": "It is taken", "type": "taken", "location": "header", "parameter": "key"}],
            },
        ),
        ("number", {"title": "Not Found", "status": 404, "detail": "5"}),
    ],
)
def test_an_http_exception_is_a_problem(call: Call, app: FastAPI, kind: str, members: dict[str, Any]) -> None:
    response = call(app).get(f"/raise/{kind}")
    assert response.status_code == 404
    assert response.headers["content-type"] == PROBLEM
    assert response.headers["x-kind"] == kind
    assert response.json() == {"type": "about:blank", **members}
    assert Problem.model_validate(response.json())


def test_a_problem_has_a_kind_and_extensions(call: Call, app: FastAPI) -> None:
    response = call(app).get("/credit")
    assert response.status_code == 403
    assert response.json() == {
        "type": "https://shop.example/credit",
        "title": "No credit",
        "status": 403,
        "detail": "30 < 50",
        "balance": 30,
    }


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nowhere", 404), ("DELETE", "/credit", 405)])
def test_errors_of_the_routing_are_problems(call: Call, app: FastAPI, method: str, path: str, status: int) -> None:
    response = call(app).request(method, path)
    assert (response.status_code, response.headers["content-type"]) == (status, PROBLEM)
    assert response.json()["status"] == status
    assert (response.headers.get("allow") == "GET") == (status == 405)


def test_a_status_that_has_no_body_has_none(call: Call, app: FastAPI) -> None:
    response = call(app).get("/not-modified")
    assert (response.status_code, response.content) == (304, b"")


def test_an_invalid_request_says_where_without_the_value(call: Call, app: FastAPI) -> None:
    body = {"lines": [{"count": 1}, {"count": HIDDEN}], "notes": {"a/b ~c": HIDDEN}}
    response = call(app).post("/orders?limit=many", json=body, headers={"x-token": HIDDEN})
    assert (response.status_code, response.headers["content-type"]) == (422, PROBLEM)
    assert HIDDEN not in response.text
    told = response.json()
    assert ValidationProblem.model_validate(told)
    assert (told["title"], told["status"]) == ("The request is not valid", 422)
    assert [(e["location"], e.get("parameter") or e["pointer"]) for e in told["errors"]] == [
        ("query", "limit"),
        ("header", "x-token"),
        ("body", "#/lines/1/count"),
        ("body", "#/notes/a~1b%20~0c"),
    ]
    assert {e["type"] for e in told["errors"]} == {"int_parsing"}


def test_a_body_that_is_not_json_points_at_the_place(call: Call, app: FastAPI) -> None:
    response = call(app).post("/orders", content=b"{", headers={"content-type": "application/json"})
    assert (response.status_code, response.headers["content-type"]) == (422, PROBLEM)
    assert response.json()["errors"][0]["location"] == "body"


def test_an_unhandled_exception_is_a_problem_that_says_nothing_of_it(call: Call, app: FastAPI) -> None:
    response = call(app, raises=False).get("/unhandled")
    assert (response.status_code, response.headers["content-type"]) == (500, PROBLEM)
    assert response.json() == {"type": "about:blank", "title": "Internal Server Error", "status": 500}


def test_an_unhandled_exception_is_still_raised_for_the_server_to_log(call: Call, app: FastAPI) -> None:
    with pytest.raises(RuntimeError, match=HIDDEN):
        call(app).get("/unhandled")


def test_a_problem_can_be_returned(call: Call) -> None:
    app = FastAPI()

    @app.get("/")
    def read() -> ProblemResponse:
        return ProblemResponse({"title": "Busy", "status": 503}, status_code=503)

    response = call(app).get("/")
    assert (response.status_code, response.headers["content-type"]) == (503, PROBLEM)


def test_an_extension_is_not_called_status_code() -> None:
    with pytest.raises(ValueError, match="`status_code` is called `status` here"):
        ProblemException(400, status_code=401)


# -- the document


def test_the_document_shows_problems(call: Call, app: FastAPI) -> None:
    document = call(app).get("/openapi.json").json()
    schemas = document["components"]["schemas"]
    assert {"Problem", "ValidationProblem", "InvalidPart"} <= set(schemas)
    assert not {"HTTPValidationError", "ValidationError"} & set(schemas)
    responses = document["paths"]["/orders"]["post"]["responses"]
    assert responses["422"]["content"] == {PROBLEM: {"schema": {"$ref": "#/components/schemas/ValidationProblem"}}}
    assert responses["default"]["content"] == {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    assert "application/json" in responses["200"]["content"]


def test_errors_that_a_route_describes_are_problems_unless_it_gives_a_body(call: Call) -> None:
    app = FastAPI()
    use_problems(app)

    class Own(BaseModel):
        why: str

    @app.get("/", responses={404: {"description": "No item"}, 409: {"model": Own}, "default": {"model": Own}})
    def read() -> None: ...

    responses = app.openapi()["paths"]["/"]["get"]["responses"]
    assert list(responses["404"]["content"]) == [PROBLEM]
    assert list(responses["409"]["content"]) == ["application/json"]
    assert list(responses["default"]["content"]) == ["application/json"]


def test_the_document_follows_the_routes(app: FastAPI) -> None:
    before = app.openapi()
    assert app.openapi() is before

    @app.get("/later")
    def later() -> None: ...

    assert "default" in app.openapi()["paths"]["/later"]["get"]["responses"]


def test_without_it_errors_stay_as_they_are(call: Call) -> None:
    response = call(FastAPI()).get("/nowhere")
    assert response.json() == {"detail": "Not Found"}


def test_the_references_of_the_document_lead_somewhere(app: FastAPI) -> None:
    document = app.openapi()
    text = TypeAdapter(Any).dump_json(document).decode()
    names = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert names == set(document["components"]["schemas"])
