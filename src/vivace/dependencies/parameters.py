"""One parameter of a signature: a dependency, a special object, or a value taken from the request, and from where.

The rules, in order: what stands in `Annotated` or as the default decides; else the type (Request, Response, ...);
else a name in the path is a path parameter, a file type a file, what one string can carry a query
parameter, and anything else the body.
"""

from __future__ import annotations

import inspect
from copy import copy
from dataclasses import dataclass, replace
from typing import Annotated, Any, get_args, get_origin

from pydantic import AliasChoices
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from starlette.background import BackgroundTasks as StarletteBackgroundTasks
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from typing_extensions import TypeAliasType

from vivace import params
from vivace.dependencies import kinds
from vivace.dependencies.models import Dependant
from vivace.dependencies.multipart import ensure_multipart_is_installed
from vivace.dependencies.unions import shaped
from vivace.fields import ModelField, create_model_field, merged
from vivace.security.oauth2 import SecurityScopes

# Objects that the framework hands over, by type; the first that fits names the slot on the Dependant.
_SPECIAL: tuple[tuple[type, str], ...] = (
    (Request, "request_param_name"),
    (WebSocket, "websocket_param_name"),
    (HTTPConnection, "http_connection_param_name"),
    (Response, "response_param_name"),
    (StarletteBackgroundTasks, "background_tasks_param_name"),
    (SecurityScopes, "security_scopes_param_name"),
)


@dataclass(slots=True)
class Parameter:
    """What one parameter turned out to be: exactly one of `depends`, `special` and `field` is set."""

    name: str
    depends: params.Depends | None = None
    special: str | None = None
    field: ModelField | None = None


def analyze(name: str, annotation: Any, default: Any, path_names: set[str]) -> Parameter:
    """Decide what a parameter is.

    Raises:
        AssertionError: it says two things at once, or what its place can't carry.
        FastAPIError: its type is nothing that Pydantic can validate.
    """
    said = _said(name, annotation, default)
    if isinstance(said.marker, params.Depends):
        depends = said.marker
        return Parameter(name, depends=depends if depends.dependency else replace(depends, dependency=said.type_))
    special = special_slot(said.type_)
    if special is not None:
        assert said.marker is None, f"Cannot specify FastAPI annotation for type {said.type_!r}"
        return Parameter(name, special=special)
    info = said.marker or _inferred(said, name in path_names)
    return Parameter(name, field=_make_field(name, info, path_names))


@dataclass(slots=True)
class _Said:
    """What a signature says of a parameter: `annotation` whole, and the type without `Annotated` around it."""

    annotation: Any
    type_: Any
    default: Any = PydanticUndefined
    marker: FieldInfo | params.Depends | None = None


def _said(name: str, annotation: Any, default: Any) -> _Said:
    annotation = Any if annotation is inspect.Parameter.empty else _through_alias(annotation)
    inner, *extras = get_args(annotation) if get_origin(annotation) is Annotated else (annotation,)
    said = _Said(annotation, inner)
    marked = [extra for extra in extras if isinstance(extra, params.Param | params.Body | params.Depends)]
    marker = marked[-1] if marked else None
    if default is not inspect.Parameter.empty:
        said.default = default
    if isinstance(default, params.Depends | FieldInfo):
        said.marker = _default_marker(name, marker, default, inner)
    elif isinstance(marker, FieldInfo):
        said.marker = _with_default(name, merged(marker, annotation), said.default)
    else:
        said.marker = marker
    return said


def _default_marker(
    name: str, marker: FieldInfo | params.Depends | None, default: FieldInfo | params.Depends, type_: Any
) -> FieldInfo | params.Depends:
    """The marker that stands where a default would, and so must be the only one."""
    if isinstance(default, params.Depends):
        assert not isinstance(marker, params.Depends), (
            f"Cannot specify `Depends` in `Annotated` and default value together for {name!r}"
        )
        assert marker is None, (
            f"Cannot specify a FastAPI annotation in `Annotated` and `Depends` as a default value together for {name!r}"
        )
        return default
    assert marker is None, f"Cannot specify FastAPI annotations in `Annotated` and default value together for {name!r}"
    own = copy(default)
    own.annotation = type_
    return own


