"""What a parameter can be told for the document: titles, examples, aliases, extras, and leaving it out."""

# ruff: noqa: PLR0917  # what is under test are signatures

from typing import Annotated

from pydantic import AliasChoices, AliasPath, BaseModel, Field, WithJsonSchema


class Filter(BaseModel):
    a: int


def build(f):
    app = f.FastAPI()
    Body, Cookie, Header, Path, Query = f.Body, f.Cookie, f.Header, f.Path, f.Query

    @app.get("/texts/{item_id}")
    def texts(
        item_id: Annotated[int, Path(title="Item", description="Which one", examples=[1, 2], deprecated=True)],
        q: Annotated[str, Query(title="Q", description="Ask", deprecated=True, examples=["a"])] = "x",
        untitled: Annotated[str, Query(title="")] = "x",
        described: Annotated[str, Query(description="")] = "x",
        not_deprecated: Annotated[str, Query(deprecated=False)] = "x",
        because: Annotated[str, Query(deprecated="Use q")] = "x",
        hidden: Annotated[str, Query(include_in_schema=False)] = "x",
        hidden_header: Annotated[str, Header(include_in_schema=False)] = "x",
        hidden_cookie: Annotated[str, Cookie(include_in_schema=False)] = "x",
    ): ...

    @app.get("/hidden-path/{secret}")
    def hidden_path(secret: Annotated[str, Path(include_in_schema=False)]): ...

    @app.get("/examples")
    def examples(
        named: Annotated[
            str,
            Query(
                openapi_examples={
                    "one": {"summary": "One", "value": "1", "description": "d"},
                    "two": {"externalValue": "http://x.example/y"},
                    "three": {"value": None, "x-extra": {"a": None, "b": 1}},
                    "four": {},
                }
            ),
        ] = "x",
        both: Annotated[str, Query(examples=["a", None], openapi_examples={"n": {"value": "v"}})] = "x",
        none: Annotated[str | None, Query(examples=[None])] = None,
        empty: Annotated[str | None, Query(examples=[], openapi_examples={})] = None,
    ): ...

    @app.get("/aliases/{id}")
    def aliases(
        identity: Annotated[str, Path(alias="id")],
        a: Annotated[str, Query(alias="the-a")] = "x",
        b: Annotated[str, Query(validation_alias="the-b")] = "x",
        c: Annotated[str, Query(serialization_alias="the-c")] = "x",
        d: Annotated[str, Query(alias="the-d", validation_alias="the-other-d")] = "x",
        e: Annotated[str, Query(validation_alias=AliasChoices("e1", "e2"))] = "x",
        g: Annotated[str, Query(validation_alias=AliasPath("g1", 0))] = "x",
        h: Annotated[str, Header(validation_alias="X-H")] = "x",
        i: Annotated[str, Cookie(validation_alias=AliasChoices("i-1", "i-2"))] = "x",
    ): ...

    @app.get("/extras")
    def extras(
        a: Annotated[str, Query(json_schema_extra={"x-a": 1, "nothing": None, "format": "special"})] = "x",
        b: Annotated[int, WithJsonSchema({"type": "string", "const": 5}), Query()] = 3,
        c: Annotated[int, Field(description="Inner", title="Inner title"), Query()] = 3,
        d: Annotated[int, Query(description="Outer"), Field(description="Last")] = 3,
        e: int = Query(default_factory=lambda: 4, description="made"),
    ): ...

    @app.get("/one-name-in-many-places/{name}")
    def places(
        name: str,
        in_query: Annotated[str, Query(alias="name")] = "q",
        in_header: Annotated[str, Header(alias="name")] = "h",
        in_cookie: Annotated[str, Cookie(alias="name")] = "c",
    ): ...

    def optional_limit(limit: int | None = None): ...

    def required_limit(limit: int, offset: int = 0): ...

    @app.get("/repeated")
    def repeated(
        a=f.Depends(optional_limit), b=f.Depends(required_limit), c=f.Depends(optional_limit), offset: int | None = None
    ): ...

    @app.post("/body-texts")
    def body_texts(
        one: Annotated[
            Filter,
            Body(title="One", description="The one", examples=[{"a": 1}], openapi_examples={"x": {"value": {"a": 2}}}),
        ],
    ): ...

    @app.post("/embedded-texts")
    def embedded_texts(
        one: Annotated[Filter, Body(embed=True, title="One", description="The one", deprecated=True)],
    ): ...

    @app.post("/body-parts")
    def body_parts(
        one: Annotated[Filter, Body(description="The one", examples=[{"a": 1}])],
        two: Annotated[int, Body(gt=3, alias="the-two", openapi_examples={"x": {"value": 4}})],
        three: Annotated[str | None, Body(json_schema_extra={"x-y": None})] = None,
        four: int = 3,
    ): ...

    return app
