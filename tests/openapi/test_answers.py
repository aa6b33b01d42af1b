"""What dependencies answer by themselves shows in the document of every route that depends on them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.doors import Call
from tests.doors import call as call
from vivace import APIRouter, Depends, FastAPI, Security
from vivace.openapi.answers import answers

RETRY = {"Retry-After": {"description": "Seconds", "schema": {"type": "integer"}}}


def busy() -> None: ...


def known() -> None: ...


class Known:
    def __call__(self) -> None: ...


answers(busy, {429: {"description": "Too many", "headers": RETRY}})
answers(known, {401: {"description": "Who are you?"}, 429: {"description": "Too many tries"}})


def user(_: None = Depends(known)) -> None: ...


def document(call: Call, app: FastAPI) -> dict[str, Any]:
    paths: dict[str, Any] = call(app).get("/openapi.json").json()["paths"]
    return {path: operation["get"]["responses"] for path, operation in paths.items()}


def test_dependencies_of_all_kinds_are_found(call: Call) -> None:
    app = FastAPI(dependencies=[Depends(busy)])
    router = APIRouter(dependencies=[Security(user, scopes=["a"])])
    callable_object = answers(Known(), {403: {"description": "No"}})

    @app.get("/plain")
    async def plain() -> None: ...

    @router.get("/deep")
    async def deep(_: None = Depends(callable_object), __: None = Depends(user)) -> None: ...

    app.include_router(router)
    told = document(call, app)
    assert told["/plain"].keys() == {"200", "429"}
    assert told["/plain"]["429"] == {"description": "Too many", "headers": RETRY}
    assert told["/deep"].keys() == {"200", "401", "403", "429"}
    assert told["/deep"]["429"] == {"description": "Too many; Too many tries", "headers": RETRY}, "each once"
    assert told["/deep"]["401"] == {"description": "Who are you?"}


def test_what_a_route_or_a_router_says_itself_stands(call: Call) -> None:
    app = FastAPI(dependencies=[Depends(known)])
    router = APIRouter(responses={401: {"description": "The router's"}})

    @router.get("/x", responses={429: {"description": "The route's"}})
    async def read() -> None: ...

    app.include_router(router)
    told = document(call, app)["/x"]
    assert (told["401"], told["429"]) == ({"description": "The router's"}, {"description": "The route's"})


def test_the_answer_to_invalid_requests_stays(call: Call) -> None:
    app = FastAPI()
    refuses = answers(lambda: None, {422: {"description": "Mine"}})

    @app.get("/x")
    async def read(q: int) -> None: ...

    @app.get("/y", dependencies=[Depends(refuses)])
    async def other() -> None: ...

    @app.get("/z", dependencies=[Depends(refuses)])
    async def both(q: int) -> None: ...

    told = document(call, app)
    assert told["/x"]["422"] == told["/z"]["422"]
    assert told["/y"]["422"] == {"description": "Mine"}


def test_one_operation_does_not_change_another(call: Call) -> None:
    app = FastAPI()

    @app.get("/one", dependencies=[Depends(busy)], openapi_extra={"responses": {"429": {"description": "Changed"}}})
    async def one() -> None: ...

    @app.get("/two", dependencies=[Depends(busy), Depends(known)])
    async def two() -> None: ...

    @app.get("/three", dependencies=[Depends(busy)])
    async def three() -> None: ...

    told = document(call, app)
    texts = [told[path]["429"]["description"] for path in ("/one", "/two", "/three")]
    assert texts == ["Changed", "Too many; Too many tries", "Too many"]


@pytest.mark.parametrize("response", [{}, {"description": ""}, {"description": "x", "model": int}])
def test_what_makes_no_response_object_is_refused(response: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"answers\(busy\): 429 needs a `description`"):
        answers(busy, {429: response})
