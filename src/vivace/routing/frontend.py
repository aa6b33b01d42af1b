"""`app.frontend()`: a built frontend (the `dist` folder of a JavaScript tool) served where no route answers.

- `FrontendGroup`: all frontends of one router. The longest path wins, the router's dependencies run first.
- `Frontend`: one path.
- `FrontendFiles`: one directory, and what is sent for a file that it does not hold.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, NoReturn, TypedDict

from annotated_doc import Doc
from anyio.to_thread import run_sync
from starlette._utils import get_route_path
from starlette.datastructures import URL, URLPath
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from vivace import params
from vivace.body_limits import closest, limited
from vivace.dependencies.solve import CLEANUP_SCOPE, FUNCTION_STACK, REQUEST_STACK
from vivace.deprecation import warn_caller
from vivace.routing._third_party import FrontendGroupNames
from vivace.routing.context import IncludeContext
from vivace.routing.route import APIRoute
from vivace.routing.scope import FRONTEND_KEY, LENGTH_KEY, SCOPE_KEY
from vivace.telemetry.observer import observer_of, unobserved

Fallback = Literal["auto", "index.html", "404.html"] | None
_METHODS = ("GET", "HEAD")
_PAGES = ("text/html", "application/xhtml+xml")


class FrontendOptions(TypedDict, total=False):
    """What may be said of a frontend besides its path and its directory."""

    fallback: Annotated[
        Fallback,
        Doc(
            "What is sent for a path without a file. `index.html`: that file, when a browser navigates (for frontends "
            "with routes of their own); `404.html`: that file, with status 404; `auto`: the latter if it is there, "
            "else the former; None: a plain 404."
        ),
    ]
    check_dir: Annotated[
        bool | Literal["auto"],
        Doc(
            "Whether the directory has to be there when the frontend is declared. `auto`: yes, but only a warning "
            "while the environment variable `FASTAPI_ENV` is `development`."
        ),
    ]


FRONTEND_DEFAULTS: dict[str, Any] = {"fallback": "auto", "check_dir": "auto"}


class _File(NamedTuple):
    path: str
    stat: os.stat_result
    is_index: bool  # the `index.html` of the directory that was asked for


class FrontendFiles(StaticFiles):
    """The files of a directory, with `index.html` for directories, and a fallback for what is not there."""

    def __init__(
        self,
        directory: str | os.PathLike[str],
        fallback: Fallback = "auto",
        check_dir: bool | Literal["auto"] = "auto",
    ) -> None:
        assert fallback in ("auto", "index.html", "404.html", None), (
            "fallback must be 'auto', 'index.html', '404.html', or None"
        )
        self.fallback: Fallback = fallback
        super().__init__(directory=directory, html=True, check_dir=False)
        if check_dir:
            self._check(lenient=check_dir == "auto" and os.environ.get("FASTAPI_ENV") == "development")

    def _check(self, *, lenient: bool) -> None:
        if not Path(self._directory).is_dir():
            where = Path(self._directory).absolute()
            problem = f"Frontend directory '{self._directory}' does not exist. Resolved absolute path: '{where}'"
            if not lenient:
                raise RuntimeError(problem)
            warn_caller(problem)
        elif self.fallback in ("index.html", "404.html") and not lenient and self._find(self.fallback) is None:
            self._fallback_is_missing(self.fallback)

    @property
    def _directory(self) -> str | os.PathLike[str]:
        assert self.directory is not None
        return self.directory

    def _fallback_is_missing(self, file: str) -> NoReturn:
        where = Path(self._directory).absolute()
        raise RuntimeError(
            f"Frontend fallback file '{file}' does not exist in directory '{self._directory}'."
            f" Resolved absolute directory: '{where}'"
        )

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The response for a path below the directory.

        Raises:
            HTTPException: 404, 405, or 401 for a file that may not be read.
            RuntimeError: the directory, or a fallback that was asked for, does not exist.
        """
        await self._check_once()
        file = await run_sync(self._look_up, _below_directory(path))
        if scope["method"] not in _METHODS:
            raise HTTPException(404 if file is None else 405)
        if file is None:
            return await self._fall_back(scope)
        if file.is_index and not scope["path"].endswith("/"):
            url = URL(scope=scope)
            return RedirectResponse(url.replace(path=url.path + "/"))
        return self.file_response(file.path, file.stat, scope)

    async def _check_once(self) -> None:
        if not self.config_checked:
            await self.check_config()
            self.config_checked = True

    async def _fall_back(self, scope: Scope) -> Response:
        if self.fallback in ("auto", "404.html") and (file := await self._fallback_file("404.html")):
            return self.file_response(file.path, file.stat, scope, status_code=404)
        page_is_asked = self.fallback in ("auto", "index.html") and _is_navigation(scope)
        if page_is_asked and (file := await self._fallback_file("index.html")):
            return self.file_response(file.path, file.stat, scope)
        raise HTTPException(404)

    async def _fallback_file(self, name: str) -> _File | None:
        file = await run_sync(self._find, name)
        if file is None and self.fallback == name:
            self._fallback_is_missing(name)
        return file

    def _look_up(self, path: str) -> _File | None:
        """The file, or the index of the directory, that a path names."""
        try:
            return self._find(path) or self._find(f"{path}{os.sep}index.html", is_index=True)
        except PermissionError as error:
            raise HTTPException(401) from error
        except ValueError as error:  # what can't be the name of a file: a null byte, for instance
            raise HTTPException(404) from error
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG:
                raise HTTPException(404) from error
            raise

    def _find(self, path: str, *, is_index: bool = False) -> _File | None:
        where, found = self.lookup_path(path)
        return _File(where, found, is_index) if found is not None and stat.S_ISREG(found.st_mode) else None


