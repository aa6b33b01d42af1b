"""Programs that hypothesis makes up: one path operation with parameters of drawn kinds, types and constraints."""

from __future__ import annotations

import enum
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import ModuleType
from typing import Annotated, Any, Literal
from urllib.parse import quote, urlencode
from uuid import UUID

from hypothesis import strategies as st
from pydantic import BaseModel, Field

from tests.differential.case import Case, form, request, send
from tests.differential.strategies import header_values, json_bodies, texts


class Colour(enum.Enum):
    RED = "red"
    BLUE = 2


class Item(BaseModel):
    name: str
    price: float = Field(1.5, gt=0)
    tags: list[int] = []


_NUMBERS = {"gt": 0, "le": 100, "multiple_of": 2}
_TEXT = {"min_length": 2, "max_length": 5, "pattern": "^[a-z0-9]+$"}
_LENGTHS = {"min_length": 1, "max_length": 2}

# Types of a single value, with the constraints they can have.
SCALARS: dict[Any, dict[str, Any]] = {
    str: _TEXT,
    int: _NUMBERS,
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
BODIES: dict[Any, dict[str, Any]] = {Item: {}, list[Item]: _LENGTHS, dict[str, int]: {}, Item | None: {}}

# Spellings that each type takes, within the constraints above.
_FITTING: dict[Any, list[str]] = {
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

_EXAMPLE = {"name": "a", "price": 2, "tags": [1]}


@dataclass(frozen=True)
class Parameter:
    """One parameter of the endpoint."""

    name: str
    marker: str  # Path, Query, Header, Cookie, Body, Form, or "" for none
    kind: Any
    default: Any  # ... for none
    options: tuple[tuple[str, Any], ...]
    annotated: bool

    def declared(self, f: ModuleType) -> inspect.Parameter:
        keyword = inspect.Parameter.KEYWORD_ONLY
        default = inspect.Parameter.empty if self.default is ... else self.default
        if not self.marker:
            return inspect.Parameter(self.name, keyword, annotation=self.kind, default=default)
        make, options = getattr(f, self.marker), dict(self.options)
        if self.annotated:
            return inspect.Parameter(
                self.name, keyword, annotation=Annotated[self.kind, make(**options)], default=default
            )
        return inspect.Parameter(self.name, keyword, annotation=self.kind, default=make(self.default, **options))

    @property
    def values(self) -> st.SearchStrategy[str]:
        """Texts to send: fitting ones mostly."""
        fitting = st.sampled_from(_FITTING.get(self.kind, ["a"]))
        return st.one_of(fitting, fitting, fitting, texts)

    @property
    def json_values(self) -> st.SearchStrategy[Any]:
        """Values to send in a JSON body: examples of what bodies are declared as, or texts."""
        return st.one_of(st.sampled_from([_EXAMPLE, _EXAMPLE, [_EXAMPLE], {"a": 1}, 2, [1], [1, "a"]]), self.values)

    @property
    def sent_as(self) -> str:
        name = dict(self.options).get("alias", self.name)
        return name.replace("_", "-") if self.marker == "Header" and name == self.name else name


@dataclass(frozen=True)
class Program:
    """One path operation. `build` makes it with either framework."""

    method: str
    parameters: tuple[Parameter, ...]

    def build(self, f: ModuleType) -> Any:
        app = f.FastAPI()
        app.api_route(self.path(), methods=[self.method])(self._endpoint(f))
        return app

    def path(self, fill: Callable[[Parameter], str] = lambda parameter: f"{{{parameter.name}}}") -> str:
        return "/operation" + "".join(f"/{fill(parameter)}" for parameter in self.of("Path"))

    def of(self, *markers: str) -> list[Parameter]:
        return [parameter for parameter in self.parameters if parameter.marker in markers]

    def _endpoint(self, f: ModuleType) -> Callable[..., Any]:
        def endpoint(**values: Any) -> Any:
            return {name: [repr(value), value] for name, value in values.items()}

        declared = [parameter.declared(f) for parameter in self.parameters]
        endpoint.__signature__ = inspect.Signature(declared)  # type: ignore[attr-defined]
        return endpoint


@st.composite
def parameters(draw: st.DrawFn, name: str, markers: list[str]) -> Parameter:
    marker = draw(st.sampled_from(markers))
    allowed = dict(SCALARS)
    if marker in ("Query", "Header", "Cookie", "Form", "Body"):
        allowed |= SEQUENCES
    if marker == "Body":
        allowed |= BODIES
    kind = draw(st.sampled_from(list(allowed)))
    options = {key: value for key, value in allowed[kind].items() if marker and draw(st.integers(0, 3)) == 0}
    if marker not in ("", "Path") and draw(st.integers(0, 4)) == 0:
        options["alias"] = f"{name}-alias"
    if marker == "Body" and draw(st.booleans()):
        options["embed"] = True
    default: Any = ...
    if marker != "Path" and draw(st.booleans()):
        default = draw(st.sampled_from([None, "7", 7]))
        kind = draw(st.sampled_from([kind, kind | None])) if default is None and kind is not Any else kind
    return Parameter(name, marker, kind, default, tuple(options.items()), annotated=draw(st.booleans()))


@st.composite
def programs(draw: st.DrawFn) -> Program:
    content = draw(st.sampled_from(["", "Body", "Form"]))
    markers = ["Path", "Query", "Header", "Cookie", "", *([content] * 2 if content else [])]
    number = draw(st.integers(1, 5))
    drawn = [draw(parameters(f"p_{index}", markers)) for index in range(number)]
    return Program("POST" if content else draw(st.sampled_from(["GET", "DELETE", "PUT"])), tuple(drawn))


@st.composite
def requests(draw: st.DrawFn, program: Program) -> Case:
    """A request with most of what the program asks for."""

    def pairs(*markers: str) -> list[tuple[str, str]]:
        asked = [p for p in program.of(*markers) if draw(st.integers(0, 9))]
        return [(p.sent_as, draw(p.values)) for p in asked for _ in range(draw(st.sampled_from([1, 1, 1, 2])))]

    url = f"{program.path(lambda p: _segment(draw(p.values)))}?{urlencode(pairs('Query', ''))}"
    headers: list[tuple[str, str | bytes]] = [
        (name, value.strip() if value.isascii() and value.isprintable() else draw(header_values))
        for name, value in pairs("Header")
    ]
    if crumbs := [f"{name}={value}" for name, value in pairs("Cookie") if value.isascii() and value.isprintable()]:
        headers.append(("cookie", "; ".join(crumbs)))
    if program.of("Form"):
        case = form(url, pairs("Form"), program.method)
        return request(case.method, case.url, [*headers, *case.headers], case.content)
    if bodies := program.of("Body"):
        example = {p.sent_as: draw(p.json_values) for p in bodies}
        single = len(bodies) == 1 and not dict(bodies[0].options).get("embed")
        raw = draw(json_bodies(next(iter(example.values())) if single else example))
        return send(program.method, url, raw=raw, headers=headers)
    return request(program.method, url, headers)


def _segment(text: str) -> str:
    """The text as one segment of a path; dots alone would be resolved by the client."""
    return quote(text, safe="") if text.strip(".") else "-"
