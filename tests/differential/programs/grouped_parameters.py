"""Models as groups of query, header and cookie parameters."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tests.differential import strategies
from tests.differential.case import get


class Filters(BaseModel):
    limit: int = Field(100, gt=0, le=100)
    offset: int = Field(0, ge=0)
    order_by: Literal["created_at", "updated_at"] = "created_at"
    tags: list[str] = []
    search: str | None = Field(None, alias="q", description="Free text")


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")
    a: int
    b: list[int] = [1]


class Loose(BaseModel):
    model_config = ConfigDict(extra="allow")
    a: int = 0


class Checked(BaseModel):
    low: int = 0
    high: int = 10

    @model_validator(mode="after")
    def ordered(self):
        if self.low > self.high:
            raise ValueError("low is above high")
        return self


class Common(BaseModel):
    host: str
    save_data: bool
    if_modified_since: str | None = None
    traceparent: str | None = None
    x_tag: list[str] = []


class StrictHeaders(BaseModel):
    model_config = ConfigDict(extra="forbid")
    x_only: str | None = None


class Crumbs(BaseModel):
    session_id: str
    tracker: int | None = None
    theme: str = Field("light", alias="ui-theme")


class Listed(BaseModel):
    ids: list[int]
    names: set[str] = {"none"}


class StrictCrumbs(BaseModel):
    model_config = ConfigDict(extra="forbid")
    session_id: str


def build(f):
    app = f.FastAPI()

    @app.get("/filters")
    async def filters(query: Annotated[Filters, f.Query()]):
        return query

    @app.get("/strict")
    def strict(query: Annotated[Strict, f.Query()]):
        return query

    @app.get("/loose")
    def loose(query: Annotated[Loose, f.Query()]):
        return {"model": query, "extra": query.model_extra}

    @app.get("/checked")
    def checked(query: Checked = f.Query()):
        return query

    @app.get("/optional")
    def optional(query: Annotated[Filters | None, f.Query()] = None):
        return query

    @app.get("/with-default")
    def with_default(strict: Annotated[Strict, f.Query()] = Strict(a=7)):
        return strict

    @app.get("/optional-with-default")
    def optional_with_default(crumbs: Annotated[Crumbs | None, f.Cookie()] = Crumbs(session_id="none")):
        return crumbs

    @app.get("/listed-cookies")
    def listed_cookies(crumbs: Annotated[Listed, f.Cookie()]):
        return crumbs

    @app.get("/beside")
    def beside(query: Annotated[Filters, f.Query()], other: str = "other"):
        return [query, other]

    @app.get("/headers")
    def headers(h: Annotated[Common, f.Header()]):
        return h

    @app.get("/headers-as-written")
    def as_written(h: Annotated[Common, f.Header(convert_underscores=False)]):
        return h

    @app.get("/strict-headers")
    def strict_headers(h: Annotated[StrictHeaders, f.Header()]):
        return h

    @app.get("/cookies")
    def cookies(c: Annotated[Crumbs, f.Cookie()]):
        return c

    @app.get("/strict-cookies")
    def strict_cookies(c: Annotated[StrictCrumbs, f.Cookie()]):
        return c

    @app.get("/all")
    def everything(
        query: Annotated[Filters, f.Query()],
        h: Annotated[Common, f.Header()],
        c: Annotated[Crumbs, f.Cookie()],
    ):
        return [query, h, c]

    return app


CASES = [
    get("/listed-cookies"),
    get("/listed-cookies", {"cookie": "ids=1; names="}),
    get("/listed-cookies", {"cookie": "ids=; names=a"}),
    get("/with-default"),
    get("/with-default?a=1"),
    get("/with-default?b=1"),
    get("/optional-with-default"),
    get("/optional-with-default", {"cookie": "session_id=1"}),
    get("/optional-with-default", {"cookie": "theme=dark"}),
    get("/filters"),
    get("/filters?limit=5&offset=1&order_by=updated_at&tags=a&tags=b&q=word"),
    get("/filters?limit=0&offset=-1&order_by=x&search=word"),
    get("/filters?limit=1&limit=2&unknown=1"),
    get("/strict"),
    get("/strict?a=1"),
    get("/strict?a=1&b=2&b=3&c=4&d=5&d=6"),
    get("/strict?a=x&z=1"),
    get("/loose?a=1&other=2&other=3"),
    get("/checked?low=1&high=2"),
    get("/checked?low=3&high=2"),
    get("/checked?low=x"),
    get("/optional"),
    get("/optional?limit=3"),
    get("/optional?limit=300"),
    get("/beside?limit=3&other=1"),
    get("/headers"),
    get("/headers", {"save-data": "true", "if-modified-since": "now", "traceparent": "t"}),
    get("/headers", [("save-data", "1"), ("x-tag", "a"), ("x-tag", "b, c")]),
    get("/headers", {"save_data": "true"}),
    get("/headers", {"save-data": "maybe"}),
    get("/headers-as-written", {"save-data": "true"}),
    get("/headers-as-written", {"save_data": "true", "x_tag": "q"}),
    get("/strict-headers", {"x-only": "1"}),
    get("/strict-headers", {"x-only": "1", "x-other": "2"}),
    get("/cookies"),
    get("/cookies", {"cookie": "session_id=abc"}),
    get("/cookies", {"cookie": "session_id=abc; tracker=5; ui-theme=dark; extra=1"}),
    get("/cookies", {"cookie": "session_id=abc; tracker=x"}),
    get("/strict-cookies", {"cookie": "session_id=abc"}),
    get("/strict-cookies", {"cookie": "session_id=abc; other=1"}),
    get("/all"),
    get("/all?limit=1", {"save-data": "on", "cookie": "session_id=1"}),
    get("/all?limit=x", {"save-data": "?", "cookie": "tracker=x"}),
]

DRAWN = strategies.query_requests(
    {
        "/filters": "limit offset order_by tags q search".split(),
        "/strict": ["a", "b", "c"],
        "/loose": ["a", "other"],
        "/checked": ["low", "high"],
        "/optional": ["limit", "q"],
    }
)
