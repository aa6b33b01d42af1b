"""One parameter of a signature: is it a dependency, a special object, or a value taken from the request, and from where.

The rules, in order: what stands in `Annotated` or as the default decides; else the type (Request, Response, ...);
else a name in the path is a path parameter, a file type a file, what one string can carry a query
parameter, and anything else the body.
"""

from __future__ import annotations

import inspect
from copy import copy
from dataclasses import dataclass, replace
from typing import Annotated, Any, get_args, get_origin

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from starlette.background import BackgroundTasks as StarletteBackgroundTasks
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.websockets import WebSocket

from vivace import params
from vivace.dependencies import kinds
from vivace.dependencies.models import Dependant
from vivace.fields import ModelField, copy_field_info, create_model_field
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
    type_, info, depends = _read_annotated(name, annotation, default)
    default = default if default is not inspect.Parameter.empty else PydanticUndefined
    if isinstance(default, params.Depends):
        depends = _depends_by_default(name, depends, info, default)
    elif isinstance(default, FieldInfo):
        assert info is None, (
            f"Cannot specify FastAPI annotations in `Annotated` and default value together for {name!r}"
        )
        info = default
        info.annotation = type_
    if depends is not None:
        return Parameter(name, depends=depends if depends.dependency else replace(depends, dependency=type_))
    special = special_slot(type_)
    if special is not None:
        assert info is None, f"Cannot specify FastAPI annotation for type {type_!r}"
        return Parameter(name, special=special)
    if info is None:
        info = _inferred(name, type_, default, path_names)
    return Parameter(name, field=_make_field(name, type_, info, path_names))


def _read_annotated(
    name: str, annotation: Any, default: Any
) -> tuple[Any, FieldInfo | None, params.Depends | None]:
    """The type to validate, and the last FastAPI marker in `Annotated`, with the signature's default put into it."""
    if annotation is inspect.Parameter.empty:
        return Any, None, None
    annotation = _through_alias(annotation)
    if get_origin(annotation) is not Annotated:
        return annotation, None, None
    type_, *extras = get_args(annotation)
    markers = [m for m in extras if isinstance(m, FieldInfo | params.Depends)]
    ours = [m for m in markers if isinstance(m, params.Param | params.Body | params.Depends)]
    marker = ours[-1] if ours else markers[-1] if markers else None
    if isinstance(marker, params.Depends):
        return type_, None, marker
    if not isinstance(marker, params.Param | params.Body):
        return annotation, None, None
    info = copy_field_info(marker, annotation)
    assert info.default in (PydanticUndefined, ...), (
        f"`{type(info).__name__}` default value cannot be set in `Annotated` for {name!r}. "
        "Set the default value with `=` instead."
    )
    if default is not inspect.Parameter.empty and not isinstance(default, params.Depends | FieldInfo):
        assert not isinstance(info, params.Path), "Path parameters cannot have default values"
        info.default = default
    else:
        info.default = PydanticUndefined
    return type_, info, None


def _through_alias(annotation: Any) -> Any:
    """A PEP 695 alias may stand for an `Annotated` that marks a parameter."""
    return annotation.__value__ if isinstance(annotation, kinds.TypeAliasType) else annotation


def _depends_by_default(
    name: str, depends: params.Depends | None, info: FieldInfo | None, default: params.Depends
) -> params.Depends:
    assert depends is None, f"Cannot specify `Depends` in `Annotated` and default value together for {name!r}"
    assert info is None, (
        f"Cannot specify a FastAPI annotation in `Annotated` and `Depends` as a default value together for {name!r}"
    )
    return default


def special_slot(type_: Any) -> str | None:
    """The `Dependant` attribute that names the parameter of this special type, if it is one."""
    found = [m for m in kinds.members(type_) if m is not type(None)]
    if len(found) != 1:
        return None
    return next((slot for kind, slot in _SPECIAL if kinds.is_class(found[0], kind)), None)


def _inferred(name: str, type_: Any, default: Any, path_names: set[str]) -> FieldInfo:
    if name in path_names:
        return params.Path(annotation=type_)
    if kinds.is_upload(type_) or kinds.is_upload_sequence(type_):
        return params.File(default, annotation=type_)
    if not kinds.is_scalar(type_):
        return params.Body(default, annotation=type_)
    return params.Query(default, annotation=type_)


def _make_field(name: str, type_: Any, info: FieldInfo, path_names: set[str]) -> ModelField:
    if name in path_names:
        assert isinstance(info, params.Path), f"Cannot use `{type(info).__name__}` for path param {name!r}"
    elif isinstance(info, params.Param) and getattr(info, "in_", None) is None:
        info.in_ = params.ParamTypes.query
    field = create_model_field(name, info.annotation, info.default, _aliased(name, info))
    if isinstance(info, params.Path):
        ok = kinds.is_scalar(type_) or kinds.model_of(type_) is not None
        assert ok, "Path params must be of one of the supported types"
    elif isinstance(info, params.Query):
        assert _query_can_carry(type_), f"Query parameter {name!r} must be one of the supported types"
    return field


def _query_can_carry(type_: Any) -> bool:
    return kinds.is_scalar(type_) or kinds.is_scalar_sequence(type_) or kinds.model_of(type_) is not None


def _aliased(name: str, info: FieldInfo) -> FieldInfo:
    """The info with its alias settled: headers are spelt with hyphens unless asked otherwise."""
    if not info.alias and getattr(info, "convert_underscores", None) and kinds.model_of(info.annotation) is None:
        info = copy(info)
        info.alias = name.replace("_", "-")
    elif not info.alias:
        info = copy(info)
        info.alias = name
    return info


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
