"""The types that drawn parameters have: what each can be constrained by, and what fits it."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import ModuleType
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, field_validator, model_validator


class Colour(enum.Enum):
    RED = "red"
    BLUE = 2


# Bodies.


class Item(BaseModel):
    name: str
    price: float = Field(1.5, gt=0)
    tags: list[int] = []


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    a: int
    b: str | None = None
    item: Item | None = None


class Loose(BaseModel):
    model_config = ConfigDict(extra="allow", populate_by_name=True)
    a: int = Field(1, alias="a-alias")
    at: datetime | None = None


class Cat(BaseModel):
    kind: Literal["cat"] = "cat"
    a: int = 9


class Dog(BaseModel):
    kind: Literal["dog"]
    tags: list[str] = Field([], max_length=2)


@dataclass
class Point:
    a: int
    b: list[int] = field(default_factory=list)


# Models whose fields are parameters by themselves.


class Plain(BaseModel):
    m_1: int = Field(2, le=100)
    m_2: str | None = None


class Required(BaseModel):
    m_1: int
    m_list: list[int] = []


class Forbidding(BaseModel):
    model_config = ConfigDict(extra="forbid")
    m_1: int
    m_3: str = Field("x", alias="m-alias")


class Keeping(BaseModel):
    model_config = ConfigDict(extra="allow", populate_by_name=True)
    m_3: float = Field(0.5, alias="m-alias")
    m_4: bool = Field(False, validation_alias=AliasChoices("m-4", "four"))


class Checked(BaseModel):
    m_1: int = 1
    m_list: set[int] = Field(set(), max_length=2)

    @field_validator("m_1")
    @classmethod
    def odd(cls, value: int) -> int:
        if value % 2 == 0:
            raise ValueError("must be odd")
        return value

    @model_validator(mode="after")
    def listed(self) -> Checked:
        assert self.m_1 not in self.m_list, "must not be listed"
        return self


GROUPS: list[Any] = [Plain, Required, Forbidding, Keeping, Checked]
GROUPED = ["m_1", "m_2", "m_list", "m-alias", "m_3", "m_4", "m-4", "four", "m-1", "m-list"]  # names of their fields

_NUMBERS = {"gt": 0, "le": 100, "multiple_of": 2}
_TEXT = {"min_length": 2, "max_length": 5, "pattern": "^[a-z0-9]+$"}
_LENGTHS = {"min_length": 1, "max_length": 2}

# Types of a single value, with the constraints they can have.
SCALARS: dict[Any, dict[str, Any]] = {
    str: _TEXT,
    int: _NUMBERS | {"strict": True},
    float: _NUMBERS | {"allow_inf_nan": False},
    bool: {},
    date: {},
    datetime: {},
    timedelta: {},
    Decimal: {"max_digits": 4, "decimal_places": 1},
    UUID: {},
    bytes: _LENGTHS,
    Colour: {},
    Literal["a", 1]: {},
    int | str: {},
    Annotated[int, Field(lt=50)]: {"gt": 1},
    Any: {},
}
SEQUENCES: dict[Any, dict[str, Any]] = {list[str]: _LENGTHS, list[int]: {}, set[int]: {}, tuple[int, str]: {}, list: {}}
BODIES: dict[Any, dict[str, Any]] = {
    Item: {},
    list[Item]: _LENGTHS,
    dict[str, int]: {},
    Item | None: {},
    Strict: {},
    Loose: {},
    Cat | Dog: {},
    Annotated[Cat | Dog, Field(discriminator="kind")]: {},
    Point: {},
    list[Point]: {},
    dict[int, list[Strict]]: {},
}
UPLOAD = "upload"  # stands for the UploadFile of whichever framework declares it
FILES: dict[Any, dict[str, Any]] = {
    bytes: _LENGTHS,
    list[bytes]: {},
    bytes | None: {},
    UPLOAD: {},
    (list, UPLOAD): {},
    (UPLOAD, None): {},
}


def resolved(kind: Any, f: ModuleType) -> Any:
    """The type as the framework `f` declares it."""
    uploads = {UPLOAD: f.UploadFile, (list, UPLOAD): list[f.UploadFile], (UPLOAD, None): f.UploadFile | None}  # type: ignore[name-defined]
    return uploads.get(kind, kind)


# Spellings that each type takes, within the constraints above.
TEXTS: dict[Any, list[Any]] = {
    str: ["abc", "a1"],
    int: ["2", "40", "+4"],
    float: ["2", "4.0", "1e1"],
    bool: ["true", "off", "1"],
    date: ["2024-02-29"],
    datetime: ["2024-02-29T12:00:00Z"],
    timedelta: ["PT5M", "60"],
    Decimal: ["1.5", "100"],
    UUID: ["8b1b2a1c-8b3e-4a0e-9f0b-0d6a5e9b7f11"],
    bytes: ["a", "ab"],
    Colour: ["red"],
    Literal["a", 1]: ["a"],
    int | str: ["2", "abc"],
    Annotated[int, Field(lt=50)]: ["2", "40"],
    list[int]: ["1", "2"],
    set[int]: ["1", "1"],
    tuple[int, str]: ["1"],
}
_ITEM = {"name": "a", "price": 2, "tags": [1]}
_DOG = {"kind": "dog", "tags": ["x"]}

# JSON that each type takes, where a text won't do.
JSON: dict[Any, list[Any]] = {
    Item: [_ITEM],
    list[Item]: [[_ITEM]],
    dict[str, int]: [{"a": 1}],
    Strict: [{"a": 1, "b": "x", "item": _ITEM}],
    Loose: [{"a-alias": 3, "at": "2024-02-29T12:00:00Z", "more": [1]}, {"a": 1}],
    Cat | Dog: [_DOG, {"kind": "cat", "a": "3"}, {}],
    Annotated[Cat | Dog, Field(discriminator="kind")]: [_DOG, {"kind": "cat"}],
    Point: [{"a": "1", "b": [1, "2"]}],
    list[Point]: [[{"a": 1}, {"a": 2, "b": []}]],
    dict[int, list[Strict]]: [{"1": [{"a": 1}]}],
    list[str]: [["a", "b"]],
    list[int]: [[1, "2"]],
    set[int]: [[1, 1]],
    tuple[int, str]: [[1, "a"]],
    list: [[1, None]],
}
EXAMPLES: list[Any] = [example for examples in JSON.values() for example in examples]


def _with_optional(by_kind: dict[Any, list[Any]]) -> dict[Any, list[Any]]:
    return by_kind | {kind | None: fitting for kind, fitting in by_kind.items()}


_FITTING_TEXTS = _with_optional(TEXTS)
_FITTING_JSON = _FITTING_TEXTS | _with_optional(JSON)


def fitting_texts(kind: Any) -> list[str]:
    return _FITTING_TEXTS.get(kind, ["a"])


def fitting_json(kind: Any) -> list[Any]:
    return _FITTING_JSON.get(kind, EXAMPLES)