def _below_directory(path: str) -> str:
    """`"a//b/../c"` is `"a/c"`. One that leads out of the directory is refused later, by `lookup_path`."""
    return os.path.normpath("/".join(part for part in path.split("/") if part))


def _is_navigation(scope: Scope) -> bool:
    """Whether a browser asks for a page, to show it: scripts, styles and images are not asked for as HTML."""
    accept = next((value for name, value in scope["headers"] if name == b"accept"), b"")
    return any(_accepts_page(item) for item in accept.decode("latin-1").split(","))


def _accepts_page(item: str) -> bool:
    """Whether an item of `Accept` (RFC 9110, section 12.5.1) names a kind of page, and not with the weight 0."""
    kind, *parameters = (part.strip() for part in item.split(";"))
    return kind.lower() in _PAGES and not any(_is_zero_weight(parameter) for parameter in parameters)


def _is_zero_weight(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    try:
        return name.strip().lower() == "q" and float(value.strip().strip('"')) == 0
    except ValueError:
        return False


def check_path(path: str) -> None:
    assert path, "A frontend path cannot be empty"
    assert path.startswith("/"), "A frontend path must start with '/'"
    assert path == "/" or path.rstrip("/"), "A frontend path cannot be empty"


class Frontend(BaseRoute):
    """One directory below one path."""

    methods = frozenset(_METHODS)

    def __init__(self, path: str, app: FrontendFiles) -> None:
        self.path = path
        self.path_format = path.rstrip("/") + "/{path}"
        self.app = app

    def rest_of(self, path: str) -> str | None:
        """What is left of a path below the frontend's own; None for a path elsewhere."""
        if path == self.path:
            return ""
        start = self.path.rstrip("/") + "/"
        return path[len(start) :] if path.startswith(start) else None

    def below(self, prefix: str) -> Frontend:
        return Frontend((prefix + self.path).rstrip("/") or "/", self.app)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        rest = self.rest_of(get_route_path(scope)) if scope["type"] == "http" else None
        if rest is None:
            return Match.NONE, {}
        found = scope.get(SCOPE_KEY)
        written = {**found} if isinstance(found, dict) else {}
        return Match.FULL, {"route": self, SCOPE_KEY: {**written, FRONTEND_KEY: rest, LENGTH_KEY: len(self.path)}}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self.app.get_response(self.rest_of(get_route_path(scope)) or "", scope)
        await response(scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        raise NoMatchFound(name, path_params)


class FrontendGroup(FrontendGroupNames, BaseRoute):
    """The frontends of one router. Its dependencies run before a file is sent, as they do for a path operation."""

    def __init__(
        self,
        dependencies: Sequence[params.Depends],
        provider: Any,
        declared: list[Frontend] | None = None,
        prefix: str = "",
        max_body_size: int | None = None,
    ) -> None:
        self._declared = [] if declared is None else declared
        self._prefix = prefix
        self._guarded = APIRoute(
            "/",
            self._respond,
            dependencies=dependencies,
            dependency_overrides_provider=provider,
            max_body_size=max_body_size,
        )

    def add(self, prefix: str, path: str, app: FrontendFiles) -> None:
        self._declared.append(Frontend(path, app).below(prefix))

    @property
    def routes(self) -> list[Frontend]:
        """The frontends declared so far."""
        return [frontend.below(self._prefix) for frontend in self._declared] if self._prefix else self._declared

    def below(self, context: IncludeContext) -> FrontendGroup:
        """The same frontends, and those to come, through the routers that include them."""
        dependencies = [*context.dependencies, *self._guarded.dependencies]
        provider, limit = (
            context.dependency_overrides_provider,
            closest(self._guarded.max_body_size, context.max_body_size),
        )
        return FrontendGroup(dependencies, provider, self._declared, context.prefix, limit)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        frontend = self._frontend(scope)
        return (Match.NONE, {}) if frontend is None else frontend.matches(scope)

    def _frontend(self, scope: Scope) -> Frontend | None:
        fitting = [frontend for frontend in self.routes if frontend.matches(scope)[0] is Match.FULL]
        return max(fitting, key=lambda frontend: len(frontend.path), default=None)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        frontend = self._frontend(scope)
        if frontend is None:
            raise HTTPException(404)
        observer_of(scope).entered(frontend)
        if scope["method"] not in _METHODS:
            await frontend.handle(scope, receive, send)
            return
        with unobserved(scope), _teardown_stacks_kept(scope):
            await limited(self._guarded.app, self._guarded.max_body_size, scope)(scope, receive, send)

    async def _respond(self, request: Request, answer: Response) -> Response:
        frontend = self._frontend(request.scope)
        assert frontend is not None
        response = await frontend.app.get_response(frontend.rest_of(get_route_path(request.scope)) or "", request.scope)
        response.raw_headers.extend(answer.raw_headers)
        return response

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        raise NoMatchFound(name, path_params)


@contextmanager
def _teardown_stacks_kept(scope: Scope) -> Iterator[None]:
    """Leave the stacks of whoever is around as they were."""
    before = {key: scope[key] for key in (CLEANUP_SCOPE, REQUEST_STACK, FUNCTION_STACK) if key in scope}
    try:
        yield
    finally:
        scope.update(before)
