"""`jsonable_encoder` gives what FastAPI's gives, for every kind of value under every option."""

from __future__ import annotations

import datetime as dt
import enum
import ipaddress
import re
import types
import uuid
from collections import ChainMap, Counter, OrderedDict, UserDict, defaultdict, deque, namedtuple
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

import fastapi.encoders
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AnyUrl, BaseModel, Field, HttpUrl, NameEmail, RootModel, SecretBytes, SecretStr
from pydantic_core import PydanticUndefined, Url
from sqlalchemy import create_engine, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from starlette.datastructures import FormData, Headers, QueryParams, State

import vivace.encoders
from tests.oracle import outcome
from vivace.encoders import ENCODERS_BY_TYPE, decimal_encoder, jsonable_encoder


class Color(enum.Enum):
    red = 1
    deep = Decimal("1.5")
    mixed = (1, 2)


class Word(str, enum.Enum):  # noqa: UP042  # as most programs write it
    hello = "HELLO"


class Number(enum.IntEnum):
    three = 3


class Item(BaseModel):
    name: str = Field("n", alias="Name")
    size: int | None = None
    price: Decimal = Decimal("1.50")
    when: dt.datetime = dt.datetime(2020, 1, 1)  # noqa: DTZ001  # naive on purpose


class Box(BaseModel):
    item: Item = Item()
    items: list[Item] = [Item()]
    label: Any = None
    by_number: dict[int, Any] = {1: None}


class Numbers(RootModel[list[int]]):
    pass


@dataclass
class Point:
    a: int
    b: Any = None
    m: Any = None
    _sa_state: int = 3


@dataclass
class Line:
    start: Point = field(default_factory=lambda: Point(1))
    others: list[Point] = field(default_factory=lambda: [Point(2)])
    nothing: None = None


class Plain:
    def __init__(self, **attributes: Any) -> None:
        self.__dict__.update(attributes)


class Pairs:
    def __iter__(self) -> Iterator[tuple[str, Any]]:
        return iter([("a", 1), ("b", None), ("_sa_state", 3)])


class Keyed:
    def keys(self) -> list[str]:
        return ["q"]

    def __getitem__(self, key: str) -> Decimal:
        return Decimal(2)


class Closed:
    __slots__ = ()

    def __repr__(self) -> str:
        return "Closed()"


class LoudString(str):
    __slots__ = ()


Pair = namedtuple("Pair", "x y")  # noqa: PYI024


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None]


def sqlalchemy_rows() -> list[Any]:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        query = text("select 1 as a, 'x' as b union select 2, null")
        rows = [connection.execute(query).all(), connection.execute(query).mappings().all()]
    engine.dispose()
    return [*rows, rows[0][0], rows[1][0], User(id=1, name=None), [User(id=1, name="x")]]


