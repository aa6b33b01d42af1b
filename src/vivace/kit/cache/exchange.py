"""A request for an endpoint that is cached, answered from the cache or by the endpoint. It goes around a route."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from vivace import HTTPException, Response
from vivace.fronts import Exchange
from vivace.kit.answer import pack
from vivace.kit.cache.answer import header, kept, may_keep, prepare
from vivace.kit.cache.conditional import matches, not_modified
from vivace.kit.cache.flight import CacheUnavailable, Job, Made
from vivace.kit.route import Turn

if TYPE_CHECKING:
    from vivace.kit.cache.cached import Cached

# The rest of the route: its answer before it is sent, or None where that has been done.
Rest = Callable[[Exchange], Awaitable[Response | None]]


class CachedExchange:
    """One GET or HEAD request for something that is cached.

    Args:
        rest: what answers where nothing is kept.
        runs: whether `rest` has something to run for an answer that is kept.
    """

    def __init__(self, cached: Cached, rest: Rest, x: Exchange, key: str, tags: list[str], *, runs: bool) -> None:
        self.cache, self.options = cached.cache, cached.options
        self.rest, self.x, self.key, self.tags, self.runs = rest, x, key, tags, runs

    async def respond(self) -> Response | None:
        try:
            got = await self._find()
        except CacheUnavailable as error:
            raise HTTPException(503, "The cache can't be reached", headers={"Retry-After": "1"}) from error
        if isinstance(got, Made):
            return self._conditional(got.value)
        response = self._conditional(kept(got, self.options))
        return await Turn(response).run(self.rest, self.x) if self.runs else response

    async def _find(self) -> Made[Response | None] | bytes:
        if self.x.method == "HEAD":  # it is answered with what GET has kept, and keeps nothing itself
            return await self.cache.peek(self.key, self.tags) or await self._make()
        got = await self.cache.fetch(Job(self.key, self.tags, self.options, self._make))
        return await self._make() if got is None else got

    async def _make(self) -> Made[Response | None]:
        response = await self.rest(self.x)
        if response is None or not may_keep(response, self.options):
            return Made(response, None)
        prepare(response, self.options)
        return Made(response, pack(response))

    def _conditional(self, response: Response | None) -> Response | None:
        if response is None or response.status_code != 200:
            return response
        etag, asked = response.headers.get("etag"), header(self.x, b"if-none-match")
        fits = etag is not None and asked is not None and matches(asked.decode("latin-1"), etag)
        return not_modified(response) if fits else response
