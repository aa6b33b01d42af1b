"""The public names of FastAPI are Vivace's too, and take every argument that FastAPI's take."""

from __future__ import annotations

import importlib
import inspect
import typing
from typing import Any, get_args, get_type_hints

import pytest

# Modules that hand Starlette's names on, ...
_HANDED_ON = """
background datastructures middleware middleware.cors middleware.gzip middleware.httpsredirect middleware.trustedhost
middleware.wsgi requests responses staticfiles templating testclient websockets
""".split()
# ... modules of which everything that is defined there is public, ...
_WHOLE = """
encoders exception_handlers exceptions openapi openapi.docs openapi.models param_functions params security
security.api_key security.base security.http security.oauth2 security.open_id_connect_url sse
""".split()
# ... and those of which only these names are documented.
_PARTLY = {
    "applications": ["FastAPI"],
    "concurrency": [
        "contextmanager_in_threadpool",
        "iterate_in_threadpool",
        "run_in_threadpool",
        "run_until_first_complete",
    ],
    "logger": ["logger"],
    "openapi.utils": ["get_openapi"],
    "routing": ["APIRoute", "APIRouter", "APIWebSocketRoute", "Mount", "request_response", "websocket_session"],
    "utils": ["generate_unique_id"],
}


def _module(package: str, name: str) -> Any:
    return importlib.import_module(f"{package}.{name}" if name else package)


def _names(module: str, *homes: str) -> list[str]:
    """Public names of FastAPI's module that are defined in one of `homes`."""
    found = vars(_module("fastapi", module)).items()
    return sorted(
        name
        for name, value in found
        if not name.startswith("_") and callable(value) and (getattr(value, "__module__", "") or "").startswith(homes)
    )


NAMES = [
    *(("", name) for name in _names("", "fastapi")),
    *((module, name) for module in _HANDED_ON for name in _names(module, f"fastapi.{module}", "starlette.")),
    *((module, name) for module in _WHOLE for name in _names(module, f"fastapi.{module}") if name != "APIKeyBase"),
    *((module, name) for module, names in _PARTLY.items() for name in names),
]


def accepted(target: Any) -> set[str]:
    """The names of all arguments that can be given, with those behind `**options: Unpack[...]`."""
    if hasattr(target, "model_fields"):
        return set(target.model_fields)
    try:
        parameters = inspect.signature(target).parameters.values()
    except (TypeError, ValueError):
        return set()
    names = {parameter.name for parameter in parameters}
    for parameter in parameters:
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            names |= _unpacked(target, parameter.name)
    return names


def _unpacked(target: Any, name: str) -> set[str]:
    function = target.__init__ if inspect.isclass(target) else target
    hint = get_type_hints(function, include_extras=True).get(name)
    return {key for argument in get_args(hint) if typing.is_typeddict(argument) for key in get_type_hints(argument)}


@pytest.mark.parametrize("module", ["", *_HANDED_ON, *_WHOLE, *_PARTLY])
def test_a_module_is_there(module: str) -> None:
    assert _module("vivace", module)


@pytest.mark.parametrize(("module", "name"), NAMES)
def test_a_name_is_there_and_takes_the_same(module: str, name: str) -> None:
    theirs, mine = (getattr(_module(package, module), name) for package in ("fastapi", "vivace"))
    assert inspect.isclass(theirs) == inspect.isclass(mine)
    assert not accepted(theirs) - accepted(mine)


@pytest.mark.parametrize("name", ["FastAPI", "APIRouter"])
def test_every_method_is_there_and_takes_the_same(name: str) -> None:
    theirs, mine = (getattr(_module(package, ""), name) for package in ("fastapi", "vivace"))
    for method, value in inspect.getmembers(theirs, callable):
        if not method.startswith("_"):
            assert not accepted(value) - accepted(getattr(mine, method)), method