SCALARS = [
    *(None, 1, 1.5, float("nan"), True, "s", LoudString("x"), b"abc", b"\xff", bytearray(b"x"), memoryview(b"x"), 1j),
    *(Decimal(1), Decimal("1.0"), Decimal("1E+2"), Decimal("-0"), Decimal("sNaN"), Decimal("Infinity")),
    *(Color.red, Color.deep, Color.mixed, Word.hello, Number.three, Color),
    *(dt.date(2020, 1, 1), dt.datetime(2020, 1, 1, tzinfo=dt.UTC), dt.time(1, 2), dt.timedelta(1, 2, 3), dt.UTC),
    *(uuid.UUID(int=1), re.compile("a+"), Path("/a"), PurePosixPath("a"), PureWindowsPath("a/b")),
    *(ipaddress.ip_address("1.2.3.4"), ipaddress.ip_network("::/64"), ipaddress.ip_interface("::1/64")),
    *(AnyUrl("http://a"), HttpUrl("http://a"), Url("http://a"), NameEmail("a", "a@b.c")),
    *(SecretStr("x"), SecretBytes(b"x"), PydanticUndefined),
]
CONTAINERS = [
    {"a": 1, "b": None, "_sa_state": 2, 3: 4, None: 1, Color.red: 2, "c": {"a": None, "b": 1}},
    *({Decimal(1): 2}, {b"k": 1}, {uuid.UUID(int=2): 1}, {"x": Closed()}, [Closed()]),
    *([1, None, {"a": None, "b": 2}], (1, 2), {1}, frozenset([1]), deque([Item(Name="x")]), Pair(1, None)),
    *(OrderedDict(a=1), defaultdict(int, a=1), Counter("aa"), UserDict(a=1), ChainMap({"a": 1})),
    *(types.MappingProxyType({"a": 1}), types.SimpleNamespace(a=1, b=None), range(3), {"a": 1}.keys()),
    *(Headers({"a": "b"}), QueryParams("a=1&b=2"), FormData([("a", "1")]), State({"a": 1})),
]
OBJECTS = [
    *(Item(), Item(Name="x", size=None), Box(), Numbers([1, 2]), [Item(), {"m": Item()}], {"m": [Box()]}),
    *(Point(1), Point(1, b=Decimal(2), m=Item(Name="x")), Line(), {"d": Point(1)}),
    *(Plain(a=1, b=None, _sa_state=3, d=Decimal(3)), Pairs(), Keyed(), Closed(), object, len, slice(1), types),
    *sqlalchemy_rows(),
]
OPTIONS: list[dict[str, Any]] = [
    *({}, {"by_alias": False}, {"exclude_none": True}, {"exclude_unset": True}, {"exclude_defaults": True}),
    *({"include": {"a", "name"}}, {"include": set()}, {"include": {}}, {"include": ["a", "name", "b"]}),
    *({"exclude": {"a"}}, {"exclude": []}, {"exclude": ("a", "m")}, {"include": {"a": True}, "exclude": {"a"}}),
    *({"include": {"item": {"name"}, "a": True}}, {"exclude": {"item": {"name"}, "items": {0: {"size"}}}}),
    {"sqlalchemy_safe": False},
    {"exclude_none": True, "exclude_unset": True, "by_alias": False},
    {"custom_encoder": {Decimal: lambda _: "D", Item: lambda _: "I", Point: lambda _: "P", str: str.upper}},
    {"custom_encoder": {object: lambda _: "O"}},
    {"custom_encoder": {int: lambda n: n + 1, dict: lambda _: "dict", type(None): lambda _: "none"}},
]


VALUES = [*SCALARS, *CONTAINERS, *OBJECTS]


@pytest.mark.parametrize("options", OPTIONS, ids=lambda options: "-".join(options) or "none")
@pytest.mark.parametrize("value", VALUES, ids=[f"{n}-{type(value).__name__}" for n, value in enumerate(VALUES)])
def test_every_value_under_every_option(value: Any, options: dict[str, Any]) -> None:
    expected = outcome(fastapi.encoders.jsonable_encoder, value, **options)
    assert outcome(jsonable_encoder, value, **options) == expected


@given(
    st.recursive(
        st.sampled_from(SCALARS[:8] + SCALARS[12:16]),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=3), inner) | st.tuples(inner, inner),
        max_leaves=20,
    )
)
def test_nested_values(value: Any) -> None:
    assert repr(jsonable_encoder(value)) == repr(fastapi.encoders.jsonable_encoder(value))


def test_generators_are_read_once() -> None:
    assert jsonable_encoder(Decimal(n) for n in range(3)) == [0, 1, 2]


def test_an_object_that_is_neither_mapping_nor_has_attributes() -> None:
    with pytest.raises(ValueError, match="not iterable") as caught:
        jsonable_encoder(Closed())
    assert [type(error) for error in caught.value.args[0]] == [TypeError, TypeError]


def test_pydantic_v1_models_are_refused() -> None:
    pytest.importorskip("pydantic.v1", exc_type=ImportError)
    old = type("Old", (), {"__module__": "old"})
    base = type("BaseModel", (), {"__module__": "pydantic.v1.main"})
    old = type("Old", (base,), {"__repr__": lambda _: "Old()"})
    with pytest.raises(vivace.encoders.PydanticV1NotSupportedError, match=r"Please update the model Old\(\)\."):
        jsonable_encoder([old()])


def test_programs_add_encoders_for_their_types(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENCODERS_BY_TYPE, Closed, lambda _: "closed")
    assert jsonable_encoder({"it": Closed()}) == {"it": "closed"}


def test_the_table_of_encoders_covers_the_same_types() -> None:
    assert set(ENCODERS_BY_TYPE) == set(fastapi.encoders.ENCODERS_BY_TYPE)
    covered = {type_ for types_ in vivace.encoders.encoders_by_class_tuples.values() for type_ in types_}
    assert covered == set(ENCODERS_BY_TYPE)


@given(st.decimals())
def test_decimals(number: Decimal) -> None:
    assert outcome(decimal_encoder, number) == outcome(fastapi.encoders.decimal_encoder, number)
