"""`render_json` against its definition: what `json.dumps(jsonable_encoder(...))` gives, or raises."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, RootModel, computed_field

from tests.oracle import outcome
from vivace.encoders import jsonable_encoder
from vivace.plan.render import render_json


def by_definition(value: Any) -> bytes:
    encodable = jsonable_encoder(value)
    return json.dumps(encodable, ensure_ascii=False, allow_nan=False, indent=None, separators=(",", ":")).encode()


class Point(BaseModel):
    x: float
    name: str = Field(default="p", alias="label")
    below: list[Any] = []


class Written(BaseModel):
    x: Annotated[float, PlainSerializer(lambda x: x / 1e9)]


class Computed(BaseModel):
    x: float

    @computed_field  # type: ignore[prop-decorator]
    @property
    def tiny(self) -> float:
        return self.x / 1e9


class Open(BaseModel):
    model_config = ConfigDict(extra="allow")


class Overridden(Point):
    def model_dump(self, **_: Any) -> dict[str, Any]:
        return {"mine": 1}


class Color(StrEnum):
    red = "r"


@dataclass
class Pair:
    a: float
    b: datetime


class Hidden(BaseModel):
    x: int = Field(default=1, exclude=True)


NUMBERS = st.floats() | st.integers() | st.sampled_from([1e-4, 9.9e-5, 1e16, 9.9e15, -0.0, 1e-05, 1e22, 10**30])
MODELS = st.one_of(
    st.builds(Point, x=NUMBERS, label=st.text()),
    st.builds(Point.model_construct, x=st.none() | st.text() | NUMBERS, below=st.lists(NUMBERS)),
    st.builds(Written, x=st.floats(1, 2)),
    st.builds(Computed, x=st.floats(1, 2)),
    st.builds(Open, more=NUMBERS),
    st.builds(Overridden, x=st.just(1.5)),
    st.builds(RootModel[float], NUMBERS),
    st.just(Hidden()),
)
LEAVES = st.one_of(
    st.none(), st.booleans(), NUMBERS, st.text(), st.just("\ud800"), st.sampled_from(Color), MODELS,
    st.builds(Decimal, st.sampled_from(["1", "1.0", "1E+3"])), st.datetimes(), st.timedeltas(max_value=timedelta(9)),
    st.builds(Pair, st.floats(1, 2), st.datetimes()), st.sets(st.integers(0, 1)),
)  # fmt: skip
KEYS = st.one_of(st.text(max_size=3), st.sampled_from(["_sa", "_sa_state", "a_sa"]), st.integers(), st.none())
VALUES = st.recursive(
    LEAVES,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(KEYS, below, max_size=3) | st.tuples(below, below),
    max_leaves=8,
)


@given(VALUES)
def test_any_value_is_written_as_defined(value: Any) -> None:
    assert but_for_warnings(outcome(render_json, value)) == but_for_warnings(outcome(by_definition, value))


def but_for_warnings(result: tuple[str, ...]) -> list[str]:
    """A second attempt may warn a second time."""
    return [text for text in result if not text.startswith("UserWarning")]


def test_a_field_that_holds_what_it_should_not_is_warned_of() -> None:
    with pytest.warns(UserWarning, match="Expected `float`"):
        assert render_json({"point": Point.model_construct(x="far")}) == b'{"point":{"x":"far","label":"p","below":[]}}'


def deep() -> list[Any]:
    value: list[Any] = []
    for _ in range(20_000):
        value = [value]
    return value


def in_a_circle() -> dict[str, Any]:
    value: dict[str, Any] = {}
    value["self"] = value
    return value


@pytest.mark.parametrize("make", [deep, in_a_circle])
def test_what_never_ends_raises_as_defined(make: Callable[[], Any]) -> None:
    assert outcome(render_json, make())[:2] == outcome(by_definition, make())[:2]
