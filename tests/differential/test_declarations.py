"""What FastAPI refuses to declare, Vivace refuses too, with the same kind of error."""

from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Annotated, Any

import pytest
from pydantic import BaseModel

from tests.differential.case import sub
from tests.differential.stage import ORACLE, framework

Declaration = Callable[[ModuleType, Any], object]
REFUSED: dict[str, Declaration] = {}


class Model(BaseModel):
    a: int


class NoModel:
    pass


def refused(declaration: Declaration) -> Declaration:
    REFUSED[declaration.__name__] = declaration
    return declaration


@refused
def response_model_is_no_type_of_pydantics(f, app):
    app.get("/", response_model=NoModel)(lambda: None)


@refused
def response_model_is_a_list_of_no_models(f, app):
    app.get("/", response_model=list[NoModel])(lambda: None)


@refused
def return_annotation_is_no_model(f, app):
    @app.get("/")
    def endpoint() -> NoModel: ...


@refused
def return_annotation_mixes_a_response_and_a_model(f, app):
    def endpoint():
        pass

    endpoint.__annotations__["return"] = f.Response | dict
    app.get("/")(endpoint)


@refused
def parameter_is_no_model(f, app):
    def endpoint(a: NoModel):
        pass

    app.get("/")(endpoint)


@refused
def path_parameter_has_a_default(f, app):
    def endpoint(a: Annotated[int, f.Path()] = 1):
        pass

    app.get("/{a}")(endpoint)


@refused
def path_parameter_default_is_in_the_marker(f, app):
    def endpoint(a: int = f.Path(default=1)):
        pass

    app.get("/{a}")(endpoint)


@refused
def path_parameter_is_a_list(f, app):
    def endpoint(a: list[int]):
        pass

    app.get("/{a}")(endpoint)


@refused
def path_parameter_is_a_model(f, app):
    def endpoint(a: Model):
        pass

    app.get("/{a}")(endpoint)


@refused
def query_default_is_in_the_annotated_marker(f, app):
    def endpoint(a: Annotated[int, f.Query(default=1)]):
        pass

    app.get("/")(endpoint)


@refused
def query_is_a_list_of_models(f, app):
    def endpoint(a: Annotated[list[Model], f.Query()]):
        pass

    app.get("/")(endpoint)


@refused
def query_is_a_dict(f, app):
    def endpoint(a: Annotated[dict[str, int], f.Query()]):
        pass

    app.get("/")(endpoint)


@refused
def depends_twice(f, app):
    def endpoint(a: Annotated[int, f.Depends(lambda: 1)] = f.Depends(lambda: 2)):
        pass

    app.get("/")(endpoint)


@refused
def marker_twice(f, app):
    def endpoint(a: Annotated[int, f.Query()] = f.Query()):
        pass

    app.get("/")(endpoint)


@refused
def depends_on_what_is_not_callable(f, app):
    app.get("/", dependencies=[f.Depends("no")])(lambda: None)


@refused
def request_with_a_marker(f, app):
    def endpoint(request: Annotated[f.Request, f.Query()]):
        pass

    app.get("/")(endpoint)


@refused
def request_scope_over_function_scope(f, app):
    def short() -> Iterator[int]:
        yield 1

    def long(a: Annotated[int, f.Depends(short, scope="function")]) -> Iterator[int]:
        yield a

    def endpoint(a: Annotated[int, f.Depends(long, scope="request")]):
        pass

    app.get("/")(endpoint)


@refused
def prefix_without_a_slash(f, app):
    f.APIRouter(prefix="a")


@refused
def prefix_with_a_slash_at_its_end(f, app):
    f.APIRouter(prefix="/a/")


@refused
def included_prefix_with_a_slash_at_its_end(f, app):
    app.include_router(f.APIRouter(), prefix="/a/")


@refused
def prefix_and_path_are_empty(f, app):
    router = f.APIRouter()
    router.get("")(lambda: None)
    app.include_router(router)


@refused
def router_includes_itself(f, app):
    router = f.APIRouter(prefix="/a")
    router.include_router(router)


@refused
def body_with_a_status_that_has_none(f, app):
    app.get("/", status_code=204, response_model=Model)(lambda: None)


@refused
def additional_body_with_a_status_that_has_none(f, app):
    app.get("/", responses={204: {"model": Model}})(lambda: None)


@refused
def additional_response_is_no_dict(f, app):
    app.get("/", responses={400: "bad"})(lambda: None)


@refused
def path_parameter_twice(f, app):
    app.get("/{a}/{a}")(lambda a: None)


@refused
def converter_is_unknown(f, app):
    app.get("/{a:odd}")(lambda a: None)


@refused
def title_is_missing(f, app):
    f.FastAPI(title="")


@refused
def version_is_missing(f, app):
    f.FastAPI(version="")


@refused
def frontend_folder_is_missing(f, app):
    app.frontend("/", directory="no such folder")


@refused
def event_with_two_lines_in_its_name(f, app):
    sub(f, "sse").ServerSentEvent(event="a\nb")


@refused
def event_with_data_twice(f, app):
    sub(f, "sse").ServerSentEvent(data=1, raw_data="1")


def outcome(declaration: Declaration, f: ModuleType) -> str:
    try:
        declaration(f, f.FastAPI())
    except Exception as error:  # noqa: BLE001 - which one it is, is the result
        return type(error).__name__
    return "accepted"


@pytest.mark.parametrize("name", REFUSED)
def test_a_declaration_is_refused_alike(name: str) -> None:
    expected = outcome(REFUSED[name], framework(ORACLE))
    assert expected != "accepted", "FastAPI takes it: this belongs into a program"
    assert outcome(REFUSED[name], framework("asgi")) == expected
