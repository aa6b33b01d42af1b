"""`FastAPI`: the application class."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from os import PathLike
from typing import Annotated, Any, TypeVar, Unpack

from annotated_doc import Doc
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from typing_extensions import deprecated as deprecated_method

from vivace import params, routing
from vivace.body_limits import FormLimits, checked_size
from vivace.datastructures import Default
from vivace.deprecation import warn_deprecated
from vivace.exception_handlers import (
    http_exception_handler,
    request_validation_exception_handler,
    websocket_request_validation_exception_handler,
)
from vivace.exceptions import RequestValidationError, WebSocketRequestValidationError
from vivace.keywords import spelled_out
from vivace.middleware.stack import build_stack
from vivace.operation.options import DEFAULTS, AddRouteOptions, MethodOptions, OperationOptions
from vivace.routing.frontend import FRONTEND_DEFAULTS, FrontendOptions
from vivace.routing.lifespan import ON_EVENT_IS_DEPRECATED
from vivace.routing.methods import Decorator, Methods
from vivace.routing.router import INCLUDE_DEFAULTS, IncludeOptions
from vivace.shortcut import Shortcut
from vivace.telemetry.config import Settings, TelemetryConfig
from vivace.utils import generate_unique_id

F = TypeVar("F", bound=Callable[..., Any])

_HANDLERS: dict[Any, Any] = {
    HTTPException: http_exception_handler,
    RequestValidationError: request_validation_exception_handler,
    WebSocketRequestValidationError: websocket_request_validation_exception_handler,
}


_ROOT_PATH_IS_DEPRECATED = (
    "The `root_path` parameter is deprecated. Configure the server's root path instead, for example with "
    "`vivace run --root-path /api/v1` (which was `fastapi run --root-path /api/v1`)."
)


class FastAPI(Methods, Starlette):
    """An application: routes, middleware, exception handlers, and the OpenAPI document of it all.

    ```python
    app = FastAPI()


    @app.get("/")
    def home():
        return {"message": "Hello"}
    ```
    """

    def __init__(
        self,
        *,
        telemetry: Annotated[TelemetryConfig | None, Doc("OpenTelemetry settings.")] = None,
        debug: Annotated[bool, Doc("Answer server errors with a traceback.")] = False,
        routes: Annotated[list[BaseRoute] | None, Doc("Routes to begin with.")] = None,
        title: Annotated[str, Doc("The API's title.")] = "FastAPI",
        summary: Annotated[str | None, Doc("One line about the API.")] = None,
        description: Annotated[str, Doc("The API's description, Markdown.")] = "",
        version: Annotated[str, Doc("The API's own version.")] = "0.1.0",
        openapi_url: Annotated[str | None, Doc("Path of the document; None: no document, no pages.")] = "/openapi.json",
        openapi_tags: Annotated[list[dict[str, Any]] | None, Doc("Order and texts of the tags.")] = None,
        servers: Annotated[list[dict[str, str | Any]] | None, Doc("OpenAPI servers.")] = None,
        dependencies: Annotated[Sequence[params.Depends] | None, Doc("Dependencies of all routes.")] = None,
        default_response_class: Annotated[type[Response], Doc("Renders results.")] = Default(JSONResponse),
        redirect_slashes: Annotated[bool, Doc("Redirect `/items/` to `/items`, and back.")] = True,
        docs_url: Annotated[str | None, Doc("Path of Swagger UI; None: no page.")] = "/docs",
        redoc_url: Annotated[str | None, Doc("Path of ReDoc; None: no page.")] = "/redoc",
        swagger_ui_oauth2_redirect_url: Annotated[str | None, Doc("Path of its redirect page.")] = (
            "/docs/oauth2-redirect"
        ),
        swagger_ui_init_oauth: Annotated[dict[str, Any] | None, Doc("OAuth2 settings of Swagger UI.")] = None,
        middleware: Annotated[Sequence[Middleware] | None, Doc("Middleware, outermost first.")] = None,
        exception_handlers: Annotated[
            dict[int | type[Exception], Callable[[Request, Any], Any]] | None, Doc("By status or class.")
        ] = None,
        on_startup: Annotated[Sequence[Callable[[], Any]] | None, Doc("Deprecated: use `lifespan`.")] = None,
        on_shutdown: Annotated[Sequence[Callable[[], Any]] | None, Doc("Deprecated: use `lifespan`.")] = None,
        lifespan: Annotated[Any, Doc("An async context manager around the time of service.")] = None,
        terms_of_service: Annotated[str | None, Doc("URL.")] = None,
        contact: Annotated[dict[str, str | Any] | None, Doc("OpenAPI contact.")] = None,
        license_info: Annotated[dict[str, str | Any] | None, Doc("OpenAPI license.")] = None,
        root_path: Annotated[str, Doc("Deprecated: tell the server. The path that a proxy strips.")] = "",
        root_path_in_servers: Annotated[bool, Doc("Name it among the servers.")] = True,
        responses: Annotated[dict[int | str, dict[str, Any]] | None, Doc("Further responses.")] = None,
        callbacks: Annotated[list[BaseRoute] | None, Doc("OpenAPI callbacks of all routes.")] = None,
        webhooks: Annotated[routing.APIRouter | None, Doc("OpenAPI webhooks.")] = None,
        deprecated: Annotated[bool | None, Doc("Mark all routes as deprecated.")] = None,
        include_in_schema: Annotated[bool, Doc("Show the routes in the documentation.")] = True,
        swagger_ui_parameters: Annotated[dict[str, Any] | None, Doc("Settings of Swagger UI.")] = None,
        generate_unique_id_function: Annotated[
            Callable[[routing.APIRoute], str], Doc("Makes operation ids.")
        ] = Default(generate_unique_id),
        separate_input_output_schemas: Annotated[bool, Doc("One schema for each direction.")] = True,
        openapi_external_docs: Annotated[dict[str, Any] | None, Doc("OpenAPI externalDocs.")] = None,
        strict_content_type: Annotated[bool, Doc("Take a body for JSON only if it says so.")] = True,
        max_body_size: Annotated[
            int | None,
            Doc("Bytes that a request's body may have at most, else 413; None: any. Routers and routes may say more."),
        ] = None,
        form_limits: Annotated[
            FormLimits | None, Doc("What a form may hold, else 400: `max_files`, `max_fields`, `max_part_size`.")
        ] = None,
    ) -> None:
        super().__init__(
            debug=debug,
            middleware=middleware,
            exception_handlers=exception_handlers,
            max_body_size=checked_size(max_body_size),
        )
        self.title = title
        self.summary = summary
        self.description = description
        self.version = version
        self.terms_of_service = terms_of_service
        self.contact = contact
        self.license_info = license_info
        self.openapi_url = openapi_url
        self.openapi_tags = openapi_tags
        self.root_path_in_servers = root_path_in_servers
        self.docs_url = docs_url
        self.redoc_url = redoc_url
        self.swagger_ui_oauth2_redirect_url = swagger_ui_oauth2_redirect_url
        self.swagger_ui_init_oauth = swagger_ui_init_oauth
        self.swagger_ui_parameters = swagger_ui_parameters
        self.servers = servers or []
        self.separate_input_output_schemas = separate_input_output_schemas
        self.openapi_external_docs = openapi_external_docs
        self._telemetry = Settings.of(telemetry)
        self.openapi_version = "3.1.0"
        self.openapi_schema: dict[str, Any] | None = None
        self.root_path = root_path
        if root_path:
            warn_deprecated(_ROOT_PATH_IS_DEPRECATED)
        self.dependency_overrides: dict[Callable[..., Any], Callable[..., Any]] = {}
        self.webhooks = webhooks or routing.APIRouter()
        self.router: routing.APIRouter = routing.APIRouter(
            routes=routes,
            redirect_slashes=redirect_slashes,
            dependency_overrides_provider=self,
            on_startup=on_startup,
            on_shutdown=on_shutdown,
            lifespan=lifespan,
            default_response_class=default_response_class,
            dependencies=dependencies,
            callbacks=callbacks,
            deprecated=deprecated,
            include_in_schema=include_in_schema,
            responses=responses,
            generate_unique_id_function=generate_unique_id_function,
            strict_content_type=strict_content_type,
            max_body_size=max_body_size,
            form_limits=form_limits,
        )
        for error, handler in _HANDLERS.items():
            self.exception_handlers.setdefault(error, handler)
        if self.openapi_url:
            assert self.title, "A title must be provided for OpenAPI, e.g.: 'My API'"
            assert self.version, "A version must be provided for OpenAPI, e.g.: '2.1.0'"
        self.setup()

    # -- documentation

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document, made when first asked for and again when routes have changed.

        A document that was put into `openapi_schema` by hand stays.
        """
        from vivace.openapi.utils import get_openapi

        routes = self._routes_version()
        outdated = self.openapi_schema is self._made_openapi and routes != self._made_of
        if self.openapi_schema is None or outdated:
            self._made_of = routes
            self.openapi_schema = self._made_openapi = get_openapi(
                title=self.title,
                version=self.version,
                openapi_version=self.openapi_version,
                summary=self.summary,
                description=self.description,
                terms_of_service=self.terms_of_service,
                contact=self.contact,
                license_info=self.license_info,
                routes=self.routes,
                webhooks=self.webhooks.routes,
                tags=self.openapi_tags,
                servers=self.servers,
                separate_input_output_schemas=self.separate_input_output_schemas,
                external_docs=self.openapi_external_docs,
            )
        return self.openapi_schema

    _made_openapi: dict[str, Any] | None = None
    _made_of: tuple[object, object] | None = None

    def _routes_version(self) -> tuple[object, object]:
        """Equal as long as no route, and no webhook, has come or gone."""
        self.router.index.refresh()
        self.webhooks.index.refresh()
        return self.router.index.version, self.webhooks.index.version

    def setup(self) -> None:
        """Declare the routes of the document and its pages."""
        from vivace.openapi.pages import add_documentation

        add_documentation(self)

    # -- serving

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.root_path:
            scope["root_path"] = self.root_path
        if self._telemetry.concerns(scope):
            await self._telemetry.serve(self, super().__call__, scope, receive, send)
        elif scope["type"] != "http" or not await self.shortcut.serve(scope, receive, send):
            await super().__call__(scope, receive, send)

    def build_middleware_stack(self) -> ASGIApp:
        return build_stack(self)

    @cached_property
    def shortcut(self) -> Shortcut:
        """The way past the layers, for both doors."""
        return Shortcut(self)

    # -- declaring, in the router's terms

    def _declare(self, method: str, path: str, options: OperationOptions) -> Decorator:
        return self.router._declare(method, path, options)

    @spelled_out(MethodOptions, DEFAULTS)
    def api_route(self, path: str, **options: Unpack[MethodOptions]) -> Decorator:
        """Declare a path operation for several methods at once."""
        return self.router.api_route(path, **options)

    @spelled_out(MethodOptions, DEFAULTS)
    def add_api_route(self, path: str, endpoint: Callable[..., Any], **options: Unpack[AddRouteOptions]) -> None:
        """Declare a path operation without a decorator."""
        self.router.add_api_route(path, endpoint, **options)

    def websocket(
        self,
        path: Annotated[str, Doc("Path of the WebSocket.")],
        name: Annotated[str | None, Doc("Name for `url_path_for`; by default the function's.")] = None,
        *,
        dependencies: Annotated[Sequence[params.Depends] | None, Doc("Dependencies to run for their effect.")] = None,
    ) -> Decorator:
        """Declare a WebSocket endpoint."""
        return self.router.websocket(path, name=name, dependencies=dependencies)

    def add_api_websocket_route(
        self,
        path: str,
        endpoint: Callable[..., Any],
        name: str | None = None,
        *,
        dependencies: Sequence[params.Depends] | None = None,
    ) -> None:
        """Declare a WebSocket endpoint without a decorator."""
        self.router.add_api_websocket_route(path, endpoint, name=name, dependencies=dependencies)

    def websocket_route(self, path: str, name: str | None = None) -> Decorator:
        """Declare a function of a `WebSocket`."""
        return self.router.websocket_route(path, name=name)

    @spelled_out(IncludeOptions, INCLUDE_DEFAULTS)
    def include_router(
        self,
        router: Annotated[routing.APIRouter, Doc("The router; routes that it gets later are included too.")],
        **options: Unpack[IncludeOptions],
    ) -> None:
        """Put all routes of a router below the application's own."""
        self.router.include_router(router, **options)

    @spelled_out(FrontendOptions, FRONTEND_DEFAULTS)
    def frontend(
        self,
        path: Annotated[str, Doc("Where the files are found; starts with a slash.")],
        *,
        directory: Annotated[str | PathLike[str], Doc("Where the built files are.")],
        **options: Unpack[FrontendOptions],
    ) -> None:
        """Serve a built frontend, such as a `dist` folder, where no route answers."""
        self.router.frontend(path, directory=directory, **options)

    @deprecated_method(ON_EVENT_IS_DEPRECATED)
    def on_event(self, event_type: str) -> Callable[[F], F]:
        """Deprecated: use `lifespan`."""
        return self.router._event_decorator(event_type)

    def middleware(self, middleware_type: str) -> Callable[[F], F]:
        """Declare a function `(request, call_next)` that runs around every HTTP request."""
        assert middleware_type == "http", 'Currently only middleware("http") is supported.'

        def decorator(func: F) -> F:
            self.add_middleware(BaseHTTPMiddleware, dispatch=func)
            return func

        return decorator

    def exception_handler(self, exc_class_or_status_code: int | type[Exception]) -> Callable[[F], F]:
        """Declare the function that answers for a status or a class of exceptions."""

        def decorator(func: F) -> F:
            self.add_exception_handler(exc_class_or_status_code, func)
            return func

        return decorator
