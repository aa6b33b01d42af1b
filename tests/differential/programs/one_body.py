"""A single JSON body, of every kind a body can be."""

import enum
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from ipaddress import IPv4Address
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, TypeVar, Union
from uuid import UUID

from pydantic import (
    AliasChoices,
    AliasPath,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    HttpUrl,
    RootModel,
    SecretStr,
    Tag,
    computed_field,
    conlist,
    field_validator,
    model_validator,
)
from typing_extensions import NotRequired, TypedDict

from tests.differential import strategies
from tests.differential.case import post, send


class Image(BaseModel):
    url: HttpUrl
    name: str = Field(min_length=1)


class Item(BaseModel):
    name: str
    price: float = Field(gt=0)
    description: str | None = None
    tags: set[str] = set()
    images: list[Image] | None = None
    extra: dict[str, Any] = {}


class Kinds(BaseModel):
    uuid: UUID | None = None
    day: date | None = None
    at: datetime | None = None
    clock: time | None = None
    span: timedelta | None = None
    money: Decimal | None = None
    ip: IPv4Address | None = None
    path: Path | None = None
    data: bytes | None = None
    secret: SecretStr | None = None
    pair: tuple[int, str] | None = None
    frozen: frozenset[int] | None = None
    either: int | str | None = None
    literal: Literal["x", 1, None] = None
    mapping: dict[int, list[bool]] | None = None


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Aliased(BaseModel):
    model_config = ConfigDict(populate_by_name=True)
    first_name: str = Field(alias="firstName")
    last: str = Field("", validation_alias=AliasChoices("lastName", AliasPath("names", 1)))
    out: str = Field("", serialization_alias="outName")


class Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    n: int
    s: str = ""
    at: date | None = None


class Checked(BaseModel):
    a: int
    b: int = 0

    @field_validator("a")
    @classmethod
    def positive(cls, value):
        if value <= 0:
            raise ValueError("must be positive")
        return value

    @model_validator(mode="before")
    @classmethod
    def no_text(cls, value):
        assert not isinstance(value, str), "no text here"
        return value

    @computed_field
    @property
    def total(self) -> int:
        return self.a + self.b


class Node(BaseModel):
    value: int
    children: list["Node"] = []


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int = 9


class Dog(BaseModel):
    kind: Literal["dog"]
    tricks: list[str] = []


T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    items: list[T]
    total: int = 0


class Ids(RootModel[list[int]]):
    pass


@dataclass
class Point:
    x: int
    y: int = 0
    labels: list[str] = field(default_factory=list)


class Movie(TypedDict):
    title: str
    year: NotRequired[int]


def _species(value):
    return value.get("type") if isinstance(value, dict) else getattr(value, "type", None)


BODIES = {
    "item": Item,
    "kinds": Kinds,
    "aliased": Aliased,
    "strict": Strict,
    "checked": Checked,
    "node": Node,
    "pet": Annotated[Union[Cat, Dog], Field(discriminator="kind")],
    "called": Annotated[Union[Annotated[Item, Tag("item")], Annotated[Image, Tag("image")]], Discriminator(_species)],
    "either": Union[Item, Image],
    "page": Page[Item],
    "ids": Ids,
    "items": list[Item],
    "short": conlist(int, min_length=1, max_length=3),
    "numbers": dict[int, float],
    "models": dict[str, Image],
    "set": set[int],
    "tuple": tuple[int, str, float],
    "point": Point,
    "movie": Movie,
    "untyped-dict": dict,
    "untyped-list": list,
}


def build(f):
    app = f.FastAPI()

    def route(name, kind):
        @app.post(f"/{name}", name=name)
        def read(body: kind):
            return body

    for name, kind in BODIES.items():
        route(name, kind)

    @app.post("/optional")
    async def optional(item: Item | None = None):
        return item

    @app.post("/default")
    def default(item: Item = Item(name="default", price=1)):
        return item

    @app.post("/embedded")
    def embedded(item: Annotated[Item, f.Body(embed=True)]):
        return item

    @app.post("/scalar")
    def scalar(n: Annotated[int, f.Body(gt=0, title="N", examples=[1])]):
        return n

    @app.post("/scalar-embedded")
    def scalar_embedded(n: Annotated[int, f.Body(embed=True, alias="number")]):
        return n

    @app.post("/text")
    def text(s: str = f.Body("none", max_length=5)):
        return s

    @app.post("/colour")
    def colour(c: Annotated[Colour, f.Body()]):
        return c

    @app.post("/any")
    def anything(body: Annotated[Any, f.Body()]):
        return {"body": body}

    @app.post("/any-optional")
    def any_optional(body: Any = f.Body(None)):
        return {"body": body}

    @app.post("/bytes")
    def raw(body: Annotated[bytes, f.Body()]):
        return body.decode("latin-1")

    @app.post("/media", name="media")
    def media(body: Annotated[Item, f.Body(media_type="application/vnd.item+json")]):
        return body

    @app.post("/documented")
    def documented(
        item: Annotated[
            Item,
            f.Body(
                description="An item",
                openapi_examples={"good": {"summary": "Good", "value": {"name": "a", "price": 1}}},
            ),
        ],
    ):
        return item

    @app.get("/with-get")
    def with_get(item: Item | None = None):
        return item

    @app.delete("/with-delete")
    def with_delete(item: Item):
        return item

    @app.put("/put/{item_id}")
    async def put(item_id: int, item: Item, q: str | None = None):
        return [item_id, item, q]

    return app


