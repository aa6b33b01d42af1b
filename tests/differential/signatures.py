"""Programs that hypothesis makes up: one path operation with parameters of drawn kinds, types and constraints.

Some stand in the endpoint, some in a dependency of it, and some are models whose fields are the parameters.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import Annotated, Any

from hypothesis import strategies as st

from tests.differential.kinds import BODIES, FILES, GROUPS, SCALARS, SEQUENCES, resolved

# The markers of parameters that come in a body of each kind.
CONTENTS: dict[str, list[str]] = {"nothing": [], "json": ["Body"], "form": ["Form"], "multipart": ["File", "Form"]}


@dataclass(frozen=True)
class Parameter:
    """One parameter of the endpoint, or of what it depends on."""

    name: str
    marker: str  # Path, Query, Header, Cookie, Body, Form, File, or "" for none
    kind: Any
    default: Any  # ... for none
    options: tuple[tuple[str, Any], ...]
    annotated: bool
    below: bool  # in the dependency

    def declared(self, f: ModuleType) -> inspect.Parameter:
        keyword = inspect.Parameter.KEYWORD_ONLY
        default = inspect.Parameter.empty if self.default is ... else self.default
        kind = resolved(self.kind, f)
        if not self.marker:
            return inspect.Parameter(self.name, keyword, annotation=kind, default=default)
        make, options = getattr(f, self.marker), dict(self.options)
        if self.annotated:
            return inspect.Parameter(self.name, keyword, annotation=Annotated[kind, make(**options)], default=default)
        return inspect.Parameter(self.name, keyword, annotation=kind, default=make(self.default, **options))

    @property
    def is_json(self) -> bool:
        """Whether it comes in a body of JSON."""
        return self.marker == "Body" or (not self.marker and self.kind in BODIES)

    @property
    def is_group(self) -> bool:
        """Whether its fields are parameters by themselves."""
        return self.kind in GROUPS

    @property
    def sent_as(self) -> str:
        options = dict(self.options)
        name = options.get("alias", self.name)
        hyphens = self.marker == "Header" and name == self.name and options.get("convert_underscores", True)
        return name.replace("_", "-") if hyphens else name


@dataclass(frozen=True)
class Program:
    """One path operation. `build` makes it with either framework."""

    method: str
    parameters: tuple[Parameter, ...]
    is_async: bool

    def build(self, f: ModuleType) -> Any:
        app = f.FastAPI()
        app.api_route(self.path(), methods=[self.method])(self._endpoint(f))
        return app

    def path(self, fill: Callable[[Parameter], str] = lambda parameter: f"{{{parameter.name}}}") -> str:
        return "/operation" + "".join(f"/{fill(parameter)}" for parameter in self.of("Path"))

    def of(self, *markers: str) -> list[Parameter]:
        return [parameter for parameter in self.parameters if parameter.marker in markers]

    def _endpoint(self, f: ModuleType) -> Callable[..., Any]:
        declared = [p.declared(f) for p in self.parameters if not p.below]
        if below := [p.declared(f) for p in self.parameters if p.below]:
            dependency = f.Depends(_reporting(below, is_async=not self.is_async))
            keyword = inspect.Parameter.KEYWORD_ONLY
            declared.append(inspect.Parameter("below", keyword, annotation=Any, default=dependency))
        return _reporting(declared, is_async=self.is_async)


def _reporting(declared: Iterable[inspect.Parameter], *, is_async: bool) -> Callable[..., Any]:
    """A function of these parameters that gives back what it got."""

    def report(**values: Any) -> Any:
        return {name: [repr(value), _shown(value)] for name, value in values.items()}

    async def report_async(**values: Any) -> Any:
        return report(**values)

    function: Any = report_async if is_async else report
    function.__name__ = "report"
    function.__signature__ = inspect.Signature(list(declared))
    return function


def _shown(value: Any) -> Any:
    """A file as what it has in it; any other value as it is."""
    if isinstance(value, list):
        return [_shown(item) for item in value]
    if hasattr(value, "filename"):
        return [
            value.filename,
            value.content_type,
            value.size,
            dict(value.headers),
            value.file.read().decode("latin-1"),
        ]
    return value


@st.composite
def parameters(draw: st.DrawFn, name: str, markers: list[str]) -> Parameter:
    marker = draw(st.sampled_from(markers))
    allowed = _allowed(marker, grouped=draw(st.integers(0, 3)) == 0)
    if not marker and "Body" in markers:
        allowed |= BODIES
    kind = draw(st.sampled_from(list(allowed)))
    options = {key: value for key, value in allowed[kind].items() if marker and draw(st.integers(0, 3)) == 0}
    # FastAPI can't make the document of a form that has a model with an alias beside others: a KeyError.
    may_have_alias = marker not in ("", "Path") and not (marker == "Form" and kind in GROUPS)
    if may_have_alias and draw(st.integers(0, 4)) == 0:
        options["alias"] = draw(st.sampled_from([f"{name}-alias", f"{name}-alias", "shared-alias"]))
    if marker == "Header" and draw(st.integers(0, 4)) == 0:
        options["convert_underscores"] = False
    if marker == "Body" and draw(st.booleans()):
        options["embed"] = True
    default: Any = ...
    if marker != "Path" and draw(st.booleans()):
        default = draw(st.sampled_from([None, "7", 7]))
        optional = default is None and kind is not Any and not isinstance(kind, tuple | str)
        kind = draw(st.sampled_from([kind, kind | None])) if optional else kind
    below, annotated = draw(st.integers(0, 2)) == 0, draw(st.booleans())
    return Parameter(name, marker, kind, default, tuple(options.items()), annotated, below)


def _allowed(marker: str, *, grouped: bool) -> dict[Any, dict[str, Any]]:
    """The types for a marker, with their constraints."""
    if marker == "File":
        return FILES
    if grouped and marker in ("Query", "Header", "Cookie", "Form"):
        return {group: {} for group in GROUPS}
    allowed = dict(SCALARS)
    if marker in ("Query", "Header", "Cookie", "Form", "Body"):
        allowed |= SEQUENCES
    return allowed | BODIES if marker == "Body" else allowed


@st.composite
def programs(draw: st.DrawFn, content: str) -> Program:
    """Programs whose bodies are of this kind, if they have one at all."""
    markers = ["Path", "Query", "Header", "Cookie", "", *CONTENTS[content] * 2]
    number = draw(st.integers(1, 6))
    drawn = [draw(parameters(f"p_{index}", markers)) for index in range(number)]
    method = draw(st.sampled_from(["POST", "PUT", "PATCH"] if CONTENTS[content] else ["GET", "DELETE", "PUT"]))
    return Program(method, tuple(drawn), draw(st.booleans()))
