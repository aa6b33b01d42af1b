"""`APIRouter`: a group of routes, on which a program is built."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from os import PathLike
from typing import Annotated, Any, TypedDict, Unpack

from annotated_doc import Doc
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from vivace import params
from vivace.body_limits import FormLimits, checked_form_limits, checked_size, closest, merged
from vivace.datastructures import Default
from vivace.exceptions import FastAPIError
from vivace.keywords import only, spelled_out
from vivace.operation.options import first_given
from vivace.routing._third_party import RouterNames
from vivace.routing.context import IncludeContext
from vivace.routing.declare import Declaring
from vivace.routing.frontend import FRONTEND_DEFAULTS, FrontendFiles, FrontendGroup, FrontendOptions, check_path
from vivace.routing.included import IncludedRouter
from vivace.routing.lifespan import WithLifespan, lifespan_of
from vivace.routing.route import APIRoute
from vivace.utils import generate_unique_id

UniqueId = Callable[[APIRoute], str]


class IncludeOptions(TypedDict, total=False):
    """What may be said of all routes of a router when it is included."""

    prefix: Annotated[str, Doc("Put before the paths; starts with a slash, ends without.")]
    tags: Annotated[list[str | Enum] | None, Doc("Tags put before those of the routes.")]
    dependencies: Annotated[Sequence[params.Depends] | None, Doc("Dependencies put before those of the routes.")]
    default_response_class: Annotated[type[Response], Doc("Renders results.")]
    responses: Annotated[dict[int | str, dict[str, Any]] | None, Doc("Further responses, for the documentation.")]
    callbacks: Annotated[list[BaseRoute] | None, Doc("OpenAPI callbacks.")]
    deprecated: Annotated[bool | None, Doc("Mark the routes as deprecated.")]
    include_in_schema: Annotated[bool, Doc("Show the routes in the documentation; true by default.")]
    generate_unique_id_function: Annotated[UniqueId, Doc("Makes operation ids.")]
    max_body_size: Annotated[int | None, Doc("Bytes that a request's body may have at most.")]
    form_limits: Annotated[FormLimits | None, Doc("What a form may hold.")]


INCLUDE_DEFAULTS: dict[str, Any] = {
    "prefix": "",
    "tags": None,
    "dependencies": None,
    "default_response_class": Default(JSONResponse),
    "responses": None,
    "callbacks": None,
    "deprecated": None,
    "include_in_schema": True,
    "generate_unique_id_function": Default(generate_unique_id),
    "max_body_size": None,
    "form_limits": None,
}


class APIRouter(Declaring, WithLifespan, RouterNames):
    """A group of path operations, to be included in an application or in another router.

    ```python
    router = APIRouter(prefix="/users", tags=["users"])


    @router.get("/{user_id}")
    async def read_user(user_id: int): ...


    app.include_router(router)
    ```
    """

    def __init__(
        self,
        *,
        prefix: Annotated[str, Doc("Put before the path of every route; starts with a slash, ends without.")] = "",
        tags: Annotated[list[str | Enum] | None, Doc("Tags for all routes.")] = None,
        dependencies: Annotated[Sequence[params.Depends] | None, Doc("Dependencies of all routes.")] = None,
        default_response_class: Annotated[type[Response], Doc("Renders results.")] = Default(JSONResponse),
        responses: Annotated[dict[int | str, dict[str, Any]] | None, Doc("Further responses of all routes.")] = None,
        callbacks: Annotated[list[BaseRoute] | None, Doc("OpenAPI callbacks of all routes.")] = None,
        routes: Annotated[list[BaseRoute] | None, Doc("Routes to begin with.")] = None,
        redirect_slashes: Annotated[
            bool, Doc("Redirect `/items/` to `/items`, and back. Included, the application's setting counts.")
        ] = True,
        default: Annotated[
            ASGIApp | None, Doc("Answers what no route does, where the router stands by itself.")
        ] = None,
        dependency_overrides_provider: Annotated[Any, Doc("Whose `dependency_overrides` count.")] = None,
        route_class: Annotated[type[APIRoute], Doc("The class of the routes declared here.")] = APIRoute,
        on_startup: Annotated[Sequence[Callable[[], Any]] | None, Doc("Deprecated: use `lifespan`.")] = None,
        on_shutdown: Annotated[Sequence[Callable[[], Any]] | None, Doc("Deprecated: use `lifespan`.")] = None,
        lifespan: Annotated[Any, Doc("An async context manager around the time of service.")] = None,
        deprecated: Annotated[bool | None, Doc("Mark all routes as deprecated.")] = None,
        include_in_schema: Annotated[bool, Doc("Show the routes in the documentation.")] = True,
        generate_unique_id_function: Annotated[UniqueId, Doc("Makes operation ids.")] = Default(generate_unique_id),
        strict_content_type: Annotated[bool, Doc("Take a body for JSON only if it says so.")] = Default(True),
        max_body_size: Annotated[
            int | None, Doc("Bytes that a request's body may have at most, else 413; None: as it is around.")
        ] = None,
        form_limits: Annotated[
            FormLimits | None, Doc("What a form may hold, else 400: `max_files`, `max_fields`, `max_part_size`.")
        ] = None,
    ) -> None:
        _check_prefix(prefix)
        self.on_startup = list(on_startup or [])
        self.on_shutdown = list(on_shutdown or [])
        self.lifespan_given = lifespan is not None
        super().__init__(
            routes=routes,
            redirect_slashes=redirect_slashes,
            default=default,
            lifespan=lifespan_of(self, lifespan),
            max_body_size=checked_size(max_body_size),
        )
        self.prefix = prefix
        self.tags: list[str | Enum] = tags or []
        self.dependencies = list(dependencies or [])
        self.deprecated = deprecated
        self.include_in_schema = include_in_schema
        self.responses = responses or {}
        self.callbacks = callbacks or []
        self.dependency_overrides_provider = dependency_overrides_provider
        self.route_class = route_class
        self.default_response_class = default_response_class
        self.generate_unique_id_function = generate_unique_id_function
        self.strict_content_type = strict_content_type
        self.max_body_size = max_body_size
        self.form_limits = checked_form_limits(form_limits)
        self._frontend_routes: FrontendGroup | None = None

    @spelled_out(IncludeOptions, INCLUDE_DEFAULTS)
    def include_router(
        self,
        router: Annotated[APIRouter, Doc("The router; routes that it gets later are included too.")],
        **options: Unpack[IncludeOptions],
    ) -> None:
        """Put all routes of another router below this one.

        Raises:
            AssertionError: the prefix is malformed, or the router includes this one already.
            FastAPIError: a route would have an empty path.
        """
        said: dict[str, Any] = {**INCLUDE_DEFAULTS, **only(IncludeOptions, options, "include_router")}
        _check_inclusion(self, router, said["prefix"])
        for name in ("default_response_class", "generate_unique_id_function"):
            said[name] = first_given(getattr(router, name), said[name])
        said["max_body_size"] = closest(router.max_body_size, checked_size(said["max_body_size"]))
        said["form_limits"] = merged(router.form_limits, checked_form_limits(said["form_limits"]))
        context = IncludeContext(**said, strict_content_type=router.strict_content_type)
        self.routes.append(IncludedRouter(router, context.inside(IncludeContext.of(self))))
        self._start_with(router)

    @spelled_out(FrontendOptions, FRONTEND_DEFAULTS)
    def frontend(
        self,
        path: Annotated[str, Doc("Where the files are found; starts with a slash.")],
        *,
        directory: Annotated[str | PathLike[str], Doc("Where the built files are.")],
        **options: Unpack[FrontendOptions],
    ) -> None:
        """Serve a built frontend, such as a `dist` folder, where no route answers.

        Routes come first, wherever they are declared; of several frontends the one with the longest path answers.

        Raises:
            RuntimeError: the directory, or a fallback that was asked for, does not exist.
        """
        check_path(path)
        files = FrontendFiles(directory, **only(FrontendOptions, options, "frontend"))
        if self._frontend_routes is None:
            self._frontend_routes = FrontendGroup(
                self.dependencies, self.dependency_overrides_provider, max_body_size=self.max_body_size
            )
            self._low_priority_routes.append(self._frontend_routes)
        self._frontend_routes.add(self.prefix, path, files)


def _check_prefix(prefix: str) -> None:
    if prefix:
        assert prefix.startswith("/"), "A path prefix must start with '/'"
        assert not prefix.endswith("/"), "A path prefix must not end with '/', as the routes will start with '/'"


def _check_inclusion(outer: APIRouter, router: APIRouter, prefix: str) -> None:
    assert outer is not router, (
        "Cannot include the same APIRouter instance into itself. Did you mean to include a different router?"
    )
    assert all(below is not outer for below in _below(router)), (
        "Cannot include an APIRouter that already includes this router."
    )
    _check_prefix(prefix)
    for route in _without_path(router) if not prefix else ():
        raise FastAPIError(f"Prefix and path cannot be both empty (path operation: {getattr(route, 'name', None)})")


def _below(router: APIRouter) -> Iterator[APIRouter]:
    for route in router.routes:
        if isinstance(route, IncludedRouter):
            yield route.original_router
            yield from _below(route.original_router)


def _without_path(router: APIRouter) -> Iterator[BaseRoute]:
    """The routes below that have an empty path, through whatever they are included by."""
    for route in router.routes:
        if isinstance(route, IncludedRouter):
            yield from _without_path(route.original_router) if not route.include_context.prefix else ()
        elif getattr(route, "path", None) == "":
            yield route
