"""Values of every kind returned without a model, and `jsonable_encoder` called by hand."""

import collections
import dataclasses
import enum
import ipaddress
import pathlib
import re
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from types import GeneratorType, MappingProxyType, SimpleNamespace
from uuid import UUID

from pydantic import AnyUrl, BaseModel, ConfigDict, Field, RootModel, SecretBytes, SecretStr
from pydantic_extra_types.color import Color

from tests.differential.case import get, sub


class Word(str, enum.Enum):
    ONE = "one"


class Number(enum.IntFlag):
    A = 1
    B = 2


class Mixed(enum.Enum):
    PAIR = (1, "a")


class Model(BaseModel):
    model_config = ConfigDict(arbitrary_types_allowed=True)
    a: int = 1
    b: str | None = Field(None, alias="bee")
    inner: list["Model"] = []


class Root(RootModel[dict[str, int]]):
    pass


@dataclasses.dataclass
class Data:
    x: int
    model: Model
    at: date = date(2024, 1, 1)


class Point(collections.namedtuple("Point", "x y")):
    pass


class Slots:
    __slots__ = ("a",)

    def __init__(self):
        self.a = 1


class Mapping:
    """Neither a dict nor a model, yet `dict()` can read it."""

    def keys(self):
        return ["k"]

    def __getitem__(self, key):
        return key * 2


class Unreadable:
    __slots__ = ()


class Integer(int):
    pass


class Text(str):
    pass


class Dict(dict):
    pass


def _generator():
    yield 1
    yield {"two": 2}


VALUES = {
    "none": None,
    "true": True,
    "int": 2**70,
    "huge": 10**400,
    "float": 1e22,
    "small": 5e-324,
    "negative-zero": -0.0,
    "text": "ünï \U0001f40d \u2028 </script> \x00 \x7f",
    "surrogate": "\ud800",
    "bytes": b"abc",
    "bad-bytes": b"\xff",
    "bytearray": bytearray(b"abc"),
    "memoryview": memoryview(b"abc"),
    "complex": 1j,
    "list": [1, [2, [3]]],
    "tuple": (1, "a"),
    "set": {1},
    "frozenset": frozenset({"a"}),
    "deque": collections.deque([1, 2]),
    "range": range(3),
    "dict": {"a": 1, "b": None},
    "keys": {1: "int", 1.5: "float", None: "none", "s": "str"},
    "odd-keys": {UUID(int=1): 1, date(2024, 1, 1): 2, Word.ONE: 3},
    "tuple-keys": {(1, 2): 1},
    "ordered": collections.OrderedDict([("z", 1), ("a", 2)]),
    "defaultdict": collections.defaultdict(int, a=1),
    "counter": collections.Counter("aab"),
    "proxy": MappingProxyType({"a": 1}),
    "userdict": collections.UserDict(a=1),
    "date": date(2024, 2, 29),
    "datetime": datetime(2024, 2, 29, 12, 30, 0, 123456),
    "aware": datetime(2024, 2, 29, 12, 30, tzinfo=timezone(timedelta(hours=2))),
    "time": time(12, 30),
    "timedelta": timedelta(days=1, seconds=1.5),
    "decimal": Decimal("1.50"),
    "whole-decimal": Decimal("15"),
    "exponent-decimal": Decimal("1e3"),
    "nan-decimal": Decimal("NaN"),
    "uuid": UUID(int=5),
    "path": pathlib.PurePosixPath("/a/b"),
    "ip": ipaddress.ip_address("::1"),
    "network": ipaddress.ip_network("10.0.0.0/8"),
    "interface": ipaddress.ip_interface("10.0.0.1/8"),
    "pattern": re.compile("a+"),
    "url": AnyUrl("http://a.b/c?d=e"),
    "secret": SecretStr("s"),
    "secret-bytes": SecretBytes(b"s"),
    "color": Color("red"),
    "enum": Word.ONE,
    "flag": Number.A | Number.B,
    "mixed-enum": Mixed.PAIR,
    "model": Model(bee="b", inner=[Model()]),
    "root": Root({"a": 1}),
    "models": {"list": [Model(), {"deep": Model()}]},
    "dataclass": Data(1, Model()),
    "namedtuple": Point(1, 2),
    "namespace": SimpleNamespace(a=1, b=[Model()]),
    "slots": Slots(),
    "mapping": Mapping(),
    "unreadable": Unreadable(),
    "integer": Integer(5),
    "str-subclass": Text("t"),
    "dict-subclass": Dict(a=1),
    "sa-dict": {"_sa_instance_state": 1, "a": 2},
    "class": Model,
    "function": _generator,
    "exception": ValueError("x"),
    "nan": [float("nan")],
    "inf": {"x": float("inf")},
    "deep": [[[[[[[[[[{"a": [Model()]}]]]]]]]]]],
    "long": list(range(1000)),
}

_OPTIONS = {
    "plain": {},
    "include": {"include": {"a"}},
    "exclude": {"exclude": {"a", "x"}},
    "names": {"by_alias": False},
    "unset": {"exclude_unset": True},
    "defaults": {"exclude_defaults": True},
    "no-none": {"exclude_none": True},
    "custom": {"custom_encoder": {int: lambda n: f"int {n}", date: lambda d: d.year, Model: lambda m: "a model"}},
    "sqlalchemy": {"sqlalchemy_safe": False},
}


def build(f):
    app = f.FastAPI()
    encoder = sub(f, "encoders").jsonable_encoder

    @app.get("/returned/{name}")
    def returned(name: str):
        return _generator() if name == "generator" else VALUES[name]

    @app.get("/returned-async/{name}")
    async def returned_async(name: str):
        return [VALUES[name], {"in": VALUES[name]}]

    @app.get("/encoded/{option}/{name}")
    def encoded(option: str, name: str):
        value = VALUES[name]
        assert not isinstance(value, GeneratorType)
        return f.Response(ascii(encoder(value, **_OPTIONS[option])))

    return app


# Not through the encoder: these texts hold an address or a path.
_UNSTABLE = {"unreadable", "function"}

CASES = [
    *(get(f"/{kind}/{name}") for kind in ("returned", "returned-async") for name in VALUES),
    get("/returned/generator"),
    *(get(f"/encoded/{option}/{name}") for option in _OPTIONS for name in VALUES if name not in _UNSTABLE),
]
