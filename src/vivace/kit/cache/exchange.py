"""A request for an endpoint that is cached, answered from the cache or by the endpoint. It goes around a `KitRoute`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vivace import HTTPException, Request, Response
from vivace.kit.answer import pack
from vivace.kit.cache.answer import kept, may_keep, prepare
from vivace.kit.cache.conditional import matches, not_modified
from vivace.kit.cache.flight import CacheUnavailable, Job, Made
from vivace.kit.route import Handler, Turn

if TYPE_CHECKING:
    from vivace.kit.cache.cached import Cached


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
        response = self._conditional(kept(got, self.options))
        return await Turn(response).run(self.handler, self.request) if self.options.run_dependencies else response

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