ITEM = {
    "name": "Foo",
    "price": 3.5,
    "description": None,
    "tags": ["a"],
    "images": [{"url": "http://a.b/c", "name": "i"}],
    "extra": {"k": [1]},
}

EXAMPLES = {
    "/item": ITEM,
    "/kinds": {
        "uuid": "8b1b2a1c-8b3e-4a0e-9f0b-0d6a5e9b7f11",
        "day": "2024-02-29",
        "at": "2024-02-29T12:00:00Z",
        "clock": "12:30",
        "span": "PT1H",
        "money": "1.10",
        "ip": "127.0.0.1",
        "path": "/a/b",
        "data": "abc",
        "secret": "s3",
        "pair": [1, "a"],
        "frozen": [2, 1, 2],
        "either": "1",
        "literal": "x",
        "mapping": {"1": [True, "no"]},
    },
    "/aliased": {"firstName": "A", "lastName": "B", "names": ["x", "y"], "out": "o"},
    "/strict": {"n": 1, "s": "a", "at": "2024-01-01"},
    "/checked": {"a": 1, "b": 2},
    "/node": {"value": 1, "children": [{"value": 2, "children": [{"value": 3}]}]},
    "/pet": {"kind": "cat", "lives": 3},
    "/called": {"type": "item", "name": "a", "price": 1},
    "/either": {"name": "Foo", "price": 3.5, "url": "http://a.b"},
    "/page": {"items": [ITEM], "total": 1},
    "/ids": [1, "2"],
    "/items": [ITEM, ITEM],
    "/short": [1, 2, 3],
    "/numbers": {"1": 1.5, "2": "3"},
    "/models": {"a": {"url": "http://a.b", "name": "i"}},
    "/set": [3, 1, 3],
    "/tuple": [1, "a", 2.5],
    "/point": {"x": 1, "y": 2, "labels": ["a"]},
    "/movie": {"title": "T", "year": 1999},
    "/untyped-dict": {"a": {"b": 1}},
    "/untyped-list": [1, "a", None],
    "/optional": ITEM,
    "/default": ITEM,
    "/embedded": {"item": ITEM},
    "/scalar": 1,
    "/scalar-embedded": {"number": 1},
    "/text": "abc",
    "/colour": "red",
    "/any": {"a": [1, None]},
    "/any-optional": None,
    "/bytes": "abc",
    "/media": ITEM,
    "/documented": ITEM,
}

_ITEM_LIKE = (
    {},
    [],
    None,
    "x",
    1,
    {"name": "a"},
    {"name": "a", "price": 0},
    {"name": 1, "price": "2.5", "tags": ["b", "b"], "images": [{"url": "no", "name": ""}, {}], "extra": []},
    {"name": "a", "price": 1, "unknown": 1},
    {"name": "a", "price": True},
    {"name": "a", "price": 10**400},
    {"name": "\ud800", "price": 1},
    {"item": ITEM},
)
_WRONG = (None, {}, [], "x", 1, True, 1.5, [None], {"x": "y"}, {"kind": "bird"}, {"type": "none"}, {"a": -1}, "no text")

CASES = [
    *(post(path, example) for path, example in EXAMPLES.items()),
    *(post(path, wrong) for path in EXAMPLES for wrong in _WRONG),
    *(post(path, json) for path in ("/item", "/optional", "/embedded") for json in _ITEM_LIKE),
    *(post(path, raw=raw) for path in ("/item", "/any", "/optional", "/untyped-dict") for raw in strategies.HOSTILE),
    *(
        send("POST", path, raw=b'{"name":"a","price":1}', content_type=kind, note=f"content type {kind}")
        for path in ("/item", "/optional", "/any", "/media", "/bytes")
        for kind in strategies.CONTENT_TYPES
    ),
    *(send("POST", path, content_type=None, note="no body") for path in EXAMPLES),
    send("GET", "/with-get", ITEM),
    send("GET", "/with-get", content_type=None),
    send("DELETE", "/with-delete", ITEM),
    send("DELETE", "/with-delete", content_type=None),
    send("PUT", "/put/1?q=a", ITEM),
    send("PUT", "/put/x", {"name": 1}),
    send("PUT", "/put/1", raw="{"),
]

DRAWN = strategies.body_requests(EXAMPLES)
