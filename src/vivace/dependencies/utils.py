"""FastAPI's names for what other modules here do: other packages import them from this place.

Nothing of ours does. What is not a plain re-export adapts arguments only.
"""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import Any

from starlette.datastructures import UploadFile as StarletteUploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket

from vivace import params
from vivace.background import BackgroundTasks
from vivace.dependencies.body import body_field_of, request_body_to_args
from vivace.dependencies.body import should_embed as _should_embed_body_fields
from vivace.dependencies.extract import request_params_to_args
from vivace.dependencies.forms import read_file
from vivace.dependencies.graph import flat_params, get_dependant, sub_dependant
from vivace.dependencies.kinds import is_class as lenient_issubclass
from vivace.dependencies.models import CacheKey, Dependant, walk
from vivace.dependencies.multipart import (
    ensure_multipart_is_installed,
    multipart_incorrect_install_error,
    multipart_not_installed_error,
)
from vivace.dependencies.signature import (
    get_stream_item_type,
    get_typed_annotation,
    get_typed_return_annotation,
    get_typed_signature,
)
from vivace.dependencies.solve import Solved, Solver
from vivace.fields import ModelField, Undefined
from vivace.fields import model_fields_of as get_cached_model_fields

__all__ = [
    "Dependant",
    "SolvedDependency",
    "_should_embed_body_fields",
    "ensure_multipart_is_installed",
    "get_cached_model_fields",
    "get_dependant",
    "get_flat_params",
    "get_parameterless_sub_dependant",
    "get_stream_item_type",
    "get_typed_annotation",
    "get_typed_return_annotation",
    "get_typed_signature",
    "lenient_issubclass",
    "multipart_incorrect_install_error",
    "multipart_not_installed_error",
    "request_body_to_args",
    "request_params_to_args",
    "solve_dependencies",
]

SolvedDependency = Solved


def get_parameterless_sub_dependant(*, depends: params.Depends, path: str) -> Dependant:
    """The dependency of a router, an application or a decorator: its result goes to no parameter."""
    assert callable(depends.dependency), "A parameter-less dependency must have a callable dependency"
    return sub_dependant(depends, Dependant(path=path))


def get_flat_params(dependant: Dependant) -> list[ModelField]:
    return flat_params(dependant)


def _get_flat_body_params(dependant: Dependant) -> list[ModelField]:
    return [field for node in walk(dependant) for field in node.body_params]


def _get_body_field(*, body_params: list[ModelField], name: str, embed_body_fields: bool) -> ModelField | None:
    return body_field_of(body_params, name, embed_body_fields)


async def solve_dependencies(
    *,
    request: Request | WebSocket,
    dependant: Dependant,
    body: Any = Undefined,
    background_tasks: BackgroundTasks | None = None,
    response: Response | None = None,
    dependency_overrides_provider: Any | None = None,
    dependency_cache: dict[CacheKey, Any] | None = None,
    async_exit_stack: AsyncExitStack,
    embed_body_fields: bool,
) -> Solved:
    """Solve a graph by hand. `async_exit_stack` takes the teardowns where the request's scope has no stacks."""
    solver = Solver(
        request,
        body,
        embed_body_fields,
        dependency_overrides_provider,
        background_tasks,
        response,
        {} if dependency_cache is None else dependency_cache,
        async_exit_stack,
    )
    return await solver.solve(dependant)


async def _read_file_bytes(file: StarletteUploadFile) -> bytes:
    return await read_file(file)
