"""What `get_openapi` promises beside being FastAPI's."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from fastapi.openapi import utils as genuine
from pydantic import BaseModel

from vivace import APIRouter, Depends, FastAPI
from vivace.openapi.schemas import Schemas
from vivace.openapi.utils import get_openapi
from vivace.responses import JSONResponse
from vivace.routing import iter_route_contexts


class Item(BaseModel):
    name: str


def app_with_routes(number: int) -> FastAPI:
    app, router = FastAPI(), APIRouter()
    for i in range(number):

        @router.post(f"/items/{i}", operation_id=f"create_{i}")
        def create(item: Item, q: int = 0) -> Item: ...

    app.include_router(router)
    return app


def test_the_signature_is_that_of_fastapi() -> None:
    def shape(function: Any) -> list[tuple[str, Any, Any]]:
        return [(p.name, p.kind, p.default) for p in inspect.signature(function).parameters.values()]

    assert shape(get_openapi) == shape(genuine.get_openapi)


def test_routes_and_their_contexts_make_the_same_document() -> None:
    app = app_with_routes(2)
    of_routes = get_openapi(title="t", version="1", routes=app.routes)
    assert of_routes == get_openapi(title="t", version="1", routes=list(iter_route_contexts(app.routes)))
    assert len(of_routes["paths"]) == 2


def test_making_a_document_changes_nothing_that_was_declared() -> None:
    responses: dict[int | str, dict[str, Any]] = {404: {"model": Item, "content": {"application/json": {"example": 1}}}}
    extra = {"responses": {"422": {"description": "Own"}}}
    app = FastAPI()
    app.get("/a/{n}", responses=responses, openapi_extra=extra)(lambda n: None)
    app.get("/b/{n}")(lambda n: None)
    first = app.openapi()
    assert responses == {404: {"model": Item, "content": {"application/json": {"example": 1}}}}
    assert extra == {"responses": {"422": {"description": "Own"}}}
    assert first["paths"]["/b/{n}"]["get"]["responses"]["422"]["description"] == "Validation Error"
    app.openapi_schema = None
    assert app.openapi() == first


@pytest.mark.parametrize("status", ["hello", "6XX", "20"])
def test_a_response_must_be_declared_for_a_status(status: str) -> None:
    app = FastAPI()
    app.get("/", responses={status: {"description": "x"}})(lambda: None)
    if status == "20":  # FastAPI lets any number pass
        assert "20" in app.openapi()["paths"]["/"]["get"]["responses"]
    else:
        with pytest.raises(ValueError, match=f"'{status}' in `responses` is not a status"):
            app.openapi()


def test_a_response_class_without_a_default_status_answers_200() -> None:
    class Bare(JSONResponse):
        def __init__(self, content: Any, **options: Any) -> None:
            super().__init__(content, **options)

    app = FastAPI()
    app.get("/", response_class=Bare)(lambda: None)
    assert list(app.openapi()["paths"]["/"]["get"]["responses"]) == ["200"]


def test_all_schemas_come_from_one_run_over_each_field_once(monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[int] = []
    original = Schemas.__init__

    def counted(self: Schemas, fields: Any, **options: Any) -> None:
        fields = list(fields)
        runs.append(len(fields))
        original(self, fields, **options)

    monkeypatch.setattr(Schemas, "__init__", counted)
    app_with_routes(10).openapi()
    app_with_routes(40).openapi()
    assert runs == [30, 120]


def test_a_dependency_graph_is_walked_once_however_many_ways_lead_through_it() -> None:
    depends: Any = None
    for level in range(40):  # two ways down at each level: 2**40 in all

        def below(**_: Any) -> int:
            return 0

        names = ["a", "b"] if depends else []
        below.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [inspect.Parameter(n, inspect.Parameter.KEYWORD_ONLY, default=depends) for n in names]
            + [inspect.Parameter(f"q{level}", inspect.Parameter.KEYWORD_ONLY, default=0, annotation=int)]
        )
        depends = Depends(below)
        if level == 12:  # the graph itself is still a tree
            break
    app = FastAPI()
    app.get("/", dependencies=[depends])(lambda: None)
    assert [p["name"] for p in app.openapi()["paths"]["/"]["get"]["parameters"]] == [f"q{n}" for n in range(12, -1, -1)]