def _with_default(name: str, info: FieldInfo, default: Any) -> FieldInfo:
    """The marker of `Annotated`, with the signature's default put into it."""
    assert info.default is PydanticUndefined, (
        f"`{type(info).__name__}` default value cannot be set in `Annotated` for {name!r}. "
        "Set the default value with `=` instead."
    )
    if default is not PydanticUndefined:
        assert not isinstance(info, params.Path), "Path parameters cannot have default values"
        _set_default(info, default)
    return info


def _set_default(info: FieldInfo, default: Any) -> None:
    if info.default_factory is not None and default is not ...:
        raise TypeError("cannot specify both default and default_factory")
    info.default = default


def _through_alias(annotation: Any) -> Any:
    """A PEP 695 alias may stand for an `Annotated` that marks a parameter."""
    return annotation.__value__ if isinstance(annotation, TypeAliasType) else annotation


def special_slot(type_: Any) -> str | None:
    """The `Dependant` attribute that names the parameter of this special type, if it is one."""
    return next((slot for kind, slot in _SPECIAL if kinds.is_class(type_, kind)), None)


def _inferred(said: _Said, in_path: bool) -> FieldInfo:
    """The marker that nobody has written, by the type."""
    type_ = said.type_
    if in_path:
        marker: type[FieldInfo] = params.Path
    elif kinds.is_upload(type_) or kinds.is_upload_sequence(type_):
        marker = params.File
    else:
        marker = params.Query if kinds.is_scalar(type_) else params.Body
    info = merged(marker(), said.annotation)
    info.default = PydanticUndefined
    if in_path:
        info.default_factory = None
    elif said.default is not PydanticUndefined and said.default is not ...:
        _set_default(info, said.default)
    return info


def _make_field(name: str, info: FieldInfo, path_names: set[str]) -> ModelField:
    if name in path_names:
        assert isinstance(info, params.Path), f"Cannot use `{type(info).__name__}` for path param {name!r}"
    info = _named(name, info, path_names)
    if isinstance(info, params.Form):
        ensure_multipart_is_installed()
        info.annotation = shaped(info.annotation)
    field = create_model_field(name, info.annotation, info.default, info)
    _refuse_unfit(name, field, path_names)
    return field


def _refuse_unfit(name: str, field: ModelField, path_names: set[str]) -> None:
    """A part of the path is one string; a query has single and repeated ones, and models of them.

    A path parameter of a name that the path has not is a model of its parts, or is never found.
    """
    type_, info = field.field_info.annotation, field.field_info
    assert isinstance(info, params.Param | params.Body), (
        f"non-body parameters must be in path, query, header or cookie: {name}"
    )
    if isinstance(info, params.Path):
        fits = name not in path_names or kinds.is_scalar(type_)
        assert fits, "Path params must be of one of the supported types"
    elif isinstance(info, params.Query):
        fits = kinds.is_scalar(type_) or kinds.is_scalar_sequence(type_) or kinds.model_of(type_) is not None
        assert fits, f"Query parameter {name!r} must be one of the supported types"


def _named(name: str, info: FieldInfo, path_names: set[str]) -> FieldInfo:
    """The info with its names settled: headers are spelt with hyphens, unless asked otherwise."""
    info = copy(info)
    if isinstance(info, params.Path) and isinstance(info.validation_alias, AliasChoices):
        info.validation_alias = _in_path(info.validation_alias, path_names)
    if isinstance(info, params.Param) and not hasattr(info, "in_"):
        info.in_ = params.ParamTypes.query  # type: ignore[misc]  # the bare base class has none
    if not info.alias:
        hyphens = getattr(info, "convert_underscores", False)
        info.alias = name.replace("_", "-") if hyphens else name
    return info


def _in_path(choices: AliasChoices, path_names: set[str]) -> str | AliasChoices | None:
    """Of several names the first that the path has; where it has none, the parameter's own counts."""
    names = [choice for choice in choices.choices if isinstance(choice, str)]
    if len(names) < len(choices.choices):
        return choices
    return next((choice for choice in names if choice in path_names), None)


def add_special(slot: str, name: str, dependant: Dependant) -> None:
    setattr(dependant, slot, name)


def add_field(field: ModelField, dependant: Dependant) -> None:
    """Put the field on the list of the place that it comes from."""
    info = field.field_info
    if isinstance(info, params.Param):
        places = {
            params.ParamTypes.path: dependant.path_params,
            params.ParamTypes.query: dependant.query_params,
            params.ParamTypes.header: dependant.header_params,
            params.ParamTypes.cookie: dependant.cookie_params,
        }
        places[info.in_].append(field)
    else:
        dependant.body_params.append(field)
