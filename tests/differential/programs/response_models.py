"""What is returned, and what the response model lets through: models, filters, annotations, invalid values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timezone
from decimal import Decimal
from typing import Annotated, Any, Union

from pydantic import AliasGenerator, BaseModel, ConfigDict, Field, SecretStr, computed_field, field_serializer
from pydantic.alias_generators import to_camel
from starlette.responses import JSONResponse
from typing_extensions import TypedDict

from tests.differential.case import get, send


class Out(BaseModel):
    name: str
    price: float = 10.5
    description: str | None = None
    tags: list[str] = []


class In(Out):
    password: str = "secret"


class Aliased(BaseModel):
    name: str = Field(alias="fullName")
    age: int = Field(0, serialization_alias="yearsOld")


class Camel(BaseModel):
    model_config = ConfigDict(alias_generator=AliasGenerator(serialization_alias=to_camel))
    some_name: str = "x"
    other_name: int | None = None


class Fancy(BaseModel):
    at: datetime = datetime(2024, 1, 1, tzinfo=timezone.utc)
    secret: SecretStr = SecretStr("s")
    money: Decimal = Decimal("1.10")
    data: bytes = b"abc"
    number: float = 0.1

    @computed_field
    @property
    def double(self) -> float:
        return self.number * 2

    @field_serializer("number")
    def rounded(self, value):
        return f"{value:.3f}"


class Node(BaseModel):
    value: int
    next: "Node | None" = None


class FromAttributes(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    name: str


@dataclass
class Row:
    name: str
    price: float
    hidden: str = "hidden"


class Shape(TypedDict):
    sides: int


class Plain:
    def __init__(self):
        self.name = "plain"
        self.other = 1


FILTERS = {
    "include": {"response_model_include": {"name", "price"}},
    "exclude": {"response_model_exclude": {"price"}},
    "include-list": {"response_model_include": ["name"]},
    "exclude-nested": {"response_model_exclude": {"tags": {0}}},
    "unset": {"response_model_exclude_unset": True},
    "defaults": {"response_model_exclude_defaults": True},
    "none": {"response_model_exclude_none": True},
    "all": {
        "response_model_exclude_unset": True,
        "response_model_exclude_none": True,
        "response_model_include": {"name"},
    },
}

VALUES = {
    "model": Out(name="a"),
    "full": Out(name="a", price=1, description="d", tags=["x", "y"]),
    "subclass": In(name="a", password="p"),
    "dict": {"name": "a", "price": "2.5", "extra": 1},
    "default-given": Out(name="a", price=10.5, description=None),
}

BAD = {
    "missing": {"price": 1},
    "wrong-type": {"name": [], "price": "x"},
    "none": None,
    "text": "text",
    "list": [{"name": "a"}],
    "other-model": Node(value=1),
}


def build(f):
    app = f.FastAPI()

    def returning(path, value, **options):
        @app.get(path, **options, name=path)
        def route():
            return value

    for name, value in VALUES.items():
        returning(f"/model/{name}", value, response_model=Out)
        returning(f"/no-model/{name}", value)
        for filter_name, options in FILTERS.items():
            returning(f"/{filter_name}/{name}", value, response_model=Out, **options)
    for name, value in BAD.items():
        returning(f"/bad/{name}", value, response_model=Out)
        returning(f"/bad-list/{name}", [value, {"name": "ok"}], response_model=list[Out])

    returning("/list", [In(name="a"), {"name": "b"}], response_model=list[Out])
    returning("/dict", {"x": In(name="a"), "y": {"name": "b"}}, response_model=dict[str, Out])
    returning("/tuple", (1, In(name="a")), response_model=tuple[int, Out])
    returning("/set", {3}, response_model=set[int])
    returning("/optional", None, response_model=Out | None)
    returning("/union", In(name="a"), response_model=Union[Node, Out])
    returning("/union-dict", {"value": 1}, response_model=Union[Node, Out])
    returning("/aliased", Aliased(fullName="a"), response_model=Aliased)
    returning("/aliased-by-name", Aliased(fullName="a"), response_model=Aliased, response_model_by_alias=False)
    returning("/aliased-dict", {"fullName": "a", "age": 3}, response_model=Aliased)
    returning("/camel", Camel(), response_model=Camel)
    returning("/camel-by-name", Camel(), response_model=Camel, response_model_by_alias=False)
    returning(
        "/camel-list", [Camel(), Camel(other_name=1)], response_model=list[Camel], response_model_exclude_none=True
    )
    returning("/fancy", Fancy(), response_model=Fancy)
    returning("/fancy-untyped", Fancy())
    returning("/nested", Node(value=1, next=Node(value=2)), response_model=Node)
    returning("/row", Row("a", 1.5))
    returning("/row-model", Row("a", 1.5), response_model=Row)
    returning("/row-as-model", Row("a", 1.5), response_model=FromAttributes)
    returning("/rows", [Row("a", 1.5), Row("b", 2)], response_model=list[Row])
    returning("/plain-as-model", Plain(), response_model=FromAttributes)
    returning("/plain", Plain())
    returning("/shape", {"sides": 3, "extra": 1}, response_model=Shape)
    returning("/bad-shape", {"sides": "x"}, response_model=Shape)
    returning("/int", "5", response_model=int)
    returning("/bad-int", "x", response_model=int)
    returning("/text", "text", response_model=str)
    returning("/any", object, response_model=Any)
    returning("/none-model", In(name="a"), response_model=None)
    returning("/bounded", 5, response_model=Annotated[int, Field(gt=10)])
    returning("/nan", float("nan"))
    returning("/nan-model", {"name": "a", "price": float("inf")}, response_model=Out)

    @app.get("/annotated")
    def annotated() -> Out:
        return In(name="a")

    @app.get("/annotated-list")
    async def annotated_list() -> list[Out]:
        return [In(name="a"), {"name": "b", "password": "p"}]

    @app.get("/annotated-iterable")
    def annotated_iterable() -> Iterable[int]:
        return (1, 2)

    @app.get("/annotated-none")
    def annotated_none() -> None:
        return None

    @app.get("/annotated-none-bad")
    def annotated_none_bad() -> None:
        return 1

    @app.get("/annotated-response")
    def annotated_response() -> f.Response:
        return f.Response("x", media_type="text/plain")

    @app.get("/annotated-subresponse")
    def annotated_subresponse(teleport: bool = False) -> JSONResponse:
        return JSONResponse({"name": "a"}, headers={"x-a": "b"})

    @app.get("/annotated-overridden", response_model=Out)
    def overridden() -> Any:
        return {"name": "a", "password": "p"}

    @app.get("/annotated-disabled", response_model=None)
    def disabled(text: bool = False) -> f.Response | dict:
        return f.Response("x") if text else {"a": 1}

    @app.get("/responses-skip-the-model", response_model=Out)
    def skips():
        return JSONResponse({"anything": "goes"})

    @app.get("/statuses/{code}", status_code=418)
    def status(code: int):
        return code

    for code in (201, 202, 204, 304):

        @app.get(f"/empty/{code}", status_code=code, name=f"empty {code}")
        def empty():
            return None

    @app.post("/created", status_code=201, response_model=Out, response_description="Made")
    def created(item: In):
        return item

    @app.post("/separate")
    def separate(item: Fancy) -> Fancy:
        return item

    return app


CASES = [
    *(get(f"/{kind}/{name}") for kind in ("model", "no-model", *FILTERS) for name in VALUES),
    *(get(f"/{kind}/{name}") for kind in ("bad", "bad-list") for name in BAD),
    *(
        get(f"/{path}")
        for path in (
            "list dict tuple set optional union union-dict aliased aliased-by-name aliased-dict camel camel-by-name "
            "camel-list fancy fancy-untyped nested row row-model row-as-model rows plain-as-model plain shape bad-shape "
            "int bad-int text any none-model bounded nan nan-model annotated annotated-list annotated-iterable "
            "annotated-none annotated-none-bad annotated-response annotated-subresponse annotated-overridden "
            "annotated-disabled annotated-disabled?text=1 responses-skip-the-model statuses/1 empty/201 empty/202 "
            "empty/204 empty/304"
        ).split()
    ),
    send("POST", "/created", {"name": "a", "password": "p"}),
    send("POST", "/created", {}),
    send("POST", "/separate", {"number": 1.23456, "data": "xyz"}),
]
