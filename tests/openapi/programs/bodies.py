"""JSON bodies: one, several, embedded, scalar, nested, recursive, and on every method."""

import datetime as dt
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Generic, Literal, NotRequired, TypeVar
from uuid import UUID

from pydantic import AliasChoices, BaseModel, ConfigDict, EmailStr, Field, HttpUrl, RootModel
from typing_extensions import TypedDict

T = TypeVar("T")


class Kind(str, Enum):  # noqa: UP042  # as most programs have it
    """Kinds of things.\f Not for the document."""

    a = "a"
    b = "b"


class Image(BaseModel):
    url: HttpUrl
    name: str


class Item(BaseModel):
    """An item.

    With a long description.
    \f
    Not for the document.
    """

    name: str = Field(min_length=1, max_length=20, examples=["Foo"])
    price: float = Field(gt=0, description="The price")
    tax: float | None = None
    tags: set[str] = set()
    images: list[Image] | None = None
    kind: Kind = Kind.a
    made: dt.datetime = Field(default_factory=dt.datetime.now)
    extra: dict[str, int | list[str]] = {}
    key: UUID | None = None
    amount: Decimal = Decimal("1.5")
    email: EmailStr | None = None
    anything: Any = None
    nothing: None = None
    fixed: Literal["x"] = "x"
    pair: tuple[int, str] = (1, "a")


class Tree(BaseModel):
    value: int
    children: list["Tree"] = []


class Box(BaseModel, Generic[T]):
    content: T


class Names(RootModel[list[str]]):
    pass


class Movie(TypedDict):
    """A film."""

    title: str
    year: NotRequired[int]


class Configured(BaseModel):
    model_config = ConfigDict(
        title="A configured one",
        extra="forbid",
        json_schema_extra={"examples": [{"a": 1}], "x-more": None},
        use_attribute_docstrings=True,
    )
    a: int
    """The a."""


def build(f):
    app = f.FastAPI()
    Body = f.Body

    for method in ("get", "post", "put", "patch", "delete", "options", "head", "trace"):

        @getattr(app, method)("/methods", name=f"by {method}")
        def by_method(item: Item): ...

    @app.api_route("/several-methods", methods=["POST", "PUT"])
    def several_methods(item: Item): ...

    @app.post("/optional")
    def optional(item: Item | None = None): ...

    @app.post("/embedded")
    def embedded(item: Annotated[Item, Body(embed=True)]): ...

    @app.post("/optional-embedded")
    def optional_embedded(item: Annotated[Item | None, Body(embed=True)] = None): ...

    @app.post("/several/{item_id}")
    def several(item_id: int, item: Item, tree: Tree, importance: Annotated[int, Body(gt=0)], q: str | None = None): ...

    @app.post("/all-optional")
    def all_optional(item: Item | None = None, tree: Tree | None = None): ...

    @app.post("/scalar")
    def scalar(n: Annotated[int, Body()]): ...

    @app.post("/list")
    def of_list(items: list[Item]): ...

    @app.post("/dict")
    def of_dict(items: dict[int, float]): ...

    @app.post("/any")
    def of_any(data: Annotated[Any, Body()]): ...

    @app.post("/plain-dict")
    def of_plain_dict(data: dict): ...

    @app.post("/tree")
    def of_tree(tree: Tree): ...

    @app.post("/boxes")
    def of_boxes(a: Box[int], b: Box[list[Image]], c: Box[Box[str]]): ...

    @app.post("/names")
    def of_names(names: Names): ...

    @app.post("/movie")
    def of_movie(movie: Movie): ...

    @app.post("/configured")
    def of_configured(configured: Configured): ...

    @app.post("/media-type")
    def of_media_type(item: Annotated[Item, Body(media_type="application/vnd.api+json")]): ...

    @app.post("/union")
    def of_union(item: Item | Tree | list[int]): ...

    @app.post("/enum")
    def of_enum(kind: Annotated[Kind, Body()]): ...

    @app.post("/default")
    def with_default(item: Image = Image(url="http://x.example", name="x")): ...

    @app.post("/aliases")
    def aliases(n: Annotated[int, Body(alias="the_alias")]): ...

    @app.post("/choices")
    def choices(n: Annotated[int, Body(validation_alias=AliasChoices("one", "two"))]): ...

    @app.post("/bytes")
    def of_bytes(data: Annotated[bytes, Body()]): ...

    @app.post("/no-title")
    def no_title(item: Annotated[Item, Body(title="Chosen title")]): ...

    def dependency(a: Image, b: Annotated[int, Body()] = 3): ...

    @app.post("/through-dependency")
    def through_dependency(item: Item, d: Annotated[None, f.Depends(dependency)]): ...

    return app
