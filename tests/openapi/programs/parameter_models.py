"""Parameters that come in one model: the document shows its fields."""

from typing import Annotated, Generic, Literal, TypeVar

from pydantic import AliasChoices, AliasPath, BaseModel, ConfigDict, Field, Json
from pydantic.alias_generators import to_camel

T = TypeVar("T")


class Page(BaseModel):
    limit: int = Field(100, gt=0, le=100, description="How many")
    offset: int = Field(0, ge=0, title="Where from", examples=[10])
    order_by: Literal["created_at", "updated_at"] = "created_at"
    tags: list[str] = []
    maybe: int | None = None
    needed: str
    old: str = Field("x", deprecated=True)


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", title="Strictly")
    a: int
    b: str = Field(alias="the-b")
    c: str = Field("c", validation_alias="the-c")
    d: str = Field("d", serialization_alias="the-d", json_schema_extra={"x-d": 1})


class Camel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)
    first_name: str
    last_name: str | None = None
    made: list[int] = Field(default_factory=list)


class CommonHeaders(BaseModel):
    host: str
    save_data: bool
    if_modified_since: str | None = None
    x_tag: list[str] = []
    x_alias: str = Field("x", alias="X-Real-Alias")


class Window(BaseModel, Generic[T]):
    start: T
    end: T | None = None


class Inner(BaseModel):
    x: int


class Named(BaseModel):
    x_choice: str = Field(validation_alias=AliasChoices("x_choice", "X-Choice"))
    x_alias: str = Field("x", alias="x_alias")
    x_path: str = Field("x", validation_alias=AliasPath("x_paths", 0))
    x_both: str = Field("x", validation_alias=AliasChoices(AliasPath("x_paths", 0), "x_other"))


class OnlyByName(BaseModel):
    model_config = ConfigDict(validate_by_alias=False, validate_by_name=True)
    x_value: int = Field(alias="legacy")


class PathParts(BaseModel):
    a: int
    b: str = Field(description="The b")


def build(f):
    app = f.FastAPI()
    Cookie, Depends, Header, Path, Query = f.Cookie, f.Depends, f.Header, f.Path, f.Query

    @app.get("/page")
    def page(page: Annotated[Page, Query()]): ...

    @app.get("/page-default")
    def page_default(page: Annotated[Page, Query()] = Page(needed="x")): ...

    @app.get("/strict")
    def strict(strict: Annotated[Strict, Query(description="Not shown", deprecated=True)]): ...

    @app.get("/camel")
    def camel(camel: Annotated[Camel, Query()]): ...

    @app.get("/headers")
    def headers(headers: Annotated[CommonHeaders, Header()]): ...

    @app.get("/raw-headers")
    def raw_headers(headers: Annotated[CommonHeaders, Header(convert_underscores=False)]): ...

    @app.get("/cookies")
    def cookies(cookies: Annotated[Camel, Cookie()]): ...

    @app.get("/hidden")
    def hidden(page: Annotated[Page, Query(include_in_schema=False)]): ...

    @app.get("/generic")
    def generic(window: Annotated[Window[int], Query()]): ...

    @app.get("/path/{a}/{b}")
    def path(parts: Annotated[PathParts, Path()]): ...

    @app.get("/optional")
    def optional(a: Annotated[Page | None, Query()] = None, b: Annotated[CommonHeaders | None, Header()] = None): ...

    @app.get("/nullable")
    def nullable(page: Annotated[Page | None, Query()]): ...

    @app.get("/named-headers")
    def named_headers(named: Annotated[Named, Header()], only: Annotated[OnlyByName, Header()]): ...

    @app.get("/named-query")
    def named_query(named: Annotated[Named, Query()], only: Annotated[OnlyByName, Query()]): ...

    @app.get("/json")
    def as_json(page: Annotated[Json[Page], Query()], n: int = 1): ...

    def dependency(page: Annotated[Page, Query()], q: str = "x"): ...

    @app.get("/below")
    def below(value: Annotated[None, Depends(dependency)]): ...

    @app.get("/two-models")
    def two_models(headers: Annotated[CommonHeaders, Header()], page: Annotated[Camel, Query()]): ...

    return app
