"""The markers of a signature: where each parameter of a path operation comes from, and what it must be like.

The classes are `FieldInfo`s, so a marker carries everything that Pydantic knows about a field. Users call the
functions of `vivace.param_functions`, which return these; `isinstance(x, params.Query)` is how a marker is known.
"""

# Pydantic marks `FieldInfo` as final; FastAPI's markers are FieldInfos all the same, and much is built on that.
# mypy: disable-error-code="misc"

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, ClassVar, Literal, Unpack

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined as Undefined

from vivace.concurrency import DependencyConcurrency, positive_or_none
from vivace.datastructures import _Unset
from vivace.deprecation import warn_deprecated
from vivace.keywords import only, spelled_out
from vivace.openapi.models import Example
from vivace.param_options import FieldOptions

# When a dependency with `yield` ends: before the response is sent, or after.
DependencyScope = Literal["function", "request"]


class ParamTypes(Enum):
    """The places of a request that OpenAPI calls parameters: the values of `in`."""

    query = "query"
    header = "header"
    path = "path"
    cookie = "cookie"


class _Marker(FieldInfo):  # pyright: ignore[reportGeneralTypeIssues]
    """What all markers share: options become `FieldInfo` attributes, and four of our own.

    Attributes:
        openapi_examples: named examples for the document.
        example: the deprecated single example, or a `DefaultPlaceholder`.
        include_in_schema: whether the document shows the parameter.
    """

    openapi_examples: dict[str, Example] | None
    example: Any
    include_in_schema: bool

    def __init__(self, default: Any, options: FieldOptions) -> None:
        given: dict[str, Any] = dict(only(FieldOptions, options, f"{type(self).__name__}.__init__"))
        given = {name: value for name, value in given.items() if value is not _Unset}
        self.example = _take_example(given)
        self.openapi_examples = given.pop("openapi_examples", None)
        self.include_in_schema = given.pop("include_in_schema", True)
        _replace_regex(given)
        _spread_alias(given)
        super().__init__(default=default, annotation=given.pop("annotation", None), **given)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.default})"


def _take_example(given: dict[str, Any]) -> Any:
    if "example" in given:
        warn_deprecated("`example` has been deprecated, please use `examples` instead")
    return given.pop("example", _Unset)


def _replace_regex(given: dict[str, Any]) -> None:
    """`regex` is the old name of `pattern`, which wins."""
    regex = given.pop("regex", None)
    if regex is not None:
        warn_deprecated("`regex` has been deprecated, please use `pattern` instead")
        given["pattern"] = given.get("pattern") or regex


def _spread_alias(given: dict[str, Any]) -> None:
    """Unlike `pydantic.Field`, `FieldInfo` doesn't take one alias for all three."""
    if given.get("validation_alias") is None:
        given.pop("validation_alias", None)
        if "alias" in given:
            given["validation_alias"] = given["alias"]
    if given.get("serialization_alias") is None and isinstance(given.get("alias"), str):
        given["serialization_alias"] = given["alias"]


class Param(_Marker):
    """A parameter from outside the body; used bare, it is taken from the query."""

    in_: ClassVar[ParamTypes]

    @spelled_out(FieldOptions)
    def __init__(self, default: Any = Undefined, **options: Unpack[FieldOptions]) -> None:
        super().__init__(default, options)


class Path(Param):
    """A part of the URL path, always required."""

    in_ = ParamTypes.path

    @spelled_out(FieldOptions)
    def __init__(self, default: Any = ..., **options: Unpack[FieldOptions]) -> None:
        if default is not ...:
            raise AssertionError("Path parameters cannot have a default value")
        super().__init__(default, **options)


class Query(Param):
    """A parameter from the query string."""

    in_ = ParamTypes.query


class Header(Param):
    """A request header. `convert_underscores`: `x_token` stands for `x-token`."""

    in_ = ParamTypes.header

    @spelled_out(FieldOptions)
    def __init__(
        self, default: Any = Undefined, *, convert_underscores: bool = True, **options: Unpack[FieldOptions]
    ) -> None:
        self.convert_underscores = convert_underscores
        super().__init__(default, **options)


class Cookie(Param):
    """A cookie."""

    in_ = ParamTypes.cookie


class Body(_Marker):
    """The body, or one key of it.

    Attributes:
        embed: True, the body is an object with this parameter as a key; None, that depends on whether there are others.
        media_type: the `Content-Type` that the document asks for.
    """

    embed: bool | None
    media_type: str

    @spelled_out(FieldOptions)
    def __init__(
        self,
        default: Any = Undefined,
        *,
        embed: bool | None = None,
        media_type: str = "application/json",
        **options: Unpack[FieldOptions],
    ) -> None:
        self.embed = embed
        self.media_type = media_type
        super().__init__(default, options)


class Form(Body):
    """A field of a form."""

    @spelled_out(FieldOptions)
    def __init__(
        self,
        default: Any = Undefined,
        *,
        media_type: str = "application/x-www-form-urlencoded",
        **options: Unpack[FieldOptions],
    ) -> None:
        own = only(FieldOptions, options, f"{type(self).__name__}.__init__")  # `embed` is not for forms
        super().__init__(default, media_type=media_type, **own)


class File(Form):
    """A file field of a form."""

    @spelled_out(FieldOptions)
    def __init__(
        self, default: Any = Undefined, *, media_type: str = "multipart/form-data", **options: Unpack[FieldOptions]
    ) -> None:
        super().__init__(default, media_type=media_type, **options)


@dataclass(frozen=True)
class Depends:
    """A parameter that another callable provides.

    Attributes:
        dependency: the callable; None stands for the parameter's own annotation.
        use_cache: call it once per request, whoever else depends on it.
        scope: when a dependency with `yield` ends: "function", before the response is sent; "request", after it.
        max_concurrency: how many uses of this very declaration may be live at once; None for no limit.
    """

    dependency: Callable[..., Any] | None = None
    use_cache: bool = True
    scope: DependencyScope | None = None
    max_concurrency: int | None = field(default=None, kw_only=True)
    # Compared: `typing` keeps one `Annotated[T, d]` for all equal `d`, and two declarations have two limits.
    _concurrency: DependencyConcurrency | None = field(default=None, kw_only=True, repr=False)

    def __post_init__(self) -> None:
        if not positive_or_none(self.max_concurrency):
            raise ValueError("max_concurrency must be a positive integer or None")
        object.__setattr__(self, "_concurrency", self._shared_or_new_limit())

    def _shared_or_new_limit(self) -> DependencyConcurrency | None:
        """A copy (`dataclasses.replace`) shares the limit of its original, unless it says another number."""
        if self.max_concurrency is None:
            return None
        if self._concurrency is not None and self._concurrency.max_concurrency == self.max_concurrency:
            return self._concurrency
        return DependencyConcurrency(self.max_concurrency)


@dataclass(frozen=True)
class Security(Depends):
    """A dependency that asks for OAuth2 scopes."""

    scopes: Sequence[str] | None = None
