"""`CachedRoute`: a route that keeps answers. On a hit its endpoint doesn't run, its dependencies only if wanted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any

from starlette.concurrency import run_in_threadpool

from vivace import HTTPException, Request, Response
from vivace.kit.cache.answer import may_keep, pack, prepare, request_key, unpack
from vivace.kit.cache.cached import MARK, Cached
from vivace.kit.cache.conditional import matches, not_modified
from vivace.kit.cache.flight import CacheUnavailable, Job, Made
from vivace.routing import APIRoute

Handler = Callable[[Request], Awaitable[Response]]

# The answer that the endpoint of the running request gives in place of its own.
_answer: ContextVar[Response | None] = ContextVar("vivace_cached_answer", default=None)


class CachedRoute(APIRoute):
    """For routers with cached endpoints: `APIRouter(route_class=CachedRoute)`, `app.router.route_class = CachedRoute`.

    An endpoint without `@cache` gets an ordinary route, and keeps its compiled plan.
    """

    cached: Cached

    def __new__(cls, path: str, endpoint: Callable[..., Any], **options: Any) -> Any:  # or another class
        if hasattr(endpoint, MARK):
            return super().__new__(cls)
        return APIRoute(path, endpoint, **options)

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        self.cached = getattr(endpoint, MARK)
        super().__init__(path, answering(self.cached.function), **options)

    def get_route_handler(self) -> Handler:
        handler = super().get_route_handler()

        async def cached(request: Request) -> Response:
            key = request_key(request, self.cached.options) if request.method in ("GET", "HEAD") else None
            if key is None:
                return await handler(request)
            return await Exchange(self.cached, handler, request, f"{self.cached.name}|{key}").respond()

        return cached


def answering(function: Callable[..., Any]) -> Callable[..., Any]:
    """The endpoint, unless there is an answer already."""
    is_async = iscoroutinefunction(function)

    @wraps(function)
    async def endpoint(*args: Any, **kwargs: Any) -> Any:
        answer = _answer.get()
        if answer is not None:
            return answer
        if is_async:
            return await function(*args, **kwargs)
        return await run_in_threadpool(function, *args, **kwargs)

    return endpoint


class Exchange:
    """One GET or HEAD request for something that is cached."""

    def __init__(self, cached: Cached, handler: Handler, request: Request, key: str) -> None:
        self.cache, self.options = cached.cache, cached.options
        self.handler, self.request, self.key = handler, request, key
        self.tags = self.options.tag_names(dict(request.path_params), request)

    async def respond(self) -> Response:
        try:
            got = await self._find()
        except CacheUnavailable as error:
            raise HTTPException(503, "The cache can't be reached", headers={"Retry-After": "1"}) from error
        if isinstance(got, Made):
            return self._conditional(got.value)
        response = self._conditional(unpack(got, self.options))
        return await self._after_dependencies(response) if self.options.run_dependencies else response

    async def _find(self) -> Made[Response] | bytes:
        if self.request.method == "HEAD":  # it is answered with what GET has kept, and keeps nothing itself
            return await self.cache.peek(self.key, self.tags) or await self._make()
        got = await self.cache.fetch(Job(self.key, self.tags, self.options, self._make))
        return await self._make() if got is None else got

    async def _make(self) -> Made[Response]:
        response = await self.handler(self.request)
        if not may_keep(response, self.options):
            return Made(response, None)
        prepare(response, self.options)
        return Made(response, pack(response))

    def _conditional(self, response: Response) -> Response:
        etag = response.headers.get("etag")
        asked = self.request.headers.get("if-none-match")
        fits = response.status_code == 200 and etag is not None and matches(asked, etag)
        return not_modified(response) if fits else response

    async def _after_dependencies(self, answer: Response) -> Response:
        token = _answer.set(answer)
        try:
            return await self.handler(self.request)
        finally:
            _answer.reset(token)
